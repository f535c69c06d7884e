using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Codec;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>
/// A snapshot is a cache. Each planted one holds a forged state, so that it shows when it was believed; the first test shows that it
/// would be, were nothing else wrong with it.
/// </summary>
public sealed class SnapshotTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private const string Forged = "Forged";

    private ClusterUnderTest Cluster => shared.Network.Cluster;

    private SnapshotCodec Codec => shared.Network.Store.Snapshots;

    [Fact]
    public async Task A_snapshot_that_fits_in_everything_is_believed()
    {
        var patient = await Cluster.PlannedAsync("fits");
        await Cluster.PlantSnapshotAsync(patient, await ForgeAsync("pt-fits", 2));
        await Cluster.DeactivateAsync(patient);
        var (state, version) = await patient.StandsAtAsync();
        Assert.Equal((Forged, 3L), (state.FamilyName, version));
        Assert.NotNull(state.Plan);
    }

    [Theory]
    [InlineData("incarnation")]
    [InlineData("stream")]
    [InlineData("row-hash")]
    [InlineData("row-hash-of-another-version")]
    [InlineData("payload-damaged")]
    [InlineData("payload-of-another-version")]
    [InlineData("payload-of-another-patient")]
    [InlineData("payload-of-another-shape")]
    [InlineData("payload-empty")]
    [InlineData("ahead-of-the-journal")]
    public async Task A_snapshot_that_does_not_fit_is_thrown_away_and_the_stream_is_read_instead(string wrong)
    {
        var name = "wrong-" + wrong;
        var patient = await Cluster.PlannedAsync(name);
        var before = Structure.Describe((await patient.StandsAtAsync()).State);
        await Cluster.PlantSnapshotAsync(patient, await SpoilAsync(wrong, "pt-" + name));
        Cluster.Journal.ForgetReads();
        await Cluster.DeactivateAsync(patient);

        var (state, version) = await patient.StandsAtAsync();
        Assert.Equal((3L, before), (version, Structure.Describe(state)));
        Assert.Contains(0L, Cluster.Journal.ReadsOf("pt-" + name));
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next())).AcceptedAs(4);
    }

    [Fact]
    public async Task A_snapshot_of_another_incarnation_is_overwritten_by_the_next()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = await network.Cluster.PlannedAsync("restored");
        var old = await network.Cluster.WaitForSnapshotAsync(patient, 3);
        (old.Incarnation, old.Version) = ("00000000000000000000000000000000", 900);
        await network.Cluster.PlantSnapshotAsync(patient, old);
        await network.Cluster.DeactivateAsync(patient);

        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next())).AcceptedAs(4);
        await network.Cluster.DeactivateAsync(patient);
        var next = (await network.Cluster.ReadSnapshotAsync(patient))!;
        Assert.Equal((4L, network.Store.Incarnation), (next.Version, next.Incarnation));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(9, 9)]
    public async Task One_that_somebody_else_stored_meanwhile_is_replaced_if_it_is_older(long stored, long left)
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = await network.Cluster.PlannedAsync("meanwhile");
        var other = await network.Cluster.WaitForSnapshotAsync(patient, 3);
        other.Version = stored;
        await network.Cluster.PlantSnapshotAsync(patient, other);

        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next())).AcceptedAs(4);
        await network.Cluster.DeactivateAsync(patient);
        Assert.Equal(left, (await network.Cluster.ReadSnapshotAsync(patient))!.Version);
    }

    [Fact]
    public async Task Losing_every_snapshot_while_the_silo_runs_loses_nothing()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = await network.Cluster.PlannedAsync("unlucky");
        var before = Structure.Describe((await patient.StandsAtAsync()).State);
        foreach (var file in Directory.GetFiles(network.Folder, "snapshots.db*"))
        {
            File.Delete(file);
        }

        await network.Cluster.DeactivateAsync(patient);
        Assert.Equal(before, Structure.Describe((await patient.StandsAtAsync()).State));
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next())).AcceptedAs(4);
        await network.Cluster.DeactivateAsync(patient);
        Assert.Equal(4, (await patient.StandsAtAsync()).Version);
    }

    [Fact]
    public async Task One_that_is_being_written_when_the_patient_is_erased_does_not_stay()
    {
        var gate = new SnapshotGate("pt-under-way");
        await using var network = await NetworkUnderTest.CreateStoreAsync(new() { SnapshotEveryVersions = 1, SnapshotWhenIdleVersions = 100 }, []);
        var cluster = await network.AddClusterAsync(gate.Configure);
        (await cluster.Clinic("north").Register(Commands.Register("north"), Origins.Next())).AcceptedAs(1);
        var patient = await cluster.EnrolledAsync("under-way");
        await gate.ArrivedAsync();
        (await patient.EraseAsync(new("asked for by the patient"), Origins.Next())).AcceptedAs(2);
        gate.Open();
        await cluster.DeactivateAsync(patient);
        Assert.Null(await cluster.ReadSnapshotAsync(patient));
    }

    [Fact]
    public async Task Names_do_not_lie_open_in_a_snapshot()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = network.Cluster.Patient("sealed");
        await patient.Enrol(Commands.Enrol("sealed", familyName: "Unmistakable"), Origins.Next());
        Assert.DoesNotContain("Unmistakable", System.Text.Encoding.UTF8.GetString((await network.Cluster.WaitForSnapshotAsync(patient, 1)).Payload), StringComparison.Ordinal);
    }

    /// <summary>A snapshot of the patient's state at a version, right in all but the family name.</summary>
    private async Task<SealedSnapshot> ForgeAsync(string stream, long version, long? sealedFor = null)
    {
        var rows = await shared.Network.Store.Journal.ReadAsync(stream, 0, 100, default);
        var state = rows.Take((int)version).SelectMany(r => r.Events).Aggregate(PatientState.Empty, PatientState.Evolve);
        return new()
        {
            Stream = stream,
            Incarnation = shared.Network.Store.Incarnation,
            Version = version,
            RowHash = rows[(int)Math.Clamp(version, 1, rows.Count) - 1].RowHash,
            Payload = await Codec.SealAsync(stream, sealedFor ?? version, Codec.Encode(state with { FamilyName = Forged }), default),
        };
    }

    private async Task<SealedSnapshot> SpoilAsync(string wrong, string stream)
    {
        var snapshot = await ForgeAsync(stream, wrong switch { "ahead-of-the-journal" => 7, _ => 2 });
        switch (wrong)
        {
            case "incarnation":
                snapshot.Incarnation = "00000000000000000000000000000000";
                break;
            case "stream":
                snapshot.Stream = "pt-somebody-else";
                break;
            case "row-hash":
                snapshot.RowHash[5] ^= 1;
                break;
            case "row-hash-of-another-version":
                snapshot.RowHash = (await ForgeAsync(stream, 1)).RowHash;
                break;
            case "payload-damaged":
                snapshot.Payload[^1] ^= 1;
                break;
            case "payload-of-another-version":
                snapshot.Payload = (await ForgeAsync(stream, 2, sealedFor: 1)).Payload;
                break;
            case "payload-of-another-patient":
                await Cluster.EnrolledAsync("neighbour");
                snapshot.Payload = (await ForgeAsync("pt-neighbour", 1, sealedFor: 2)).Payload;
                break;
            case "payload-of-another-shape":
                snapshot.Payload = await Codec.SealAsync(stream, 2, "{\"Renamed\":1}"u8.ToArray(), default);
                break;
            case "payload-empty":
                snapshot.Payload = [];
                break;
        }

        return snapshot;
    }
}
