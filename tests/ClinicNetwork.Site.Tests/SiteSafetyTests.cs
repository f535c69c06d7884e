using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Site.Tests;

/// <summary>What must not happen to a patient when answers are lost, late or of another store: a dose twice, a dose that is lost, a network that is asked without end.</summary>
public sealed class SiteSafetyTests
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";

    [Fact]
    public async Task A_session_that_may_be_on_its_way_holds_the_next_one_also_when_the_copy_has_moved_since()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/on-its-way", Home, Far);
        await network.TakeDosingAsync(patient, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Start(patient, "s-1").Refusal);
        Assert.Null(far.Record(patient, new IngestFactsRequest { RecordDose = new() { SessionId = "s-1", DoseMg = 35, DurationMinutes = 40 } }).Refusal);
        await network.AskAsync(async n => await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-elsewhere")));
        using var channel = network.Server.Open();
        var answers = new FalseAnswers { Refuse = _ => new() { Code = (int)StatusCode.Unavailable, Reason = "OUTCOME_UNKNOWN" } };
        using var client = ClientOf(channel, answers);
        await new SiteSync(far.Replica, client).MeetAsync().Within();

        var view = far.Replica.Find(patient)!;
        Assert.Equal("a-elsewhere", view.State!.Assessments[^1].Id.Value);
        Assert.Equal(("s-1", 35), (view.State!.Sessions.Single().Id.Value, view.State.Sessions.Single().DoseMg));
        Assert.Equal("SESSION_OPEN", far.Start(patient, "s-2").Refusal?.Reason);
        await far.MeetAsync();
        Assert.Equal(("s-1", 35), (far.Replica.Find(patient)!.State!.Sessions.Single().Id.Value, far.Replica.Find(patient)!.State!.Sessions.Single().DoseMg));
        Assert.Empty(far.Replica.Find(patient)!.Unconfirmed);
    }

    [Fact]
    public async Task A_consultation_that_may_be_on_its_way_holds_sessions_until_it_is_answered_or_there_is_another()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/withdrew", Home, Far);
        await network.TakeDosingAsync(patient, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        Consult(consent: false);
        await network.AskAsync(async n => await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-elsewhere")));
        using var channel = network.Server.Open();
        using var client = ClientOf(channel, new() { Refuse = _ => new() { Code = (int)StatusCode.Unavailable, Reason = "OUTCOME_UNKNOWN" } });
        await new SiteSync(far.Replica, client).MeetAsync().Within();
        Assert.Equal("CHANGES_WAITING", far.Start(patient, "s-1").Refusal?.Reason);
        Consult(consent: false);
        Assert.Equal("TREATMENT_CONSENT_MISSING", far.Start(patient, "s-1").Refusal?.Reason);
        Consult(consent: true);
        Assert.Null(far.Start(patient, "s-1").Refusal);

        void Consult(bool consent)
        {
            var request = Valid.Consultation("");
            (request.RequestId, request.OccurredAt, request.Consultation.TreatmentConsent) = ("", null, consent);
            Assert.Null(far.Record(patient, new IngestFactsRequest { RecordConsultation = request }).Refusal);
        }
    }

    [Fact]
    public async Task What_was_executed_so_long_ago_that_its_answer_is_gone_is_not_shown_as_refused()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/long-ago", Home, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "a-long-ago").Refusal);
        using var channel = network.Server.Open();
        using var client = ClientOf(channel, new() { Refuse = _ => new() { Code = (int)StatusCode.AlreadyExists, Reason = "ANSWER_EXPIRED" } });
        await new SiteSync(far.Replica, client).MeetAsync().Within();
        var item = far.Replica.Outbox().Single();
        Assert.Equal((ItemStanding.Done, 0L), (item.Standing, far.Replica.Status().Refused));
        Assert.Empty(far.Replica.Find(patient)!.Unconfirmed);
    }

    [Fact]
    public async Task While_the_network_holds_entries_back_it_is_asked_ever_more_seldom()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/held-back", Home, Far);
        using var folder = new TempFolder();
        var time = new HastyTime();
        using var replica = SiteReplica.Create(folder.Sub("site"), Far, new() { Time = time });
        using var channel = network.Server.Open();
        using var client = ClientOf(channel, new() { HeldPages = 8 });
        await new SiteSync(replica, client).MeetAsync().Within();
        Assert.Equal([25, 50, 100, 200, 400, 800, 1000, 1000], time.Waits);
        Assert.Equal([patient], replica.Patients());
    }

    [Fact]
    public async Task After_a_restore_what_waits_does_not_overtake_what_was_lost_and_what_was_seen_is_not_asked_for()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/lost-session", Home, Far);
        await network.TakeDosingAsync(patient, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        await network.Server.StopAsync();
        using var backup = new TempFolder();
        SiteReplicaTests.Copy(network.Server.Folder, backup.Path);
        await network.StartAgainAsync();
        Assert.Null(far.Start(patient, "s-lost").Refusal);
        await network.AskAsync(async n => await n.Clinics.ConfigureClinicAsync(Valid.Settings(Far)));
        await far.MeetAsync();
        Assert.Null(far.Record(patient, new IngestFactsRequest { RecordDose = new() { SessionId = "s-lost", DoseMg = 35, DurationMinutes = 40 } }).Refusal);
        await network.Server.StopAsync();
        SiteReplicaTests.Copy(backup.Path, network.Server.Folder);
        var (code, _, error) = await ServerProgram.RunAsync(["migrate", "--restored", "--folder", network.Server.Folder]);
        Assert.True(code == 0, error);
        await network.StartAgainAsync();

        var meeting = await far.MeetAsync();
        Assert.Equal((true, 0), (meeting.Restored, meeting.Refused));
        Assert.All(far.Replica.Outbox(), i => Assert.Equal(ItemStanding.Done, i.Standing));
        Assert.Equal(35, far.Replica.Find(patient)!.State!.Sessions.Single().DoseMg);
    }

    [Fact]
    public async Task One_record_that_the_network_cannot_read_holds_up_no_other_and_its_copy_stays()
    {
        await using var network = await SiteNetwork.StartWithManualClockAsync();
        network.Server.Permitted = line => line.Contains("cannot be read; it is stopped", StringComparison.Ordinal);
        var (sound, broken) = (await network.ShareAsync("patients/sound", Home, Far), "patients/broken");
        await network.AskAsync(async n =>
        {
            await SiteNetwork.TreatAsync(n, broken, Home, Far);
            return 0;
        });
        var far = network.Site(Far);
        await far.MeetAsync();
        await network.AskAsync(async n =>
        {
            await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(broken, "a-1"));
            return await n.As(Home).Patients.RecordAssessmentAsync(Valid.Assessment(sound, "a-1"));
        });
        await network.Server.StopAsync();
        var whole = Break(network.Server.Folder, "pt-broken", null);
        await network.StartAgainAsync();
        await far.MeetAsync();
        Assert.Equal((1, 0), (AnswersOf(sound), AnswersOf(broken)));

        // An operator has put it right: it is asked for again, and not at every meeting.
        await network.Server.StopAsync();
        Break(network.Server.Folder, "pt-broken", whole);
        await network.StartAgainAsync();
        await far.MeetAsync();
        Assert.Equal(0, AnswersOf(broken));
        await network.AskAsync(async n => await n.Admin.AdvanceClockAsync(new() { RequestId = Valid.Id(), To = ServerProcess.ClockStart.AddHours(2).ToTimestamp() }));
        await far.MeetAsync();
        Assert.Equal((1, 1), (AnswersOf(sound), AnswersOf(broken)));

        int AnswersOf(string patient) => far.Replica.Find(patient)!.State!.Assessments.Count(a => a.Id.Value == "a-1");
    }

    /// <summary>Puts other bytes in the place of the stream's last events; what was there.</summary>
    private static byte[] Break(string folder, string stream, byte[]? events)
    {
        File.Delete(Path.Combine(folder, "snapshots.db"));
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT events FROM journal WHERE stream = $stream ORDER BY version DESC LIMIT 1";
        command.Parameters.AddWithValue("$stream", stream);
        var before = (byte[])command.ExecuteScalar()!;
        command.CommandText = "UPDATE journal SET events = $events WHERE stream = $stream AND version = (SELECT max(version) FROM journal WHERE stream = $stream)";
        command.Parameters.AddWithValue("$events", events ?? [.. before[..^1], (byte)~before[^1]]);
        Assert.Equal(1, command.ExecuteNonQuery());
        return before;
    }

    private static ClinicNetworkClient ClientOf(ChannelBase channel, FalseAnswers answers) =>
        new(channel.CreateCallInvoker().Intercept(answers), new() { ActingSite = Far, RetriesMax = 0, RefusedRetriesMax = 0, StreamReopensMax = 0 });

    /// <summary>Every wait is over at once, and kept: milliseconds.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private readonly List<int> _waits = [];

        public IReadOnlyList<int> Waits => _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waits.Add((int)dueTime.TotalMilliseconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
