using System.Reflection;

namespace ClinicNetwork.Simulation;

/// <summary>
/// Who comes to the clinic: how often each (sex, age, PHQ-9 total) occurs among adults with a PHQ-9 of 10 or more (moderate depression
/// or worse, Kroenke 2001, 10.1046/j.1525-1497.2001.016009606.x). Age 80 means 80 and over.
/// <para>Limit: these are persons of the general population who score 10 or more (unweighted), not patients with treatment-resistant
/// depression: the mean is 14.3, where ketamine clinics report 18 to 19 (Pfeiffer 2024: 18.6).</para>
/// </summary>
public sealed class BaselineTable
{
    /// <summary>Lowest PHQ-9 total of the clinic population.</summary>
    public const int Phq9Min = 10;

    /// <summary>Highest possible PHQ-9 total: 9 items of 0 to 3.</summary>
    public const int Phq9Max = 27;

    /// <summary>
    /// CDC, National Health and Nutrition Examination Survey 2013-2014 and 2015-2016, Depression Screener and Demographics public use
    /// files (public domain), as packaged by CDCgov/nchsdata: 9,942 adults with nine answers, 888 of them with PHQ-9 of 10 or more.
    /// </summary>
    public static BaselineTable Embedded { get; } = ReadEmbedded();

    private readonly int[] cumulative;

    /// <param name="rows">At least one; the order decides which person a seed draws, so it is made canonical here.</param>
    /// <param name="respondents">Persons of the source, those under 10 included.</param>
    internal BaselineTable(IEnumerable<BaselineRow> rows, long respondents)
    {
        Rows = [.. rows.OrderBy(row => row.Sex).ThenBy(row => row.AgeYears).ThenBy(row => row.Phq9Total)];
        Respondents = respondents;
        cumulative = new int[Rows.Count];
        for (var i = 0; i < Rows.Count; i++)
            cumulative[i] = Persons += Rows[i].Count;
    }

    /// <summary>One per sex, age and total, in this order.</summary>
    public IReadOnlyList<BaselineRow> Rows { get; }

    /// <summary>Persons of the source file, whatever their total.</summary>
    public long Respondents { get; }

    /// <summary>Persons with PHQ-9 of 10 or more: those in <see cref="Rows"/>.</summary>
    public int Persons { get; }

    /// <summary>Mean PHQ-9 of <see cref="Persons"/>, 10-27.</summary>
    public double MeanPhq9 => Rows.Sum(row => (long)row.Phq9Total * row.Count) / (double)Persons;

    /// <summary>Share of <see cref="Persons"/> with exactly this PHQ-9 total, 0-1.</summary>
    public double Share(int phq9Total) => Rows.Where(row => row.Phq9Total == phq9Total).Sum(row => (long)row.Count) / (double)Persons;

    /// <summary>Those of this table with a PHQ-9 of so much or more, 10-27; somebody must be left. From 15 (moderately severe) the mean is 18.5.</summary>
    public BaselineTable From(int phq9Total) => new(Rows.Where(row => row.Phq9Total >= phq9Total), Respondents);

    /// <summary>
    /// Reads the full file (header <c>respondent,sex,age_years,phq9_total</c>; female or male; 18-80; 0-27) and keeps totals of 10 or more.
    /// </summary>
    /// <exception cref="BaselineFileException">Another header, a value outside its range, a line over 200 characters, over 5,000,000
    /// rows, or no row with PHQ-9 of 10 or more. Repeated respondents are not detected.</exception>
    public static BaselineTable ReadCsv(TextReader reader)
    {
        var counts = new SortedDictionary<(VirtualSex, int, int), int>();
        var file = new BaselineFile(reader, "respondent", "sex", "age_years", "phq9_total");
        while (file.NextRow())
        {
            file.Number(0, 0, int.MaxValue);
            var key = (file.Sex(1), file.Number(2, 18, 80), file.Number(3, 0, Phq9Max));
            if (key.Item3 >= Phq9Min)
                counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        if (counts.Count == 0)
            throw new BaselineFileException(file.Line, "phq9_total", "no row with a PHQ-9 of 10 or more; give a file with some");
        return new BaselineTable(counts.Select(c => new BaselineRow(c.Key.Item1, c.Key.Item2, c.Key.Item3, c.Value)), file.Rows);
    }

    internal BaselineRow Draw(SeededGenerator random)
    {
        var person = random.Below(Persons);
        var at = Array.BinarySearch(cumulative, person + 1);
        return Rows[at >= 0 ? at : ~at];
    }

    private static BaselineTable ReadEmbedded()
    {
        const long surveyRespondents = 9_942;
        const string name = "nhanes-2013-2016-phq9-10-or-more.csv";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var rows = new List<BaselineRow>();
        var file = new BaselineFile(reader, "sex", "age_years", "phq9_total", "count");
        while (file.NextRow())
            rows.Add(new BaselineRow(file.Sex(0), file.Number(1, 18, 80), file.Number(2, Phq9Min, Phq9Max), file.Number(3, 1, int.MaxValue)));
        return new BaselineTable(rows, surveyRespondents);
    }
}
