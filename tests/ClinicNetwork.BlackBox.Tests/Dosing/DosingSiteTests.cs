using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Dosing;

/// <summary>The harbour and the hill share a patient: which of them may dose without the network, what the other may do meanwhile, and what is told of later.</summary>
public sealed class DosingSiteTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private Network Harbour => fixture.Network.As(Network.Harbour);

    private Network Hill => fixture.Network.As(Network.Hill);

    [Fact]
    public async Task One_clinic_at_a_time_may_dose_without_the_network_and_the_other_starts_no_session_meanwhile()
    {
        var patient = await SharedAsync("patients/dosing-1");
        Assert.Equal(new Protocol.Sync.V1.Dosing(), (await Harbour.Dosing.GetDosingAsync(new() { Patient = patient })).Dosing);
        var request = Valid.Dosing(patient);
        var taken = await Harbour.Dosing.TakeDosingAsync(request);
        Assert.Equal((Network.Harbour, TimeSpan.FromHours(72)), (taken.Dosing.Site, taken.Dosing.ExpiresAt.ToDateTimeOffset() - taken.Dosing.TakenAt.ToDateTimeOffset()));
        Assert.Equal(taken, await Harbour.Dosing.TakeDosingAsync(request));
        Assert.Equal(taken.Dosing, (await Hill.Dosing.GetDosingAsync(new() { Patient = patient })).Dosing);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOSING_ELSEWHERE", async () => await Hill.Dosing.TakeDosingAsync(Valid.Dosing(patient)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "DOSING_NOT_YOURS", async () => await Hill.Dosing.EndDosingAsync(Valid.DosingEnd(patient)));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOSING_ELSEWHERE", async () => await Hill.Patients.StartSessionAsync(Valid.Start(patient, "s-1", clinic: Network.Hill)));

        var passed = await Harbour.Dosing.PassDosingAsync(Valid.Passing(patient));
        Assert.Equal(Network.Hill, passed.Dosing.Site);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOSING_ELSEWHERE", async () => await Harbour.Patients.StartSessionAsync(Valid.Start(patient, "s-1")));
        var emergency = Valid.Start(patient, "s-1");
        emergency.Overrides.Add(new GateOverride { Gate = GateKind.DosingSite, Reason = "The hill is snowed in" });
        await Harbour.Patients.StartSessionAsync(emergency);
        var shown = (await Harbour.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal((GateKind.DosingSite, "The hill is snowed in"), (shown.Sessions.Single().Overridden.Single().Gate, shown.Sessions.Single().Overridden.Single().Reason));
        Assert.Equal((AlertKind.OutsideGates, $"{patient}/sessions/s-1"), (shown.Alerts.Single().Kind, shown.Alerts.Single().Causes.Single()));

        await Hill.Dosing.EndDosingAsync(Valid.DosingEnd(patient));
        Assert.Equal("", (await Hill.Dosing.GetDosingAsync(new() { Patient = patient })).Dosing.Site);
        Assert.Equal(["TakeDosing", "PassDosing", "StartSession", "EndDosing"], (await Hill.FeedAsync(Network.Hill)).Where(c => c.Patient == patient && c.Command != "SetSharing").Select(c => c.Command));
    }

    [Fact]
    public async Task Of_two_that_take_it_at_once_one_has_it()
    {
        var patient = await SharedAsync("patients/dosing-2");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                return (await (i % 2 == 0 ? Harbour : Hill).Dosing.TakeDosingAsync(Valid.Dosing(patient))).Dosing.Site;
            }
            catch (RpcException refused)
            {
                return RefusalSeen.Of(refused).Reason;
            }
        }));
        var holder = (await Harbour.Dosing.GetDosingAsync(new() { Patient = patient })).Dosing.Site;
        Assert.Equal(10, outcomes.Count(o => o == holder));
        Assert.Equal(10, outcomes.Count(o => o == "DOSING_ELSEWHERE"));
    }

    [Fact]
    public async Task It_is_for_sites_that_may_change_medication_and_sessions_and_ends_when_they_may_not()
    {
        var patient = await fixture.Network.TreatAsync("patients/dosing-3");
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "SITE_MISSING", async () => await fixture.Network.Dosing.TakeDosingAsync(Valid.Dosing(patient)));
        foreach (var call in (Func<Task>[])[async () => await Hill.Dosing.GetDosingAsync(new() { Patient = patient }), async () => await Hill.Dosing.TakeDosingAsync(Valid.Dosing(patient))])
            await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", call);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "SITE_NOT_ALLOWED", async () => await (await TakenAsync(patient)).Dosing.PassDosingAsync(Valid.Passing(patient)));
        await Hill.Patients.BreakGlassAsync(Valid.Emergency(patient));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "EMERGENCY_ACCESS_ONLY", async () => await Hill.Dosing.TakeDosingAsync(Valid.Dosing(patient)));
        Assert.Equal(Network.Harbour, (await Hill.Dosing.GetDosingAsync(new() { Patient = patient })).Dosing.Site);

        var other = await SharedAsync("patients/dosing-4");
        await (await TakenAsync(other)).Dosing.PassDosingAsync(Valid.Passing(other));
        await Harbour.Patients.SetSharingAsync(Valid.Sharing(other, SiteAccess.Read, Network.Hill));
        Assert.Equal("", (await Harbour.Dosing.GetDosingAsync(new() { Patient = other })).Dosing.Site);
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_READ_ONLY", async () => await Hill.Dosing.TakeDosingAsync(Valid.Dosing(other)));

        async Task<Network> TakenAsync(string of)
        {
            await Harbour.Dosing.TakeDosingAsync(Valid.Dosing(of));
            return Harbour;
        }
    }

    [Fact]
    public async Task It_expires_by_the_networks_clock_alone()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        var patient = await network.TreatAsync("patients/dosing-5");
        await network.Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        var taken = await network.As(Network.Harbour).Dosing.TakeDosingAsync(Valid.Dosing(patient));
        var expires = taken.Dosing.ExpiresAt.ToDateTimeOffset();
        await network.AdvanceAsync(expires.AddTicks(-10));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOSING_ELSEWHERE", async () => await network.As(Network.Hill).Dosing.TakeDosingAsync(Valid.Dosing(patient)));
        await network.AdvanceAsync(expires);
        Assert.Equal("", (await network.As(Network.Hill).Dosing.GetDosingAsync(new() { Patient = patient })).Dosing.Site);
        await network.As(Network.Hill).Dosing.TakeDosingAsync(Valid.Dosing(patient));
    }

    [Fact]
    public async Task A_session_started_without_the_network_is_kept_alerted_and_recorded_to_its_end_on_either_way_once()
    {
        var patient = await SharedAsync("patients/reported-1");
        var etag = await fixture.Network.EtagAsync(patient);
        await Harbour.Dosing.TakeDosingAsync(Valid.Dosing(patient));
        var changed = await Harbour.Patients.RevisePlanAsync(Revision(patient, etag));
        Assert.Equal(0.8, changed.Plan.DoseMgPerKg);
        var report = Valid.Report(patient, "s-1", clinic: Network.Hill);
        (report.PlanEtag, report.Session.BloodPressure.SystolicMmhg) = (etag, 150);
        var answer = await Hill.Push.ReportSessionAsync(report);
        // By the plan that the hill knew.
        Assert.Equal((35, "BLOOD_PRESSURE_HOLD,DOSING_NOT_HERE"), (answer.PlannedDoseMg, string.Join(',', answer.OutsideGates)));
        Assert.Equal(answer, await Hill.Push.ReportSessionAsync(report));
        var named = report.Clone();
        (named.Session.RequestId, named.Session.Patient) = (report.RequestId, patient);
        Assert.Equal(answer, await Hill.Push.ReportSessionAsync(named));
        var pushed = Assert.Single(await Hill.Push.SendAsync(new PushChangesRequest { RequestId = report.RequestId, Patient = patient, ReportSession = WithoutNames(report) }));
        Assert.Equal(answer, pushed.Appended.ReportSession);

        Assert.Contains((await Harbour.Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Patient == patient && e.AlertKind == AlertKind.OutsideGates);
        await Hill.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        await Hill.Patients.RecordVitalsAsync(Valid.Vitals(patient, "s-1"));
        await Hill.Patients.CompleteSessionAsync(Valid.Completion(patient, "s-1"));
        var session = (await Harbour.Patients.GetPatientAsync(new() { Name = patient })).Patient.Sessions.Single();
        Assert.Equal((answer.OutsideGates, Network.Hill, true), (session.OutsideGates, session.Clinic, session.ReportedAt is not null && session.CompletedAt is not null));
        Assert.Single((await Hill.HistoryAsync(patient)), e => e.Command == "ReportSession");

        await Hill.Patients.MarkEnteredInErrorAsync(Valid.Mistake(patient, "sessions/s-1"));
        var after = (await Harbour.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Empty(after.Sessions);
        Assert.All(after.Alerts, a => Assert.NotNull(a.ClosedAt));
        await RefusalSeen.AssertAsync(StatusCode.AlreadyExists, "SESSION_EXISTS", async () => await Hill.Push.ReportSessionAsync(Valid.Report(patient, "s-1", clinic: Network.Hill)));
    }

    [Fact]
    public async Task Two_sites_that_both_dosed_on_one_day_are_both_kept_and_one_alert_names_both()
    {
        var patient = await SharedAsync("patients/reported-2");
        await Harbour.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        await Harbour.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        var emergency = Valid.Report(patient, "s-2", Valid.Past.AddHours(5), Network.Hill);
        emergency.EmergencyReason = "Could not wait for the network";
        var answer = await Hill.Push.ReportSessionAsync(emergency);
        Assert.Equal(["SESSION_OPEN", "SESSION_SAME_DAY"], answer.OutsideGates);
        var shown = (await Harbour.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal(2, shown.Sessions.Count);
        Assert.Equal([$"{patient}/sessions/s-1", $"{patient}/sessions/s-2"], shown.Alerts.Single(a => a.Kind == AlertKind.OutsideGates).Causes.Order(StringComparer.Ordinal));
        var told = await RunAsync("patient", "show", patient);
        Assert.Contains("s-2 was started without the network, SESSION_OPEN, SESSION_SAME_DAY, without the right to dose: Could not wait for the network", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_takes_passes_shows_and_ends_it_and_reports_a_session()
    {
        var patient = await SharedAsync("patients/dosing-6");
        Assert.Contains("clinics/harbour may dose without the network until ", await RunAsync("dosing", "take", patient, "--site", Network.Harbour), StringComparison.Ordinal);
        Assert.Contains("clinics/hill may dose without the network until ", await RunAsync("dosing", "pass", patient, "--to", Network.Hill, "--site", Network.Harbour), StringComparison.Ordinal);
        Assert.StartsWith("clinics/hill may dose without the network until ", await RunAsync("dosing", "show", patient, "--site", Network.Harbour), StringComparison.Ordinal);
        Assert.StartsWith("no clinic may dose without the network: version ", await RunAsync("dosing", "end", patient, "--site", Network.Hill), StringComparison.Ordinal);
        Assert.Equal("no clinic may dose without the network", (await RunAsync("dosing", "show", patient, "--site", Network.Hill)).Trim());
        var told = await RunAsync(
            "patient", "report-session", patient, "s-1", "--clinic", Network.Hill, "--bp", "124/78", "--weight", "70", "--at", Valid.Past.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith("  would have been held: DOSING_NOT_HERE", told, StringComparison.Ordinal);
        Assert.Contains("session s-1 recorded, planned dose 35 mg: version ", told, StringComparison.Ordinal);
    }

    private static RevisePlanRequest Revision(string patient, string etag)
    {
        var revision = Valid.Revision(patient, etag);
        revision.DoseMgPerKg = 0.8;
        return revision;
    }

    /// <summary>As an item has it: id and patient on the item alone.</summary>
    private static ReportSessionRequest WithoutNames(ReportSessionRequest report)
    {
        var inner = report.Clone();
        (inner.RequestId, inner.Patient, inner.Session.RequestId, inner.Session.Patient) = ("", "", "", "");
        return inner;
    }

    /// <summary>The harbour's, shared with the hill for writing.</summary>
    private async Task<string> SharedAsync(string patient)
    {
        await fixture.Network.TreatAsync(patient);
        await Harbour.Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        return patient;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        var (code, told, error) = await Clinicnet.RunAsync(folder.Path, [.. arguments, "--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
        Assert.True(code == 0, error + told);
        return told;
    }
}
