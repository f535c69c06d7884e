using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>
/// A network with two published batches: 120 treated and consenting persons in eight groups of fifteen, by hand, so that every cell is
/// known beforehand. Four induction doses in nine days, one answer at the end of induction and one at week 4.
/// </summary>
public sealed class PublishedFixture : IAsyncLifetime
{
    public const int Persons = 120;
    public const string ReadOnly = "published, read only";
    public const string Partners = "published, with more partners";
    public const string Profile = "profiles/public-outcomes";

    /// <summary>First dose of everybody: end of induction closes on 1 September, week 4 on 27 September.</summary>
    private static readonly DateTimeOffset FirstDose = new(2025, 7, 3, 8, 0, 0, TimeSpan.Zero);

    private static readonly int[] DoseDays = [0, 3, 6, 9];

    private GrpcChannel _channel = null!;
    private GrpcChannel _registryChannel = null!;

    internal ServerProcess Server { get; private set; } = null!;

    internal Network Network { get; private set; } = null!;

    /// <summary>Who receives.</summary>
    internal RegistryPartner Partner { get; private set; } = null!;

    internal Network Registry { get; private set; } = null!;

    public static string NameOf(int person) => $"patients/r-{person}";

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync();
        _channel = Server.Open();
        Network = new Network(_channel);
        await Network.RegisterAsync(Network.Harbour, certified: true);
        Partner = await RegistryPartner.JoinAsync(Server, Network);
        _registryChannel = Server.Open(Partner.Identity.Certificate);
        Registry = new Network(_registryChannel);
        await Network.AdvanceAsync(FirstDose.AddDays(45));
        await EachAsync(TreatAsync);
        await Network.AdvanceAsync(new(2025, 9, 2, 0, 0, 0, TimeSpan.Zero));
        await EachAsync(person => AssessAsync(person, "week-4", FirstDose.AddDays(9 + 50), 2));
        await Network.AdvanceAsync(new(2025, 10, 2, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>For the classes that only read; the others have a network of their own.</summary>
    [CollectionDefinition(ReadOnly)]
    public sealed class ReadOnlyCollection : ICollectionFixture<PublishedFixture>;

    /// <summary>For the classes that pull, acknowledge, add partners and pass hours; they publish nothing more.</summary>
    [CollectionDefinition(Partners)]
    public sealed class PartnersCollection : ICollectionFixture<PublishedFixture>;

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        _registryChannel?.Dispose();
        Partner?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    internal async Task<IReadOnlyList<Batch>> BatchesAsync() => (await Registry.Releases.ListBatchesAsync(new() { Parent = Profile })).Batches;

    /// <summary>A batch's rows from a row on, as they come.</summary>
    internal async Task<IReadOnlyList<ReleasedRow>> RowsAsync(string batch, long start = 0, int pageSize = 0)
    {
        var rows = new List<ReleasedRow>();
        using var call = Registry.Releases.StreamBatch(new() { Name = batch, StartRow = start, PageSize = pageSize });
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            if (call.ResponseStream.Current is { Page: { } page })
            {
                Assert.Equal(start + rows.Count, page.FirstRow);
                rows.AddRange(page.Rows);
            }
        }

        return rows;
    }

    private static Task EachAsync(Func<int, Task> act) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Persons), new ParallelOptions { MaxDegreeOfParallelism = 48 }, async (person, _) => await act(person));

    /// <summary>Sex, age and severity by the bits of the group: eight groups of fifteen.</summary>
    private async Task TreatAsync(int person)
    {
        var (patient, group) = (NameOf(person), person % 8);
        var enrolment = Valid.Enrolment(patient);
        enrolment.Sex = (group & 1) == 0 ? Sex.Female : Sex.Male;
        enrolment.BirthDate = (group & 2) == 0 ? "1990-01-01" : "1970-01-01";
        await Network.Patients.EnrolPatientAsync(enrolment);
        await Network.Patients.RecordConsultationAsync(Valid.Consultation(patient));
        await Network.Patients.CreatePlanAsync(Valid.Plan(patient));
        await Network.Patients.SetResearchConsentAsync(Valid.Consent(patient, RecipientClass.ResearchRegistry));
        await AssessAsync(person, "baseline", FirstDose.AddDays(-2), Baseline(group));
        for (var i = 0; i < DoseDays.Length; i++)
        {
            var at = FirstDose.AddDays(DoseDays[i]);
            await Network.Patients.StartSessionAsync(Valid.Start(patient, $"s-{i}", at));
            await Network.Patients.RecordDoseAsync(Valid.Dose(patient, $"s-{i}", at));
            await Network.Patients.CompleteSessionAsync(Valid.Completion(patient, $"s-{i}", at));
        }

        await AssessAsync(person, "end", FirstDose.AddDays(9 + 20), 0);
    }

    private static int Baseline(int group) => (group & 4) == 0 ? 17 : 23;

    /// <summary>Every outcome in every group: remission, response, no change, worsening in turn, with some who did not answer.</summary>
    private async Task AssessAsync(int person, string id, DateTimeOffset at, int turn)
    {
        var baseline = Baseline(person % 8);
        var total = id == "baseline" ? baseline : ((person / 8 + turn) % 5) switch { 0 => 2, 1 => 8, 2 => baseline - 3, 3 => baseline + 2, _ => -1 };
        if (total >= 0)
        {
            var request = Valid.Assessment(NameOf(person), id, at, total);
            request.OccurredAt = at.ToTimestamp();
            await Network.Patients.RecordAssessmentAsync(request);
        }
    }
}
