namespace ClinicNetwork.Verification;

/// <summary>
/// One quasi-identifier's tree, read positionally: one row per leaf, most specific label first, the last one <c>*</c>. A label stands for
/// the set of leaves whose rows hold it; labels are compared, never parsed (published hierarchy files with wrong labels exist).
/// </summary>
internal sealed class Hierarchy
{
    private readonly Vocabulary _labels;
    private readonly int[] _ids;
    private readonly double[] _loss;
    private readonly bool[] _leaves;

    private Hierarchy(string[] labels, int[] covered, IReadOnlyList<string[]> leaves, LabelRegister register)
    {
        _labels = new Vocabulary(labels);
        _ids = [.. labels.Select(register.IdOf)];
        // (|U| - 1) / (|D| - 1); where there is a single leaf that quotient is 0/0, and the format's "a leaf is 0, * is 1" decides.
        _loss = [.. labels.Zip(covered, (label, leavesOf) =>
            label == OutcomeProfile.Root ? 1 : leavesOf == 1 ? 0 : (leavesOf - 1.0) / (leaves.Count - 1.0))];
        var specific = leaves.Select(leaf => leaf[0]).ToHashSet();
        _leaves = [.. labels.Select(specific.Contains)];
        RootCode = labels.IndexOf(OutcomeProfile.Root);
    }

    /// <summary>Code of <c>*</c>.</summary>
    public int RootCode { get; }

    /// <summary>Code of a published value, or <see cref="Vocabulary.Unknown"/>.</summary>
    public int CodeOf(ReadOnlySpan<byte> value) => _labels.CodeOf(value);

    /// <summary>Number of the label, the same in every batch of a release; 0 to <see cref="Limits.LabelsMax"/> - 1.</summary>
    public int IdOf(int code) => _ids[code];

    /// <summary>Whether the label is a leaf of the lowest level.</summary>
    public bool IsLeaf(int code) => _leaves[code];

    /// <summary>Normalised certainty penalty of one value, 0 to 1: (leaves covered - 1) / (leaves - 1).</summary>
    public double LossOf(int code) => _loss[code];

    /// <summary>The tree, or null and what keeps the rows from being one.</summary>
    public static Hierarchy? From(IReadOnlyList<string[]> leaves, LabelRegister register, out string fault)
    {
        fault = FaultOfShape(leaves);
        if (fault.Length > 0) return null;
        var covered = new Dictionary<string, int>();
        var perLevel = new Dictionary<(int Level, string Label), int>();
        var parents = new Dictionary<(int Level, string Label), string>();
        foreach (var leaf in leaves)
        {
            foreach (var label in leaf.Distinct()) covered[label] = covered.GetValueOrDefault(label) + 1;
            for (var level = 0; level < leaf.Length; level++)
            {
                perLevel[(level, leaf[level])] = perLevel.GetValueOrDefault((level, leaf[level])) + 1;
                if (level + 1 == leaf.Length) continue;
                parents.TryAdd((level, leaf[level]), leaf[level + 1]);
                if (parents[(level, leaf[level])] != leaf[level + 1]) fault = "a node has two parents";
            }
        }

        if (perLevel.Any(node => node.Key.Level == 0 && node.Value > 1)) fault = "a leaf occurs twice";
        else if (perLevel.Any(node => node.Value != covered[node.Key.Label]))
            fault = "a label stands for different leaves at different levels";
        else if (!register.Admit(covered.Keys)) fault = $"more than {Limits.LabelsMax} labels over all batches";
        return fault.Length > 0 ? null : new Hierarchy([.. covered.Keys], [.. covered.Values], leaves, register);
    }

    private static string FaultOfShape(IReadOnlyList<string[]> leaves) => leaves switch
    {
        { Count: 0 } => "no leaf",
        { Count: > Limits.LeavesMax } => $"more than {Limits.LeavesMax} leaves",
        _ when leaves[0].Length is 0 or > Limits.LevelsMax => $"a leaf needs 1 to {Limits.LevelsMax} levels",
        _ when leaves.Any(leaf => leaf.Length != leaves[0].Length) => "leaves with unequal numbers of levels",
        _ when leaves.Any(leaf => leaf[^1] != OutcomeProfile.Root) => "the last level is not * everywhere",
        _ => "",
    };
}
