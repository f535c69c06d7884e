using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Pairs of records that look like one person's, in every kind of store.</summary>
public abstract class DoublesContract(IStoreFactory stores)
{
    private const string North = "clinics/north";
    private const string South = "clinics/south";

    private static readonly DateOnly Born = new(1980, 5, 17);

    private static readonly DateTimeOffset Now = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Whoever_has_the_same_names_whatever_the_spelling_and_the_same_birth_date_is_found_with_the_reason()
    {
        await using var store = await stores.CreateAsync();
        await EnrolAsync(store, "pt-a", North, "José Maria", "Müller");
        await EnrolAsync(store, "pt-b", South, " jose-maria", "MUELLER");
        await EnrolAsync(store, "pt-c", South, "Muller", "Josémaria");
        await EnrolAsync(store, "pt-d", North, "José", "Mueller");
        await EnrolAsync(store, "pt-e", North, "Maria", "Müller");
        await EnrolAsync(store, "pt-f", North, "José Maria", "Müller", Born.AddDays(1));
        await EnrolAsync(store, "pt-g", North, "José Maria", "Muster");
        Assert.Equal(7, await CompareAsync(store));

        Assert.Equal(
            [
                ("pt-a", "pt-b", DoubleReason.SameNameAndBirthDate), ("pt-a", "pt-c", DoubleReason.NamesSwappedSameBirthDate), ("pt-a", "pt-d", DoubleReason.SameFamilyNameAndBirthDateSimilarGiven),
                ("pt-b", "pt-c", DoubleReason.NamesSwappedSameBirthDate), ("pt-b", "pt-d", DoubleReason.SameFamilyNameAndBirthDateSimilarGiven),
            ],
            await PairsAsync(store));
        var found = (await store.Doubles.ReadAsync(null, false, null, 10, default))[0];
        Assert.Equal((Now, null), (found.FoundAt, found.Dismissal));
        Assert.Equal(found, await store.Doubles.FindAsync(found.Name, default));
        Assert.Null(await store.Doubles.FindAsync("none", default));
        Assert.Empty(await store.Doubles.ReadUncomparedAsync(10, default));
    }

    /// <summary>One by one, so that each is compared with those of before; and all once more, which finds nothing.</summary>
    [Fact]
    public async Task Who_comes_later_is_found_with_who_was_there_and_nothing_is_found_twice()
    {
        await using var store = await stores.CreateAsync();
        foreach (var stream in (string[])["pt-c", "pt-a", "pt-b"])
        {
            await EnrolAsync(store, stream, North, "Anna", "Muster");
            Assert.Equal(1, await CompareAsync(store));
        }

        var names = (await store.Doubles.ReadAsync(null, false, null, 10, default)).Select(row => row.Name).ToArray();
        Assert.Equal(3, names.Distinct().Count());
        await store.SqlAsync("UPDATE patient SET compared = (1 = 0)");
        Assert.Equal(3, await CompareAsync(store));
        Assert.Equal(names, (await store.Doubles.ReadAsync(null, false, null, 10, default)).Select(row => row.Name));
    }

    [Fact]
    public async Task Pages_hold_each_pair_once_and_a_clinic_gets_those_in_which_it_has_a_patient_now()
    {
        await using var store = await stores.CreateAsync();
        var moving = await EnrolAsync(store, "pt-a", North, "Anna", "Muster");
        await EnrolAsync(store, "pt-b", North, "Anna", "Muster");
        await EnrolAsync(store, "pt-c", South, "Anna", "Muster");
        await CompareAsync(store);
        var (paged, after) = (new List<string>(), (DoublePosition?)null);
        while (await store.Doubles.ReadAsync(null, false, after, 1, default) is [var row])
        {
            paged.Add(row.Name);
            after = new(row.FoundAt, row.Name);
        }

        Assert.Equal((await store.Doubles.ReadAsync(null, false, null, 10, default)).Select(row => row.Name), paged);
        Assert.Equal(3, (await store.Doubles.ReadAsync(North, false, null, 10, default)).Count);
        Assert.Equal(2, (await store.Doubles.ReadAsync(South, false, null, 10, default)).Count);
        Assert.Empty(await store.Doubles.ReadAsync("clinics/east", false, null, 10, default));

        await moving.AcceptAsync(Patient(South, "moved", "Anna", "Muster", Born));
        Assert.Equal(3, (await store.Doubles.ReadAsync(South, false, null, 10, default)).Count);
        Assert.All(await store.Doubles.ReadAsync(null, false, null, 10, default), row => Assert.Equal(row.One.Stream == "pt-a" ? South : North, row.One.HomeClinic));
        Assert.Empty(await store.Doubles.ReadUncomparedAsync(10, default));
    }

    [Fact]
    public async Task What_was_dismissed_stays_so_with_who_and_when_and_by_the_first_who_did()
    {
        await using var store = await stores.CreateAsync();
        var (anna, berta) = (await EnrolAsync(store, "pt-a", North, "Anna", "Muster"), await EnrolAsync(store, "pt-b", South, "Anna", "Muster"));
        await CompareAsync(store);
        var name = Assert.Single(await store.Doubles.ReadAsync(null, false, null, 10, default)).Name;
        await anna.AcceptAsync(new Projection.DoubleDismissed("another"));
        Assert.Single(await store.Doubles.ReadAsync(null, false, null, 10, default));

        var at = (await berta.AcceptAsync(new Projection.DoubleDismissed(name))).RecordedAt;
        await anna.AcceptAsync(new Projection.DoubleDismissed(name));

        // Taken back by whom it was not said, it stays.
        await anna.AcceptAsync(new Projection.DoubleReopened(name));
        Assert.Empty(await store.Doubles.ReadAsync(null, false, null, 10, default));
        Assert.Equal(new DoubleDismissal("pt-b", "tester", "north", at), Assert.Single(await store.Doubles.ReadAsync(South, true, null, 10, default)).Dismissal);

        await store.SqlAsync("UPDATE patient SET compared = (1 = 0)");
        await CompareAsync(store);
        Assert.Empty(await store.Doubles.ReadAsync(null, false, null, 10, default));
        await berta.AcceptAsync(new Projection.DoubleReopened(name));
        Assert.Equal((name, null), Assert.Single(await store.Doubles.ReadAsync(null, false, null, 10, default)) is var open ? (open.Name, open.Dismissal) : default);
        Assert.Empty(await store.Doubles.ReadAsync(South, true, null, 10, default));
    }

    [Fact]
    public async Task Erasing_one_takes_the_pair_and_what_it_was_found_by()
    {
        await using var store = await stores.CreateAsync();
        var anna = await EnrolAsync(store, "pt-a", North, "Anna", "Muster");
        await EnrolAsync(store, "pt-b", South, "Anna", "Muster");
        await CompareAsync(store);
        await anna.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        Assert.Empty(await store.Doubles.ReadAsync(null, false, null, 10, default));
        Assert.Equal(["pt-b"], (await store.QueryAsync("SELECT stream FROM patient_match")).Select(row => (string)row[0]!));

        // Read before the erasure, compared after it.
        Assert.True(await store.Doubles.CompareAsync([new("pt-a", "Anna", "Muster", Born)], ["pt-none"], Now, default));
        Assert.Equal(["pt-b"], (await store.QueryAsync("SELECT stream FROM patient_match")).Select(row => (string)row[0]!));
        Assert.Empty(await store.Doubles.ReadAsync(null, false, null, 10, default));
    }

    /// <summary>A clinic that enters everybody of unknown name alike.</summary>
    [Fact]
    public async Task A_name_that_many_have_makes_a_bounded_number_of_pairs_for_each()
    {
        const int Patients = 60;
        await using var store = await stores.CreateAsync();
        for (var i = 0; i < Patients; i++)
        {
            await EnrolAsync(store, $"pt-{i:D2}", North, "Unknown", "Unknown");
        }

        Assert.Equal(Patients, await CompareAsync(store));
        var pairs = await store.Doubles.ReadAsync(null, false, null, 10_000, default);
        Assert.InRange(pairs.Count, Patients * IDoubles.PairsMax / 2, Patients * IDoubles.PairsMax);
        Assert.All(pairs, pair => Assert.Equal(DoubleReason.SameNameAndBirthDate, pair.Reason));
        Assert.Equal(Patients, pairs.SelectMany(p => (string[])[p.One.Stream, p.Other.Stream]).Distinct().Count());
    }

    /// <summary>Whoever has the database sees who is equal in all three, and nobody's values.</summary>
    [Fact]
    public async Task The_index_tells_equal_persons_and_no_equal_names()
    {
        await using var store = await stores.CreateAsync();
        await EnrolAsync(store, "pt-a", North, "Anna", "Muster");
        await EnrolAsync(store, "pt-b", North, "Anna", "Muster", Born.AddDays(1));
        await EnrolAsync(store, "pt-c", North, "Berta", "Muster");
        await CompareAsync(store);
        Assert.Equal(6, (await store.QueryAsync("SELECT whole FROM patient_match UNION SELECT first_given FROM patient_match")).Count);
    }

    [Fact]
    public async Task Whom_nobody_can_read_is_not_looked_at_again()
    {
        await using var store = await stores.CreateAsync();
        await EnrolAsync(store, "pt-a", North, "Anna", "Muster");
        Assert.True(await store.Doubles.CompareAsync([], ["pt-a"], Now, default));
        Assert.Empty(await store.Doubles.ReadUncomparedAsync(10, default));
    }

    internal static Projection.PatientIndexed Patient(string clinic, string recordNumber, string given, string family, DateOnly born) => new(clinic, recordNumber, given, family, born);

    private static async Task<StreamDriver> EnrolAsync(IStoreUnderTest store, string stream, string clinic, string given, string family, DateOnly? born = null)
    {
        var driver = new StreamDriver(store.Journal, stream);
        await driver.AcceptAsync(new Noted($"{given}|{family}|{born ?? Born:O}", []), Patient(clinic, stream, given, family, born ?? Born), new Projection.SitesSet([clinic]));
        return driver;
    }

    /// <summary>All who were not compared yet, as they were enrolled.</summary>
    internal static async Task<int> CompareAsync(IStoreUnderTest store)
    {
        var streams = await store.Doubles.ReadUncomparedAsync(1_000, default);
        var patients = new List<ComparedPatient>();
        foreach (var stream in streams)
        {
            var parts = ((Noted)(await store.Journal.ReadAsync(stream, 0, 1, default))[0].Events[0]).Text.Split('|');
            patients.Add(new(stream, parts[0], parts[1], DateOnly.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.True(await store.Doubles.CompareAsync(patients, [], Now, default));
        return streams.Count;
    }

    private static async Task<IReadOnlyList<(string One, string Other, DoubleReason Reason)>> PairsAsync(IStoreUnderTest store) =>
        [.. (await store.Doubles.ReadAsync(null, false, null, 100, default)).Select(row => (row.One.Stream, row.Other.Stream, row.Reason)).OrderBy(pair => pair.Item1, StringComparer.Ordinal).ThenBy(pair => pair.Item2, StringComparer.Ordinal)];
}
