using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>
/// All records of a submission, taken in order of their ids: their hash, their classes, and what came of them. A class is a cell and milestone, whose rows have
/// equal quasi-identifiers; persons are told apart by their pseudonyms. Holds some hundred bytes for each person, nothing of a record.
/// </summary>
public sealed class SubmissionTally(SubmissionRules rules) : IDisposable
{
    private const string Root = "*";

    private readonly Dictionary<UInt128, Person> _persons = [];
    private readonly Dictionary<string, Cell> _cells = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(RecordOutcome Outcome, string Reason, string Field), long> _receipts = [];
    private readonly Dictionary<string, Quality> _quality = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _milestones = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string _problem = "";
    private string? _sha256;

    public long Records { get; private set; }

    /// <summary>Over all records so far; nothing is added after it was asked for.</summary>
    public string Sha256 => _sha256 ??= Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <param name="leaf">Of the record as it came, lower-case hex.</param>
    /// <param name="kept">Empty for a refused record.</param>
    public void Add(string leaf, RecordReceipt receipt, IReadOnlyList<string> kept)
    {
        Records++;
        _hash.AppendData(Convert.FromHexString(leaf));
        foreach (var field in receipt.Fields.DefaultIfEmpty(""))
        {
            var key = (receipt.Outcome, receipt.Reason, field);
            _receipts[key] = _receipts.GetValueOrDefault(key) + 1;
        }

        if (receipt.Outcome != RecordOutcome.Refused)
        {
            string Of(string column) => rules.IndexOf(column) is >= 0 and var at ? kept[at] : "";
            TellQuality(Of, kept);
            Place(Of);
        }
    }

    /// <summary>
    /// A record of what was taken of the partner before, after all of this submission's: who subtracts one from the other must be left with no class under k either. What
    /// shares neither cell nor person with this submission is not kept.
    /// </summary>
    public void AddEarlier(IReadOnlyList<string> kept)
    {
        string Of(string column) => rules.IndexOf(column) is >= 0 and var at ? kept[at] : "";
        var (person, cell) = (PersonOf(Of), _cells.GetValueOrDefault(Of("cell")));
        if (_persons.TryGetValue(person, out var here) && here.Cell != cell)
        {
            Tell("PERSON_IN_TWO_CELLS");
        }

        if (cell is null)
        {
            return;
        }

        if (cell.Region != RegionOf(Of))
        {
            Tell("CELL_NOT_UNIFORM");
        }

        if (!cell.Before.TryGetValue(Of("milestone"), out var persons))
        {
            cell.Before.Add(Of("milestone"), persons = []);
        }

        persons.Add(person);
    }

    /// <summary>
    /// Empty, or why nothing of the submission is taken: SUBMISSION_EMPTY, PERSON_IN_TWO_CELLS, PERSON_TWICE (in one milestone), CELL_NOT_UNIFORM, CLASS_UNDER_K,
    /// CELL_NOT_WHOLE (its milestones have other persons), CELL_CHANGED (it had other persons before), CLASS_NOT_DIVERSE.
    /// </summary>
    public string FindProblem()
    {
        if (_problem.Length > 0 || _persons.Count == 0)
        {
            return _problem.Length > 0 ? _problem : "SUBMISSION_EMPTY";
        }

        return _cells.Values.Any(IsUnderK) ? "CLASS_UNDER_K"
            : _cells.Values.Any(cell => cell.Classes.Values.Any(rows => rows.Count != cell.Persons)) ? "CELL_NOT_WHOLE"
            : IsAnyChanged() ? "CELL_CHANGED"
            : _cells.Values.Any(cell => cell.Classes.Values.Any(rows => rows.Categories != 0 && int.PopCount(rows.Categories) < rules.DistinctL)) ? "CLASS_NOT_DIVERSE"
            : "";
    }

    /// <summary>What to do about a problem of the whole submission.</summary>
    public static string HintOf(string problem, int k) => problem switch
    {
        "" => "",
        "SUBMISSION_EMPTY" => "No record was accepted; read the receipts and submit again under another id.",
        "PERSON_IN_TWO_CELLS" => "A pseudonym is in two cells; each person belongs to one cell for ever.",
        "PERSON_TWICE" => "A pseudonym has two records of one milestone; send one row for each person and milestone.",
        "CELL_NOT_UNIFORM" => "Rows of one cell have different quasi-identifiers; a cell has one value for each.",
        "CLASS_UNDER_K" => $"A cell and milestone has fewer than {k} persons; form larger cells.",
        "CELL_NOT_WHOLE" => "Milestones of one cell have different persons; send whole cells, with a reason for who was not measured.",
        "CELL_CHANGED" => "A cell that was taken before has other persons now: send a milestone once, or again with the same persons, and later ones of those alone; new persons form new cells.",
        "CLASS_NOT_DIVERSE" => "The measured rows of a cell and milestone have too few different outcomes; withhold that milestone for the whole cell.",
        _ => "See docs/release-format.md.",
    };

    public QualityReport Report() => new(
        [.. _quality.OrderBy(one => ColumnDomain.Milestones.IndexOf(one.Key)).Select(one => one.Value.Of(one.Key, rules))],
        [.. _receipts.Select(one => new ReceiptCount(one.Key.Outcome, one.Key.Reason, one.Key.Field, one.Value))]);

    public void Dispose() => _hash.Dispose();

    /// <summary>A cell that was there before has a person more, or other persons at a milestone of before.</summary>
    private bool IsAnyChanged()
    {
        var members = _persons.Where(one => one.Value.Cell.Before.Count > 0).ToLookup(one => one.Value.Cell, one => one.Key);
        return members.Any(cell =>
            cell.Any(person => !cell.Key.Before.Values.Any(known => known.Contains(person)))
            || cell.Key.Classes.Keys.Any(milestone => cell.Key.Before.TryGetValue(milestone, out var known) && !known.SetEquals(cell)));
    }

    private string RegionOf(Func<string, string> of) => string.Join('\t', rules.QuasiIdentifiers.Select(of));

    private static UInt128 PersonOf(Func<string, string> of) => UInt128.Parse(of("pseudonym"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private bool IsUnderK(Cell cell) => cell.Classes.Values.Any(rows => rows.Count < (cell.IsRoot ? rules.K + rules.Margin : rules.K));

    private void Place(Func<string, string> of)
    {
        var (name, region) = (of("cell"), RegionOf(of));
        if (!_cells.TryGetValue(name, out var cell))
        {
            _cells.Add(name, cell = new(region, rules.QuasiIdentifiers.All(column => of(column) == Root)));
        }
        else if (cell.Region != region)
        {
            Tell("CELL_NOT_UNIFORM");
        }

        var (pseudonym, milestone) = (PersonOf(of), of("milestone"));
        if (!_persons.TryGetValue(pseudonym, out var person))
        {
            cell.Persons++;
            _persons.Add(pseudonym, person = new(cell));
        }
        else if (person.Cell != cell)
        {
            Tell("PERSON_IN_TWO_CELLS");
        }

        if (!person.Add(MilestoneBit(milestone)))
        {
            Tell("PERSON_TWICE");
        }

        var rows = cell.Classes.GetValueOrDefault(milestone);
        cell.Classes[milestone] = (rows.Count + 1, rows.Categories | CategoryBit(of));
    }

    /// <summary>The first stays: which one a partner is told does not matter.</summary>
    private void Tell(string problem) => _problem = _problem.Length > 0 ? _problem : problem;

    private int MilestoneBit(string milestone)
    {
        if (!_milestones.TryGetValue(milestone, out var bit))
        {
            _milestones.Add(milestone, bit = 1 << _milestones.Count);
        }

        return bit;
    }

    /// <summary>Outcome category as docs/release-format.md has it; 0: not measured.</summary>
    private static int CategoryBit(Func<string, string> of) =>
        of("status") != "MEASURED" ? 0 : of("worsening") == "yes" ? 1 : of("remission") == "yes" ? 2 : of("response") == "yes" ? 4 : 8;

    private void TellQuality(Func<string, string> of, IReadOnlyList<string> kept)
    {
        if (!_quality.TryGetValue(of("milestone"), out var quality))
        {
            _quality.Add(of("milestone"), quality = new(kept.Count));
        }

        quality.Add(of("status") == "MEASURED", of("missing_reason"), kept);
    }

    /// <summary>The milestones that a person has a row of, as bits.</summary>
    private sealed class Person(Cell cell)
    {
        private int _milestones;

        public Cell Cell => cell;

        public bool Add(int bit)
        {
            var isNew = (_milestones & bit) == 0;
            _milestones |= bit;
            return isNew;
        }
    }

    private sealed class Cell(string region, bool isRoot)
    {
        public string Region => region;

        public bool IsRoot => isRoot;

        public int Persons { get; set; }

        public Dictionary<string, (int Count, int Categories)> Classes { get; } = new(StringComparer.Ordinal);

        /// <summary>Persons by milestone of what was taken before.</summary>
        public Dictionary<string, HashSet<UInt128>> Before { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Quality(int columns)
    {
        private readonly long[] _filled = new long[columns];
        private readonly SortedDictionary<string, long> _missing = new(StringComparer.Ordinal);
        private long _records;
        private long _measured;

        public void Add(bool measured, string reason, IReadOnlyList<string> kept)
        {
            _records++;
            if (measured)
            {
                _measured++;
            }
            else
            {
                _missing[reason] = _missing.GetValueOrDefault(reason) + 1;
            }

            for (var i = 0; i < _filled.Length; i++)
            {
                _filled[i] += kept[i].Length > 0 ? 1 : 0;
            }
        }

        public MilestoneQuality Of(string milestone, SubmissionRules rules) => new(
            milestone,
            _records,
            _measured,
            [.. _missing.Select(one => new NamedCount(one.Key, one.Value))],
            [.. _filled.Select((count, i) => new NamedCount(rules.Columns[i].Name, count))]);
    }
}
