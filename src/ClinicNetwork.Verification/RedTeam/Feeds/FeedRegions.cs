namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>Published tuples of quasi-identifiers as numbers, over all batches of all feeds. A label stands for the leaves in whose paths it is, in any manifest.</summary>
internal sealed class FeedRegions(string[] attributes)
{
    private const string Root = "*";
    private const int LabelBits = 16;

    private readonly Dictionary<string, int>[] _labels = [.. attributes.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
    private readonly Dictionary<string, HashSet<string>>[] _leaves = [.. attributes.Select(_ => new Dictionary<string, HashSet<string>>(StringComparer.Ordinal))];
    private readonly Dictionary<ulong, int> _ids = [];
    private readonly List<string[]> _tuples = [];

    public IReadOnlyList<string> Attributes => attributes;

    public void Add(string[][][] hierarchies)
    {
        for (var a = 0; a < attributes.Length; a++)
        {
            foreach (var path in hierarchies[a])
            {
                foreach (var label in path)
                {
                    _labels[a].TryAdd(label, _labels[a].Count);
                    (_leaves[a].TryGetValue(label, out var leaves) ? leaves : _leaves[a][label] = new(StringComparer.Ordinal)).Add(path[0]);
                }
            }
        }
    }

    /// <param name="labels">One for each attribute, of an added hierarchy.</param>
    public int IdOf(ReadOnlySpan<int> labels, Func<int, int, string> text)
    {
        var key = 0UL;
        foreach (var label in labels)
        {
            key = (key << LabelBits) | (uint)label;
        }

        if (!_ids.TryGetValue(key, out var id))
        {
            _ids[key] = id = _tuples.Count;
            var tuple = new string[labels.Length];
            for (var a = 0; a < tuple.Length; a++)
            {
                tuple[a] = text(a, labels[a]);
            }

            _tuples.Add(tuple);
        }

        return id;
    }

    public int LabelId(int attribute, string label) => _labels[attribute][label];

    public IReadOnlyList<string> Tuple(int region) => _tuples[region];

    /// <summary>Leaves of each attribute that all the regions have in common.</summary>
    public HashSet<string>[] Common(IEnumerable<int> regions)
    {
        HashSet<string>[]? common = null;
        foreach (var region in regions.Distinct())
        {
            var leaves = _tuples[region].Select((label, a) => label == Root ? AllLeaves(a) : _leaves[a][label]).ToArray();
            if (common is null)
            {
                common = [.. leaves.Select(set => new HashSet<string>(set, StringComparer.Ordinal))];
                continue;
            }

            for (var a = 0; a < leaves.Length; a++)
            {
                common[a].IntersectWith(leaves[a]);
            }
        }

        return common ?? throw new ArgumentException("No region.", nameof(regions));
    }

    private HashSet<string> AllLeaves(int attribute) => _leaves[attribute].GetValueOrDefault(Root) ?? [];
}
