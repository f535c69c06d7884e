using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>A simulated network's patients as an extract: sex, age, region, year of enrolment, drug and route; sensitive: where they stand at the end of induction.</summary>
internal static class CohortTable
{
    private const int Clinics = 200;
    private const int ClinicsOfRegion = 10;
    private const int FirstYear = 2016;
    private const int Years = 10;
    private const int AgeMin = 18;
    private const int AgeMax = 80;

    /// <summary>Drawn at once; a patient with all events takes some kilobytes.</summary>
    private const int Drawn = 5_000;

    private static readonly LeafHierarchy[] Hierarchies =
    [
        new("sex", [["female", "*"], ["male", "*"]]),
        new("age", [.. Enumerable.Range(AgeMin, AgeMax - AgeMin + 1).Select(age => (string[])[$"{age}", Band(age, 5), Band(age, 10), Band(age, 20), "*"])]),
        new("region", [.. Enumerable.Range(0, Clinics / ClinicsOfRegion).Select(r => (string[])[$"region {r}", $"part {r / 5}", "*"])]),
        new("year", [.. Enumerable.Range(FirstYear, Years).Select(y => (string[])[$"{y}", $"{y / 2 * 2} and after", "*"])]),
        new("drug", [["ketamine", "*"], ["esketamine", "*"]]),
        new("route", [["intravenous", "*"], ["nasal", "*"]]),
    ];

    /// <param name="visits">One row for each session given, with the year of its day; else one for each person.</param>
    /// <param name="rows">Persons, or with visits rows in all.</param>
    public static Microdata Draw(int rows, int seed, bool visits)
    {
        var (columns, persons, sensitive) = (Hierarchies.Select(_ => new List<int>(rows)).ToArray(), new List<int>(rows), new List<int>(rows));
        for (var part = 0; persons.Count < rows; part++)
        {
            foreach (var patient in Cohort.Draw(SpecOf(Math.Min(Drawn, rows - persons.Count), (ulong)seed + ((ulong)part << 32))))
            {
                DateOnly[] days = visits ? [.. patient.Events.OfType<SessionGiven>().Select(s => s.Day)] : [patient.Events[0].Day];
                foreach (var day in days.Take(rows - persons.Count))
                {
                    int[] leaves =
                    [
                        patient.Sex == VirtualSex.Female ? 0 : 1, patient.AgeYears - AgeMin, patient.ClinicIndex / ClinicsOfRegion, Math.Clamp(day.Year - FirstYear, 0, Years - 1),
                        (int)patient.Treatment.Drug - 1, patient.Treatment.Drug == VirtualDrug.EsketamineNasal ? 1 : 0,
                    ];
                    for (var a = 0; a < columns.Length; a++)
                    {
                        columns[a].Add(leaves[a]);
                    }

                    persons.Add((part * Drawn) + patient.Index);
                    sensitive.Add((int)patient.Truth.Class);
                }
            }
        }

        return new(Hierarchies, [.. columns.Select(c => c.ToArray())], visits ? [.. persons] : null, [.. sensitive]);
    }

    private static CohortSpec SpecOf(int patients, ulong seed) =>
        new(patients, seed, new DateOnly(FirstYear, 1, 1), 3_600, 0, Clinics, BaselineTable.Embedded, CourseModel.McInnes2022Fit);

    private static string Band(int age, int years) => string.Create(CultureInfo.InvariantCulture, $"{age / years * years}-{(age / years * years) + years - 1}");
}
