using System.Runtime.InteropServices;
using System.Text;

namespace ClinicNetwork.Verification;

/// <summary>A folder's rows as content: a hash over the columns that are compared. The hash is seeded per process and never leaves it.</summary>
internal sealed class CoalitionRows
{
    public string Recipient { get; private set; } = "";
    public Dictionary<ulong, CellRows> Cells { get; } = [];

    /// <summary>By pseudonym: cell, the milestones as bits, and content of all of them together.</summary>
    public Dictionary<UInt128, (ulong Cell, int Milestones, int Content)> Persons { get; } = [];

    internal sealed record CellRows(string QuasiIdentifiers)
    {
        /// <summary>Contents by milestone.</summary>
        public List<int>[] Contents { get; } = [.. OutcomeProfile.Milestones.Select(_ => new List<int>())];

        /// <summary>By milestone: the first publication that gave a row of it which is still delivered; 0: none.</summary>
        public int[] Since { get; } = new int[OutcomeProfile.Milestones.Length];
    }

    public static CoalitionRows Of(string folder, IReadOnlySet<int> columns)
    {
        var rows = new CoalitionRows();
        ReleaseVerifier.Read(folder, new Expected(), CancellationToken.None, (Manifest manifest, in OutcomeRow row, RowLine line) => rows.Add(manifest, row, line, columns));
        return rows;
    }

    /// <summary>Contents of the persons in none of these cells, by the milestones that they have rows of: few milestones are alike more often than many.</summary>
    public ILookup<int, int> ContentsOutside(IReadOnlyCollection<ulong> cells)
    {
        var outside = Cells.Keys.Except(cells).ToHashSet();
        return Persons.Values.Where(person => outside.Contains(person.Cell)).ToLookup(person => person.Milestones, person => person.Content);
    }

    private void Add(Manifest manifest, in OutcomeRow row, RowLine line, IReadOnlySet<int> columns)
    {
        Recipient = $"{manifest.Network}/{manifest.Exchange?.Recipient}";
        var hash = new HashCode();
        foreach (var column in columns)
        {
            var value = line[manifest.Positions[column]];
            hash.Add(value.Length);
            hash.AddBytes(value);
        }

        var content = hash.ToHashCode();
        if (!Cells.TryGetValue(row.Cell, out var cell))
        {
            var values = OutcomeProfile.QuasiIdentifiers.Select(column => Encoding.UTF8.GetString(line[manifest.Positions[(int)column]]));
            Cells[row.Cell] = cell = new CellRows(string.Join('\t', values));
        }

        cell.Contents[row.Milestone].Add(content);
        if (cell.Since[row.Milestone] == 0) cell.Since[row.Milestone] = manifest.Publication;
        ref var person = ref CollectionsMarshal.GetValueRefOrAddDefault(Persons, row.Pseudonym, out _);
        // Milestones come in any order.
        person = (row.Cell, person.Milestones | (1 << row.Milestone), unchecked(person.Content + content));
    }
}
