namespace ClinicNetwork.Anonymisation.Tables.Hierarchies;

/// <summary>A hierarchy that was made: nested, without faults, and no level like the one below or the root.</summary>
/// <param name="Rows">One per leaf, most specific label first, the last one <see cref="LeafHierarchy.Root"/>.</param>
/// <param name="LeftOut">Levels that were asked for and would have been like the one below or the root, by their names.</param>
public sealed record MadeHierarchy(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> LeftOut)
{
    /// <summary>Leaves that a hierarchy may be made of.</summary>
    public const int LeavesMax = 1_000_000;

    /// <summary>Levels between leaves and root that may be asked for.</summary>
    public const int LevelsMax = HierarchyCheck.LevelsMax - 2;

    /// <param name="leaves">Their labels; each once.</param>
    /// <param name="levels">From specific to general: a name, and the label of each leaf by its index.</param>
    internal static MadeHierarchy Of(IReadOnlyList<string> leaves, IEnumerable<(string Name, Func<int, string> LabelOf)> levels)
    {
        var (columns, leftOut) = (new List<IReadOnlyList<string>> { leaves }, new List<string>());
        foreach (var (name, labelOf) in levels)
        {
            // One string for each label, however many leaves it has.
            var labels = new HashSet<string>(StringComparer.Ordinal);
            var column = new string[leaves.Count];
            for (var leaf = 0; leaf < column.Length; leaf++)
            {
                var label = labelOf(leaf);
                labels.Add(label);
                column[leaf] = labels.TryGetValue(label, out var known) ? known : label;
            }

            if (labels.Count == 1 || column.SequenceEqual(columns[^1], StringComparer.Ordinal))
            {
                leftOut.Add(name);
            }
            else
            {
                columns.Add(column);
            }
        }

        return new([.. leaves.Select((_, i) => (string[])[.. columns.Select(column => column[i]), LeafHierarchy.Root])], leftOut);
    }
}

/// <summary>What a hierarchy cannot be made of.</summary>
/// <param name="field">Which parameter, in lower case, as the command line has it after its dashes.</param>
/// <param name="fault">Where in it, if it is a file, and the rule; never a value of a file.</param>
public sealed class HierarchyRefusedException(string field, HierarchyFault fault) : Exception($"{field}: {fault}")
{
    public HierarchyRefusedException(string field, string rule)
        : this(field, new HierarchyFault(0, 0, rule))
    {
    }

    public string Field { get; } = field;

    public HierarchyFault Fault { get; } = fault;
}
