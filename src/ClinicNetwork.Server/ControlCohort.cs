using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Server;

/// <summary>Persons who are in no release, for the red team: those of the pool, else a simulated cohort on the grid's leaves.</summary>
internal static class ControlCohort
{
    /// <summary>With fewer in the pool nothing would be established.</summary>
    public const int PoolMin = 200;

    private const int SimulatedMax = 5_000;

    /// <summary>None when nobody of the release is known: there is nothing to compare.</summary>
    public static (string Name, IReadOnlyList<KnownPerson> Persons) For(IReadOnlyList<KnownPerson> known, IReadOnlyList<KnownPerson> pool) =>
        known.Count == 0 ? ("none", [])
        : pool.Count >= PoolMin ? ("pool", pool)
        : ("simulated", Simulated(known));

    /// <summary>
    /// As many as are known, 200 to 5,000. Each column is then given the shares of those who are known, by changing as few values as possible: how common a value is must not look like what the release tells.
    /// </summary>
    private static KnownPerson[] Simulated(IReadOnlyList<KnownPerson> known)
    {
        var spec = new CohortSpec(
            Math.Clamp(known.Count, PoolMin, SimulatedMax), Seed: 1, new DateOnly(2025, 1, 1), EnrolmentDays: 360, FollowUpWeeks: 0, Clinics: 1, BaselineTable.Embedded, CourseModel.McInnes2022Fit);
        var random = new Random(1);
        var drawn = Cohort.Draw(spec).Select(Columns).ToArray();
        var width = Math.Min(known[0].Leaves.Count, drawn[0].Length - 1);
        for (var column = 0; column < width; column++)
        {
            Fit(drawn, column, [.. known.Select(person => person.Leaves[column])], random);
        }

        Fit(drawn, drawn[0].Length - 1, [.. known.Select(person => person.Category ?? "")], random);
        return [.. drawn.Select(columns => new KnownPerson("", columns[..width], columns[^1].Length == 0 ? null : columns[^1]))];
    }

    private static string[] Columns(VirtualPatient patient) =>
    [
        patient.Sex == VirtualSex.Female ? "female" : "male",
        PublicOutcomes.AgeLeaf(patient.AgeYears),
        patient.Treatment.Drug == VirtualDrug.EsketamineNasal ? "esketamine-nasal" : "ketamine-iv",
        Phq9.Name(Phq9.Severity(patient.Truth.BaselinePhq9)),
        patient.Truth.Class switch
        {
            OutcomeClass.Worsening => "worsening",
            OutcomeClass.Remission => "remission",
            OutcomeClass.Response => "response",
            OutcomeClass.NoResponse => "no_change",
            _ => throw new ArgumentOutOfRangeException(nameof(patient)),
        },
    ];

    /// <summary>Keeps a value with the chance by which it is not too common, and draws the others among those that are too rare.</summary>
    private static void Fit(string[][] drawn, int column, string[] wanted, Random random)
    {
        var share = wanted.CountBy(value => value).ToDictionary(value => value.Key, value => value.Value / (double)wanted.Length);
        var now = drawn.CountBy(row => row[column]).ToDictionary(value => value.Key, value => value.Value / (double)drawn.Length);
        (string Value, double Room)[] rare = [.. share.Select(value => (value.Key, value.Value - now.GetValueOrDefault(value.Key))).Where(value => value.Item2 > 0).OrderBy(value => value.Key, StringComparer.Ordinal)];
        foreach (var row in drawn)
        {
            if (random.NextDouble() >= share.GetValueOrDefault(row[column]) / now[row[column]])
            {
                row[column] = Draw(rare, random);
            }
        }
    }

    private static string Draw((string Value, double Room)[] rare, Random random)
    {
        var place = random.NextDouble() * rare.Sum(value => value.Room);
        foreach (var (value, room) in rare)
        {
            place -= room;
            if (place < 0)
            {
                return value;
            }
        }

        return rare[^1].Value;
    }
}
