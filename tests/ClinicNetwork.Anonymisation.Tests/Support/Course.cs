using System.Globalization;
using ClinicNetwork.Grains.Releases;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A network's publication days in few numbers, so that a failure prints small; the rest follows from the seed.</summary>
/// <param name="Arrivals">Persons who enter the pool before each day.</param>
/// <param name="WithdrawPercent">Of everybody with consent, before each day.</param>
/// <param name="Varied">0: all alike in most quasi-identifiers; 100: drawn evenly.</param>
internal sealed record Course(int Seed, int[] Arrivals, int WithdrawPercent, int Varied, int MissingPercent)
{
    public static readonly Gen<Course> Any = Gen.Select(
        Gen.Int[0, 1_000_000], Gen.Int[0, 70].Array[3, 8], Gen.Int[0, 10], Gen.Int[0, 100], Gen.Int[0, 40],
        (seed, arrivals, withdraw, varied, missing) => new Course(seed, arrivals, withdraw, varied, missing));

    private static readonly string[] Statuses = ["worsening", "remission", "response", "no_change"];
    private static readonly string[] Reasons = ["NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"];

    public static DateTimeOffset Day(int index) => new DateTimeOffset(2025, 1, 1, 6, 0, 0, TimeSpan.Zero).AddMonths(index);

    /// <summary>Runs all days.</summary>
    /// <param name="before">Consent to change before each day, beside withdrawals.</param>
    /// <param name="after">Looks at each day's publication and at the store as it stood when it was built.</param>
    public VirtualStore Run(Action<VirtualStore, int, Random>? before = null, Action<VirtualStore, BuiltPublication>? after = null)
    {
        var (random, store) = (new Random(Seed), new VirtualStore(Secrets.New()));
        for (var day = 0; day < Arrivals.Length; day++)
        {
            for (var i = 0; i < Arrivals[day]; i++)
                Arrive(store, random, day);
            foreach (var person in store.Persons.Values)
            {
                Follow(person, random);
                if (person.Recipients != 0 && random.Next(100) < WithdrawPercent)
                    person.Recipients = 0;
            }

            before?.Invoke(store, day, random);
            var built = store.Publish(Day(day));
            after?.Invoke(store, built);
        }

        return store;
    }

    private void Arrive(VirtualStore store, Random random, int day)
    {
        var grid = PublicOutcomes.Policy.Grid;
        var id = string.Create(CultureInfo.InvariantCulture, $"pt-{random.Next(1_000_000):000000}-{store.Persons.Count}");
        string[] leaves = [.. grid.Attributes.Select(a => a.Paths[random.Next(100) < Varied ? random.Next(a.LeafCount) : 0][0])];
        var person = new VirtualPerson(id, day < 3 ? "2025-Q1" : day < 6 ? "2025-Q2" : "2025-Q3", leaves) { Recipients = random.Next(4) switch { 0 => 3, 1 => 5, _ => 1 } };
        store.Persons.Add(id, person);
        Close(person, 0, random);
    }

    /// <summary>The next milestone closes for most, so that some keep their cell waiting for a while.</summary>
    private void Follow(VirtualPerson person, Random random)
    {
        if (person.Closed < 6 && random.Next(100) < 97)
            Close(person, person.Closed, random);
    }

    private void Close(VirtualPerson person, int milestone, Random random)
    {
        person.Closed = milestone + 1;
        person.Outcomes[PublicOutcomes.Policy.Milestones[milestone]] = random.Next(100) < MissingPercent
            ? Outcome(null, Reasons[random.Next(Reasons.Length)])
            : Outcome(Statuses[random.Next(Statuses.Length)]);
    }

    /// <summary>Eight values in released form.</summary>
    public static IReadOnlyList<string> Outcome(string? category, string reason = "NOT_ATTENDED") => category is null
        ? ["MISSING", reason, "", "", "", "", "4-8", "NONE"]
        : [
            "MEASURED", "", category is "remission" or "response" ? "yes" : "no", category == "remission" ? "yes" : "no",
            category == "worsening" ? "yes" : "no", category == "remission" ? "MINIMAL" : "MODERATE", "4-8", "MILD",
        ];
}
