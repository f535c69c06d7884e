using System.Globalization;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A network's publication days in few numbers, so that a failure prints small; the rest follows from the seed.</summary>
/// <param name="Arrivals">Persons who enter the pool before each day.</param>
/// <param name="WithdrawPercent">Of everybody with consent, before each day.</param>
/// <param name="Varied">0: all alike in most quasi-identifiers; 100: drawn evenly.</param>
internal sealed record Course(int Seed, int[] Arrivals, int WithdrawPercent, int Varied, int MissingPercent)
{
    /// <summary>Class 1 for research, class 4 for research.</summary>
    public const int Registry = 1 | 16;
    public const int PublicHealth = 4 | 16;

    public static readonly Gen<Course> Any = Days(3, 8);

    public static Gen<Course> Days(int from, int to) => Gen.Select(
        Gen.Int[0, 1_000_000], Gen.Int[0, 70].Array[from, to], Gen.Int[0, 8], Gen.Int[0, 100], Gen.Int[0, 40],
        (seed, arrivals, withdraw, varied, missing) => new Course(seed, arrivals, withdraw, varied, missing));

    private static readonly string[] Statuses = ["worsening", "remission", "response", "no_change"];
    private static readonly string[] Reasons = ["NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"];

    public static DateTimeOffset Day(int index) => new DateTimeOffset(2025, 1, 1, 6, 0, 0, TimeSpan.Zero).AddMonths(index);

    /// <summary>A store with four agreements: two of one class, one that comes later, one that ends.</summary>
    public static VirtualStore NewStore()
    {
        var store = new VirtualStore(Secrets.New());
        store.Agree("ag-registry", Registry, ReleaseProfiles.PublicOutcomes);
        store.Agree("ag-health", PublicHealth, ReleaseProfiles.PublicOutcomes);
        store.Agree("ag-research", Registry, ReleaseProfiles.ResearchOutcomes);
        store.Agree("ag-late", Registry, ReleaseProfiles.PublicOutcomes, fromDay: 4, toDay: 15);
        return store;
    }

    /// <summary>Runs all days.</summary>
    /// <param name="before">Changes consent or outcomes before each day, beside withdrawals.</param>
    /// <param name="after">Looks at the store after each day.</param>
    public VirtualStore Run(Action<VirtualStore, int, Random>? before = null, Action<VirtualStore, int>? after = null, VirtualStore? store = null, Action<VirtualStore, int>? publish = null)
    {
        var random = new Random(Seed);
        store ??= NewStore();
        for (var day = 0; day < Arrivals.Length; day++)
        {
            for (var i = 0; i < Arrivals[day]; i++)
                Arrive(store, random, day);
            foreach (var person in store.Persons.Values)
            {
                Follow(person, random);
                if (person.Recipients != 0 && random.Next(100) < WithdrawPercent)
                    store.Consent(person, random.Next(3) == 0 ? person.Recipients & ~4 : 0);
            }

            before?.Invoke(store, day, random);
            if (publish is null)
                store.Publish(Day(day));
            else
                publish(store, day);
            after?.Invoke(store, day);
        }

        return store;
    }

    private void Arrive(VirtualStore store, Random random, int day)
    {
        var grid = PublicOutcomes.Policy.Grid;
        var id = string.Create(CultureInfo.InvariantCulture, $"pt-{random.Next(1_000_000):000000}-{store.Persons.Count}");
        string[] leaves = [.. grid.Attributes.Select(a => a.Paths[random.Next(100) < Varied ? random.Next(a.LeafCount) : 0][0])];
        var person = new VirtualPerson(id, string.Create(CultureInfo.InvariantCulture, $"2025-Q{1 + (day / 3)}"), leaves)
        {
            EnteredAt = Day(day).AddDays(-random.Next(1, 28)),
            Recipients = random.Next(4) switch { 0 => 1 | 2 | 16, 1 => 1 | 4 | 16, 2 => 1 | 4 | 16 | 32, _ => Registry },
        };
        store.Persons.Add(id, person);
        Close(person, 0, random);
    }

    /// <summary>The next milestone closes for most, so that some keep their cell waiting for a while.</summary>
    private void Follow(VirtualPerson person, Random random)
    {
        if (person.Closed < PublicOutcomes.Policy.Milestones.Count && random.Next(100) < 97)
            Close(person, person.Closed, random);
    }

    private void Close(VirtualPerson person, int milestone, Random random)
    {
        person.Closed = milestone + 1;
        person.Outcomes[PublicOutcomes.Policy.Milestones[milestone]] = Draw(random);
    }

    /// <summary>Outcomes drawn evenly.</summary>
    public IReadOnlyList<string> Draw(Random random) => random.Next(100) < MissingPercent
        ? Outcome(null, Reasons[random.Next(Reasons.Length)])
        : Outcome(Statuses[random.Next(Statuses.Length)]);

    /// <summary>Twelve values in released form.</summary>
    public static IReadOnlyList<string> Outcome(string? category, string reason = "NOT_ATTENDED") => category is null
        ? ["MISSING", reason, "", "", "", "", "4-8", "NONE", "1", "none", "0", ""]
        : [
            "MEASURED", "", category is "remission" or "response" ? "yes" : "no", category == "remission" ? "yes" : "no",
            category == "worsening" ? "yes" : "no", category == "remission" ? "MINIMAL" : "MODERATE", "4-8", "MILD", "1", "ketamine-iv", "1-3", category == "remission" ? "3" : "12",
        ];
}
