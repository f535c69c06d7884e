using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>The NHANES extract (CDC, 2013-2016; header <c>respondent,sex,age_years,phq9_total</c>): sex and age are quasi-identifiers, the severity band of the PHQ-9 (Kroenke 2001) is sensitive.</summary>
internal static class NhanesTable
{
    private const int AgeMin = 18;
    private const int AgeMax = 80;

    private static readonly LeafHierarchy Sex = new("sex", [["female", "*"], ["male", "*"]]);
    private static readonly LeafHierarchy Age = new("age", [.. Enumerable.Range(AgeMin, AgeMax - AgeMin + 1).Select(age => (string[])[$"{age}", $"from {age / 5 * 5}", $"from {age / 10 * 10}, ten", $"from {age / 20 * 20}, twenty", "*"])]);

    /// <exception cref="FormatException">Not such a file.</exception>
    public static Microdata Read(string file)
    {
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToArray();
        return new(
            [Sex, Age],
            [[.. rows.Select(row => row[1] == "female" ? 0 : 1)], [.. rows.Select(row => Number(row[2]) - AgeMin)]],
            null,
            [.. rows.Select(row => Number(row[3]) switch { < 5 => 0, < 10 => 1, < 15 => 2, < 20 => 3, _ => 4 })]);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
