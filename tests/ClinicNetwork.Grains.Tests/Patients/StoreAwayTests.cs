using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The database does not answer: memory still tells what it knows, everything else is refused as not executed, nothing has to be mended afterwards.</summary>
public sealed class StoreAwayTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    private JournalUnderTest Journal => shared.Network.Journal;

    [Fact]
    public async Task A_cached_read_goes_on_and_says_that_it_is_cached()
    {
        var patient = await Cluster.PlannedAsync("away-cached");
        Journal.GoAway("pt-away-cached");
        var reading = await patient.Read(Replies.Cached);
        Assert.Equal((3L, false), (reading.Version, reading.Confirmed));
        Assert.Equal((3L, false), (await patient.Read(Replies.AtLeast(3))) is var known ? (known.Version, known.Confirmed) : default);
        Assert.Equal(3, (await patient.ReadPlan(Replies.Cached)).Version);
    }

    [Fact]
    public async Task A_read_that_memory_cannot_answer_is_unavailable_and_works_again_by_itself()
    {
        var patient = await Cluster.PlannedAsync("away-confirmed");
        Journal.GoAway("pt-away-confirmed");
        (await patient.Read(Replies.Confirmed)).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        (await patient.Read(Replies.AtLeast(4))).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        (await patient.ReadPlan(Replies.Confirmed)).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        (await patient.ReadHistory(Replies.Cached, 0, 10)).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);

        Journal.ComeBack("pt-away-confirmed");
        Assert.Equal((3L, true), (await patient.Read(Replies.Confirmed)) is var reading ? (reading.Version, reading.Confirmed) : default);
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_checked_against_the_head_is_none()
    {
        var patient = await Cluster.PlannedAsync("away-refusal");
        Journal.GoAway("pt-away-refusal");
        var origin = Origins.Next();
        (await patient.RecordDose(Commands.RecordDose("s0", 0), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
        Journal.ComeBack("pt-away-refusal");
        (await patient.RecordDose(Commands.RecordDose("s0", 0), origin)).RefusedAs("SESSION_UNKNOWN", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_command_that_lost_its_version_and_cannot_catch_up_is_not_executed()
    {
        var patient = await Cluster.PlannedAsync("away-conflict");
        Journal.BeforeNext("pt-away-conflict", async _ =>
        {
            await AppendElsewhereAsync("pt-away-conflict", 3);
            Journal.GoAway("pt-away-conflict");
        });
        var origin = Origins.Next();
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
        Assert.Equal(4, await shared.Network.Store.Journal.ReadHeadAsync("pt-away-conflict", default));
        Journal.ComeBack("pt-away-conflict");
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("TREATMENT_ENDED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_patient_who_is_first_called_meanwhile_is_unavailable_and_then_there()
    {
        var patient = await Cluster.PlannedAsync("away-first");
        await Cluster.DeactivateAsync(patient);
        Journal.GoAway("pt-away-first");
        (await patient.Read(Replies.Cached)).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
        Journal.ComeBack("pt-away-first");
        Assert.Equal(3, (await patient.Read(Replies.Cached)).Version);
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(4);
    }

    [Fact]
    public async Task A_clinic_that_cannot_be_read_is_no_mistake_in_a_field()
    {
        Journal.GoAway("cl-new-clinic");
        var refusal = (await Cluster.Patient("away-home").Enrol(Commands.Enrol("away-home") with { HomeClinic = new("new-clinic") }, Origins.Next()))
            .RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        Assert.Equal("", refusal.Field);
        Journal.ComeBack("cl-new-clinic");
    }

    [Fact]
    public async Task A_cached_read_does_not_wait_for_an_append_that_hangs()
    {
        var patient = await Cluster.PlannedAsync("hanging");
        var (hangs, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        Journal.BeforeNext("pt-hanging", _ => { hangs.SetResult(); return released.Task; });
        var writing = patient.StartSession(Commands.StartSession("s0", 0), Origins.Next());
        await hangs.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(3, (await patient.Read(Replies.Cached).WaitAsync(TimeSpan.FromSeconds(5))).Version);
        released.SetResult();
        (await writing).AcceptedAs(4);
        Assert.Equal(4, (await patient.Read(Replies.Cached)).Version);
    }

    [Fact]
    public async Task Memory_never_goes_back_when_a_read_catches_up_further_than_the_append_under_way()
    {
        var patient = await Cluster.PlannedAsync("overtaken");
        Journal.AfterNext("pt-overtaken", async _ =>
        {
            await AppendElsewhereAsync("pt-overtaken", 4);
            Assert.Equal(5, (await patient.Read(Replies.Confirmed)).Version);
        });
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(4);
        var reading = await patient.Read(Replies.Cached);
        Assert.Equal(5, reading.Version);
        Assert.NotNull(reading.State!.EndedAt);
    }

    [Fact]
    public async Task A_refusal_is_of_the_version_that_it_was_decided_on()
    {
        var patient = await Cluster.PlannedAsync("decided-on");
        Journal.BeforeNextFind("pt-decided-on", async () =>
        {
            await AppendElsewhereAsync("pt-decided-on", 3);
            Assert.Equal(4, (await patient.Read(Replies.Confirmed)).Version);
        });

        // At version 3 the blood pressure holds it; at 4 the treatment has ended, which is what counts.
        (await patient.StartSession(new(new("s0"), Commands.North, false, new(200, 120), 80, "", Commands.OnDay(0)), Origins.Next())).RefusedAs("TREATMENT_ENDED", RefusalKind.Precondition);
    }

    /// <summary>The next version, made by a writer that this cluster knows nothing of.</summary>
    private async Task AppendElsewhereAsync(string stream, long head)
    {
        var rows = await shared.Network.Store.Journal.ReadAsync(stream, head - 1, 1, default);
        Assert.IsType<AppendOutcome.Appended>(await shared.Network.Store.Journal.AppendAsync(
            new(stream, head + 1, rows[0].RowHash, Origins.Next(), "EndTreatment", [new TreatmentEnded("?", Commands.OnDay(0))], Accepted.Instance, []), default));
    }
}
