using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;

namespace ClinicNetwork.Site.Tests;

/// <summary>One site and another, on a real server: what is kept, hidden, wiped, corrected and sent again.</summary>
public sealed class SiteReplicaTests
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";

    [Fact]
    public async Task Without_the_network_it_reads_judges_and_keeps_and_two_answers_of_two_sites_are_both_kept()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/two", Home, Far);
        var (home, far) = (network.Site(Home), network.Site(Far));
        Assert.Equal("NEVER_CONNECTED", far.Assess(patient, "a-0").Refusal!.Reason);
        await home.MeetAsync();
        await far.MeetAsync();
        network.Line.Cut();
        Assert.Null(await home.TryMeetAsync());

        Assert.Null(home.Assess(patient, "a-home").Refusal);
        Assert.Null(far.Assess(patient, "a-far").Refusal);
        var view = far.Replica.Find(patient)!;
        Assert.Equal(("a-far", 1), (view.State!.Assessments.Single().Id.Value, view.Unconfirmed.Count));
        Assert.Equal("ASSESSMENT_EXISTS", far.Assess(patient, "a-far").Refusal!.Reason);
        Assert.Equal("ITEM_OUT_OF_RANGE", far.Record(patient, new IngestFactsRequest { RecordAssessment = new() { AssessmentId = "a-2", Items = { 4, 0, 0, 0, 0, 0, 0, 0, 0 } } }).Refusal!.Reason);
        Assert.Equal("PATIENT_NOT_HERE", far.Assess("patients/nobody", "a-2").Refusal!.Reason);
        Assert.Equal("CHANGE_MISSING", far.Replica.Record(new() { Patient = patient }).Refusal!.Reason);
        Assert.Equal(1, far.Replica.Status().Waiting);

        // The same request again is the same item, with other content it is refused.
        var item = far.Replica.Outbox().Single();
        Assert.Equal(item.Number, far.Replica.Record(item.Change).Item!.Number);
        var other = item.Change.Clone();
        other.Fact.RecordAssessment.Items[0] = 0;
        Assert.Equal("REQUEST_ID_REUSED", far.Replica.Record(other).Refusal!.Reason);

        network.Line.Mend();
        await far.MeetAsync();
        await home.MeetAsync();
        await far.MeetAsync();
        foreach (var site in (SiteMachine[])[home, far])
        {
            Assert.Equal(["a-far", "a-home"], site.Replica.Find(patient)!.State!.Assessments.Select(a => a.Id.Value).Order());
            Assert.Empty(site.Replica.Find(patient)!.Unconfirmed);
        }
    }

    [Fact]
    public async Task One_after_another_proposals_of_one_site_are_taken_and_two_sites_doses_are_a_conflict_that_nobody_loses()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/doses", Home, Far);
        var (home, far) = (network.Site(Home), network.Site(Far));
        await home.MeetAsync();
        await far.MeetAsync();
        network.Line.Cut();
        Assert.Null(home.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.6, Reason = "first" }).Refusal);
        Assert.Null(home.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.7, Reason = "second" }).Refusal);
        Assert.Equal(0.7, home.Replica.Find(patient)!.State!.Plan!.DoseMgPerKg);
        Assert.Null(far.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.8, Reason = "elsewhere" }).Refusal);
        network.Line.Mend();

        Assert.Equal((2, 0), (await home.MeetAsync()) is var m ? (m.Pushed, m.Conflicts) : default);
        Assert.Equal(1, (await far.MeetAsync()).Conflicts);
        var (kept, view) = (far.Replica.Outbox().Single(), far.Replica.Find(patient)!);
        Assert.Equal((ItemStanding.Conflict, 0.7, 0.8), (kept.Standing, kept.Result!.Conflict.Conflict.Present.DoseMgPerKg, kept.Result.Conflict.Conflict.Proposed.DoseMgPerKg));
        Assert.Equal(0.7, view.State!.Plan!.DoseMgPerKg);
        Assert.Null(far.Replica.Record(new() { Patient = patient, ResolvePlanConflict = new() { Conflict = 1, Holds = PlanChoice.Proposed, Reason = "agreed by telephone" } }).Refusal);
        await far.MeetAsync();
        await home.MeetAsync();
        Assert.Equal(0.8, home.Replica.Find(patient)!.State!.Plan!.DoseMgPerKg);
        Assert.Equal((0, ItemStanding.Done), (far.Replica.Status().Conflicts, far.Replica.Outbox()[0].Standing));
    }

    [Fact]
    public async Task Without_the_network_a_session_starts_under_the_right_to_dose_alone_through_the_same_gates()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/gates", Home, Far);
        var (home, far) = (network.Site(Home), network.Site(Far));
        await network.TakeDosingAsync(patient, Far);
        await home.MeetAsync();
        await far.MeetAsync();
        network.Line.Cut();
        Assert.Equal("DOSING_NOT_HERE", home.Start(patient, "s-home").Refusal!.Reason);
        Assert.Equal("WEIGHT_MISSING", far.Start(patient, "s-far", r => r.WeightKg = 0).Refusal!.Reason);
        Assert.Equal("CLINIC_DIFFERS", far.Start(patient, "s-far", r => r.Clinic = Home).Refusal!.Reason);
        Assert.Null(far.Start(patient, "s-far").Refusal);
        Assert.Equal("SESSION_OPEN", far.Start(patient, "s-far-2").Refusal!.Reason);
        Assert.Null(far.Record(patient, new IngestFactsRequest { RecordDose = new() { SessionId = "s-far", DoseMg = 35, DurationMinutes = 40 } }).Refusal);
        // An emergency is a person's to answer for.
        Assert.Null(home.Start(patient, "s-home", emergency: "bleeding stopped, severe ideation").Refusal);
        network.Line.Mend();
        await far.MeetAsync();
        await home.MeetAsync();
        await far.MeetAsync();
        var state = far.Replica.Find(patient)!.State!;
        Assert.Equal(["s-far", "s-home"], state.Sessions.Select(s => s.Id.Value).Order());
        Assert.Equal(35, state.Sessions.Single(s => s.Id.Value == "s-far").DoseMg);
        Assert.Contains("SESSION", string.Join(' ', home.Replica.Outbox().Single().Result!.Appended.ReportSession.OutsideGates), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clinics_certificate_is_judged_by_its_days_here_too()
    {
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync("patients/other", Home);
        var patient = await network.AskAsync(n => n.TreatAsync("patients/nasal", Home, Valid.Nasal));
        await network.TakeDosingAsync(patient, Home);
        var home = network.Site(Home);
        var settings = Valid.Settings(Home);
        settings.RemsCertificate.LastDay = "2025-12-31";
        await network.AskAsync(async n => await n.Clinics.ConfigureClinicAsync(settings));
        await home.MeetAsync();
        Assert.Equal("SETTING_NOT_CERTIFIED", home.Start(patient, "s-1").Refusal!.Reason);
        (settings.RequestId, settings.RemsCertificate.LastDay) = (Valid.Id(), "");
        await network.AskAsync(async n => await n.Clinics.ConfigureClinicAsync(settings));
        await home.MeetAsync();
        Assert.Null(home.Start(patient, "s-1").Refusal);
    }

    [Fact]
    public async Task No_session_starts_here_while_the_plan_says_two_things_or_a_resolution_is_not_confirmed()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/two-doses", Home, Far);
        var (home, far) = (network.Site(Home), network.Site(Far));
        await network.TakeDosingAsync(patient, Far);
        await home.MeetAsync();
        await far.MeetAsync();
        Assert.Null(home.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.6, Reason = "here" }).Refusal);
        Assert.Null(far.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.7, Reason = "there" }).Refusal);
        await home.MeetAsync();
        await far.MeetAsync();
        network.Line.Cut();
        Assert.Equal("PLAN_CONFLICT", far.Start(patient, "s-1").Refusal!.Reason);
        Assert.Null(far.Replica.Record(new() { Patient = patient, ResolvePlanConflict = new() { Conflict = 1, Holds = PlanChoice.Proposed, Reason = "agreed" } }).Refusal);
        Assert.Equal(0.7, far.Replica.Find(patient)!.State!.Plan!.DoseMgPerKg);
        Assert.Equal("PLAN_CONFLICT", far.Start(patient, "s-1").Refusal!.Reason);
        network.Line.Mend();
        await far.MeetAsync();
        Assert.Null(far.Start(patient, "s-1").Refusal);
    }

    [Fact]
    public async Task Nothing_of_a_patient_stands_in_the_folder_and_of_other_sections_nothing_comes()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/hidden-person", Home, Far);
        await network.AskAsync(async n =>
        {
            await SiteNetwork.TreatAsync(n, "patients/by-section", Home);
            return await n.As(Home).Patients.SetSharingAsync(new()
            {
                RequestId = Valid.Id(),
                Patient = "patients/by-section",
                Sites = { new SiteGrant { Site = Far, Sections = { new SectionGrant { Section = PlanSection.Scales, Access = SiteAccess.Write } } } },
                OccurredAt = Valid.At(default),
            });
        });
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "assessment-of-the-hidden").Refusal);
        Assert.Null(far.Record(patient, new ProposeRevisionRequest { DoseMgPerKg = 0.65, Reason = "sleeps badly since Tuesday" }).Refusal);
        var request = far.Replica.Outbox()[0].Change.RequestId;

        var view = far.Replica.Find("patients/by-section")!;
        Assert.Null(view.State);
        Assert.DoesNotContain("sleep through", view.Plan!.ToString(), StringComparison.Ordinal);
        Assert.Equal((0, 0, ""), (view.Plan.Goals.Count, view.Plan.DoseMgPerKg, view.Plan.Protocol));
        Assert.Null(far.Assess("patients/by-section", "a-section").Refusal);
        Assert.Equal("a-section", far.Replica.Find("patients/by-section")!.Unconfirmed.Single().Change.Fact.RecordAssessment.AssessmentId);
        await far.MeetAsync();
        Assert.Empty(far.Replica.Find("patients/by-section")!.Unconfirmed);

        string[] words =
        [
            "Ada", "Testperson", "hidden-person", "by-section", "1980-02-29", "R-patients", "sleep through", "Tuesday", "assessment-of", "sertraline", "ketamine", request, "RecordAssessment", "record_assessment",
            Home, Far, far.Replica.Status().ClinicZone, far.Replica.Status().LastContact!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ];

        // Nor a hash that whoever knows the name can make without the key.
        byte[][] hashes = [SHA256.HashData(Encoding.UTF8.GetBytes(patient)), SHA256.HashData(Encoding.UTF8.GetBytes(request)), HMACSHA256.HashData((byte[])[], Encoding.UTF8.GetBytes(patient))];
        foreach (var file in Directory.GetFiles(far.Folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            foreach (var word in words)
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) < 0, $"{Path.GetFileName(file)} holds {word}");
            }

            Assert.All(hashes, hash => Assert.True(bytes.AsSpan().IndexOf(hash) < 0, $"{Path.GetFileName(file)} holds a hash of a name"));

            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
        }
    }

    [Fact]
    public async Task What_is_taken_back_or_erased_is_gone_at_the_next_meeting_and_what_was_recorded_is_kept_for_a_person()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/revoked", Home, Far);
        await network.AskAsync(async n =>
        {
            await SiteNetwork.TreatAsync(n, "patients/erased", Home, Far);
            return 0;
        });
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "a-late").Refusal);
        Assert.Null(far.Assess("patients/erased", "a-early").Refusal);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "a-later").Refusal);
        await network.AskAsync(async n => await n.As(Home).Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Read)));
        using var second = await network.Server.IssueAsync("second", "network-admin");
        using var channel = network.Server.Open(second.Certificate);
        await network.AskAsync(async n => await n.Approvals.ProposeErasureAsync(Valid.Erasure("approvals/erase", "patients/erased")));
        var approvals = new Network(channel).Approvals;
        await approvals.ApproveAsync(Valid.Approval((await approvals.GetApprovalAsync(new() { Name = "approvals/erase" })).Approval));
        await Bounded.UntilAsync("the erasure", async () => (await approvals.GetApprovalAsync(new() { Name = "approvals/erase" })).Approval.Status == ApprovalStatus.Executed);

        await far.MeetAsync();
        Assert.Empty(far.Replica.Patients());
        Assert.Null(far.Replica.Find(patient));
        var late = far.Replica.Outbox().Single(i => i.Standing == ItemStanding.Refused);
        Assert.Equal(("a-later", "PATIENT_NOT_FOUND"), (late.Change.Fact.RecordAssessment.AssessmentId, late.Refusal!.Reason));
        Assert.DoesNotContain(far.Replica.Outbox(), i => i.Patient == "patients/erased");
        Assert.True(far.Replica.Close(late.Number));
        Assert.False(far.Replica.Close(late.Number));
    }

    [Fact]
    public async Task After_a_restore_to_before_what_was_confirmed_everything_of_the_site_is_there_again_and_once()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/restored", Home, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "a-before").Refusal);
        await far.MeetAsync();
        await network.Server.StopAsync();
        using var backup = new TempFolder();
        Copy(network.Server.Folder, backup.Path);
        await network.StartAgainAsync();
        Assert.Null(far.Assess(patient, "a-lost").Refusal);
        Assert.Null(far.Record(patient, new ProposeRevisionRequest { InductionSessions = 8, Reason = "lost too" }).Refusal);
        await far.MeetAsync();
        Assert.Null(far.Assess(patient, "a-unsent").Refusal);
        var before = far.Replica.Find(patient)!;
        await network.Server.StopAsync();
        Copy(backup.Path, network.Server.Folder);
        var (code, _, error) = await ServerProgram.RunAsync(["migrate", "--restored", "--folder", network.Server.Folder]);
        Assert.True(code == 0, error);
        await network.StartAgainAsync();

        Assert.True((await far.MeetAsync()).Restored);
        var after = far.Replica.Find(patient)!;
        Assert.Empty(after.Unconfirmed);
        Assert.Equal(["a-before", "a-lost", "a-unsent"], after.State!.Assessments.Select(a => a.Id.Value).Order());
        Assert.All(before.Unconfirmed, i => Assert.Equal(ItemStanding.Done, far.Replica.FindItem(i.Number)!.Standing));
        // Its base is of another incarnation of the store: asked about rather than guessed, and not lost.
        Assert.True(after.State.Plan!.InductionSessions == 8 || after.State.PlanConflicts.Any(c => c.Proposed.RevisionReason == "lost too"));
        var history = await network.AskAsync(n => n.HistoryAsync(patient));
        Assert.All(far.Replica.Outbox(), i => Assert.Single(history, h => h.RequestId == i.Change.RequestId));
    }

    [Fact]
    public async Task A_wrong_clock_is_measured_what_it_stamped_ahead_is_corrected_and_nothing_is_lost()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/clock", Home);
        var home = network.Site(Home);
        foreach (var hours in (int[])[3, -3])
        {
            home.Clock.Wrong = TimeSpan.FromHours(hours);
            await home.MeetAsync();
            AssertNow(home.Replica.Now);
            AssertNow(TimeOf(home.Assess(patient, $"a-measured{hours}")));
        }

        // Set by somebody while the network is away: behind, then far ahead.
        home.Clock.Wrong = TimeSpan.FromHours(-8);
        Assert.Null(home.Assess(patient, "a-behind").Refusal);
        home.Clock.Wrong = TimeSpan.FromHours(9);
        Assert.Null(home.Assess(patient, "a-ahead-1").Refusal);
        Assert.Null(home.Assess(patient, "a-ahead-2").Refusal);
        await home.MeetAsync();
        var answers = home.Replica.Find(patient)!.State!.Assessments;
        Assert.Equal(["a-measured3", "a-measured-3", "a-behind", "a-ahead-1", "a-ahead-2"], answers.Select(a => a.Id.Value));
        Assert.All(answers, a => AssertNow(a.OccurredAt));
        Assert.True(answers[3].OccurredAt <= answers[4].OccurredAt);
        Assert.Equal(["left", "left", "corrected", "corrected"], home.Replica.Outbox().Skip(1).Select(i => i.Note.Split(' ')[^1]));
    }

    [Fact]
    public async Task A_time_that_a_person_gave_is_never_changed_and_waits_until_the_network_has_it_behind()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/ahead", Home);
        var home = network.Site(Home);
        await home.MeetAsync();
        home.Clock.Wrong = TimeSpan.FromHours(5);
        var given = home.Clock.GetUtcNow();
        Assert.Null(home.Assess(patient, "a-given", at: given).Refusal);
        Assert.Equal(0, (await home.MeetAsync()).Refused);
        var item = home.Replica.Outbox().Single();
        Assert.Equal((ItemStanding.Waiting, given, null), (item.Standing, item.Change.Fact.RecordAssessment.OccurredAt.ToDateTimeOffset(), item.SentOn));
        // Of a site that is right the network does not refuse it either: it is refused here, before it waits.
        Assert.Equal("OCCURRED_IN_FUTURE", home.Assess(patient, "a-future", at: given).Refusal!.Reason);
    }

    [Fact]
    public void A_folder_is_one_sites_and_opens_under_its_own_key_alone()
    {
        using var folder = new TempFolder();
        Assert.Throws<SiteException>(() => SiteReplica.Open(folder.Sub("none")));
        Assert.Throws<SiteException>(() => SiteReplica.Create(folder.Sub("a"), "no clinic"));
        using (SiteReplica.Create(folder.Sub("a"), Home, new() { KeyFile = folder.Sub("a.key") }))
        {
        }

        Assert.False(File.Exists(folder.Sub("a/site.key")));
        Assert.Throws<SiteException>(() => SiteReplica.Open(folder.Sub("a")));
        Assert.Throws<SiteException>(() => SiteReplica.Create(folder.Sub("a"), Far, new() { KeyFile = folder.Sub("a.key") }));
        using (SiteReplica.Create(folder.Sub("b"), Far))
        {
        }

        Assert.Throws<SiteException>(() => SiteReplica.Open(folder.Sub("a"), new() { KeyFile = folder.Sub("b/site.key") }));
        using var again = SiteReplica.Open(folder.Sub("a"), new() { KeyFile = folder.Sub("a.key") });
        Assert.Equal((Home, null, 0), (again.Clinic, again.Status().LastContact, again.Status().Patients));
    }

    private static DateTimeOffset TimeOf(Recorded recorded) => recorded.Item!.Change.Fact.RecordAssessment.OccurredAt.ToDateTimeOffset();

    private static void AssertNow(DateTimeOffset time) => Assert.True((time - DateTimeOffset.UtcNow).Duration() < TimeSpan.FromMinutes(2), $"{time:O} is not now");

    internal static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(to, "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
