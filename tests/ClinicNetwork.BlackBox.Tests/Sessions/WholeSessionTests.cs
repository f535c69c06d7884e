using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Sessions;

/// <summary>Sessions from the first check to the discharge over gRPC, by people with the roles for it.</summary>
public sealed class WholeSessionTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Pier = "clinics/pier";

    private static readonly DateTimeOffset Dosed = Valid.Past.AddMinutes(10);

    [Fact]
    public async Task Esketamine_is_given_watched_and_the_patient_discharged_and_nothing_less_will_do()
    {
        await fixture.Network.RegisterAsync(Pier, certified: true);
        using var certificates = new TestCertificates(fixture.Server);
        using var nurses = fixture.Server.Open(certificates.Good("role:nurse", "site:pier"));
        using var clinicians = fixture.Server.Open(certificates.Good("role:clinician", "site:pier"));
        var (nurse, clinician) = (new Network(nurses, Pier).Patients, new Network(clinicians, Pier).Patients);
        var patient = await PlanAsync("patients/whole-nasal", Pier, Valid.Nasal, version: 2);

        var start = Valid.Start(patient, "s-1", clinic: Pier).WithChecks();
        start.BloodPressure.SystolicMmhg = 148;
        start.Overrides.Add(new GateOverride { Gate = GateKind.BloodPressure, Reason = "Usual for this patient; benefit outweighs the risk." });
        await RefusedAsync(StatusCode.PermissionDenied, "OVERRIDE_NOT_ALLOWED", async () => await nurse.StartSessionAsync(start));
        start.EnrolmentConfirmed = false;
        await RefusedAsync(StatusCode.FailedPrecondition, "ENROLMENT_MISSING", async () => await clinician.StartSessionAsync(start));
        (start.EnrolmentConfirmed, start.RequestId) = (true, Valid.Id());
        Assert.Equal(56, (await clinician.StartSessionAsync(start)).PlannedDoseMg);
        var dose = Valid.Dose(patient, "s-1");
        dose.DoseMg = 56;
        Assert.False((await nurse.RecordDoseAsync(dose)).OutsidePlan);

        var early = await nurse.RecordVitalsAsync(Vitals(patient, 20, saturation: 88));
        Assert.Equal((SessionStage.Emergency, 40), (early.Stage, early.DueMinute));
        var leave = Valid.Completion(patient, "s-1");
        leave.Checklist = Valid.Checklist();
        await RefusedAsync(StatusCode.FailedPrecondition, "EMERGENCY_OPEN", async () => await nurse.CompleteSessionAsync(leave));
        Assert.Equal(SessionStage.Monitored, (await nurse.RecordVitalsAsync(Vitals(patient, 25))).Stage);
        await RefusedAsync(StatusCode.FailedPrecondition, "VITALS_MISSING", async () => await nurse.CompleteSessionAsync(leave));
        Assert.Equal(0, (await nurse.RecordVitalsAsync(Vitals(patient, 40))).DueMinute);
        var nausea = Valid.SideEffect(patient, "s-1");
        nausea.DurationMinutes = 0;
        await nurse.RecordSideEffectAsync(nausea);
        await RefusedAsync(StatusCode.FailedPrecondition, "SIDE_EFFECT_UNRESOLVED", async () => await nurse.CompleteSessionAsync(leave));
        await nurse.ResolveSideEffectAsync(Valid.Resolution(patient));
        leave.Checklist.Walks = false;
        var refusal = await RefusalSeen.OfAsync(async () => await nurse.CompleteSessionAsync(leave));
        Assert.Equal(("CHECKLIST_INCOMPLETE", "checklist.walks"), (refusal.Reason, refusal.Field));
        leave.Checklist.Walks = true;
        await nurse.CompleteSessionAsync(leave);

        var read = (await nurse.GetPatientAsync(new() { Name = patient })).Patient;
        var session = Assert.Single(read.Sessions);
        Assert.Equal((SessionStage.Discharged, 3, leave.Checklist, 480, "2025-06-22"), (session.Stage, session.Vitals.Count, session.Checklist, session.FoodMinutes, session.MayDriveOn));
        var overridden = Assert.Single(session.Overridden);
        Assert.Equal((GateKind.BloodPressure, "tester"), (overridden.Gate, overridden.OverriddenBy));
        Assert.Equal((1, "ondansetron 4 mg"), (read.SideEffects[0].Number, read.SideEffects[0].TreatmentGiven));
    }

    [Fact]
    public async Task Intramuscular_ketamine_goes_the_same_way_and_who_leaves_early_was_not_discharged()
    {
        var patients = fixture.Network.As(Network.Harbour).Patients;
        var patient = await PlanAsync("patients/whole-im", Network.Harbour, "protocols/ketamine-im", version: 0);
        await patients.StartSessionAsync(Valid.Start(patient, "s-1").WithChecks());
        await patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        foreach (var minute in new[] { 15, 30, 60 })
        {
            await patients.RecordVitalsAsync(Vitals(patient, minute));
        }

        var leave = Valid.Completion(patient, "s-1");
        leave.Checklist = Valid.Checklist();
        await patients.CompleteSessionAsync(leave);

        var second = Valid.Start(patient, "s-2", Valid.Past.AddDays(1)).WithChecks();
        await RefusedAsync(StatusCode.FailedPrecondition, "SPACING_TOO_SHORT", async () => await patients.StartSessionAsync(second));
        second = Valid.Start(patient, "s-2", Valid.Past.AddDays(3)).WithChecks();
        await patients.StartSessionAsync(second);
        await patients.RecordDoseAsync(Valid.Dose(patient, "s-2", Valid.Past.AddDays(3)));
        var left = Valid.Leaving(patient, "s-2");
        left.OccurredAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(Valid.Past.AddDays(3).AddMinutes(30));
        await patients.RecordLeavingAsync(left);

        var read = (await patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal([SessionStage.Discharged, SessionStage.LeftWithoutDischarge], read.Sessions.Select(s => s.Stage));
        Assert.Equal((LeavingKind.AgainstAdvice, "would not wait"), (read.Sessions[1].Leaving, read.Sessions[1].LeavingReason));
        var listed = (await fixture.Network.Clinics.ListProtocolsAsync(new() { PageSize = 100 })).Protocols;
        Assert.Equal(
            ["esketamine-nasal-induction 1", "esketamine-nasal-induction 2", "ketamine-home 1", "ketamine-im 1", "ketamine-iv-induction 1", "ketamine-iv-induction 2", "ketamine-sc 1"],
            listed.Select(p => $"{p.Name["protocols/".Length..]} {p.Version}"));
        Assert.Equal((4, 11, "clinician"), (listed[1].Phases.Count, listed[1].Gates.Count, listed[1].Gates.Single(g => g.Kind == GateKind.BloodPressure).OverriddenBy.Single()));
    }

    /// <summary>Every page of one, so that versions of one protocol are told apart by the token.</summary>
    [Fact]
    public async Task Pages_of_protocols_lose_no_version()
    {
        var (names, token) = (new List<string>(), "");
        do
        {
            var page = await fixture.Network.Clinics.ListProtocolsAsync(new() { PageSize = 1, PageToken = token });
            names.AddRange(page.Protocols.Select(p => $"{p.Name} {p.Version}"));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(7, names.Distinct().Count());
        Assert.Equal(7, names.Count);
    }

    /// <summary>Also that clients which know no later protocols get the first version, and its sessions.</summary>
    [Fact]
    public async Task The_command_line_goes_the_way_too()
    {
        var patient = await PlanAsync("patients/whole-cli", Network.Harbour, "protocols/ketamine-sc", version: 0);
        var at = Valid.Past;
        await RunAsync("patient", "session", "start", patient, "s-1", "--clinic", Network.Harbour, "--bp", "120/80", "--weight", "70", "--spo2", "98", "--food-minutes", "400", "--drink-minutes", "90", "--escort",
            "--override", "fasting=water only", "--at", At(0));
        await RunAsync("patient", "session", "dose", patient, "s-1", "--dose-mg", "35", "--at", At(10));
        foreach (var minute in new[] { 25, 40 })
        {
            Assert.Contains("next due at", await RunAsync("patient", "vitals", patient, "s-1", "--bp", "130/82", "--spo2", "97", "--moaas", "5", "--at", At(minute)), StringComparison.Ordinal);
        }

        await RunAsync("patient", "vitals", patient, "s-1", "--bp", "128/82", "--spo2", "97", "--moaas", "5", "--dissociation", "mild", "--at", At(70));
        Assert.Contains("EMERGENCY", await RunAsync("patient", "vitals", patient, "s-1", "--spo2", "80", "--at", At(75)), StringComparison.Ordinal);
        await RunAsync("patient", "vitals", patient, "s-1", "--spo2", "98", "--at", At(80));
        await RunAsync("patient", "side-effect", patient, "s-1", "--kind", "nausea", "--severity", "mild", "--at", At(50));
        Assert.Contains("side effect 1: mild nausea", await RunAsync("patient", "show", patient), StringComparison.Ordinal);
        await RunAsync("patient", "resolve-side-effect", patient, "--number", "1", "--treatment", "ondansetron", "--at", At(80));
        await RunAsync("patient", "session", "complete", patient, "s-1", "--bp", "121/80", "--confirm", "oriented", "--confirm", "walks", "--confirm", "nausea-settled", "--confirm", "escort-present",
            "--confirm", "no-driving-advice", "--confirm", "risk-screen", "--moaas", "5", "--cadss6", "0", "--spo2", "98", "--at", At(100));
        Assert.Equal(SessionStage.Discharged, (await fixture.Network.Patients.GetPatientAsync(new() { Name = patient })).Patient.Sessions[0].Stage);
        var protocols = await RunAsync("clinic", "protocols");
        Assert.Contains("blood pressure (unless a clinician overrides it)", protocols, StringComparison.Ordinal);
        Assert.Contains("maintenance from week 9", protocols, StringComparison.Ordinal);

        string At(int minute) => at.AddMinutes(minute).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static RecordVitalsRequest Vitals(string patient, int minute, int saturation = 97)
    {
        var request = Valid.Vitals(patient, "s-1", Dosed.AddMinutes(minute));
        request.Spo2Percent = saturation;
        return request;
    }

    private static Task RefusedAsync(StatusCode code, string reason, Func<Task> call) => RefusalSeen.AssertAsync(code, reason, call);

    private async Task<string> PlanAsync(string patient, string home, string protocol, int version)
    {
        await fixture.Network.Patients.EnrolPatientAsync(Valid.Enrolment(patient, home));
        await fixture.Network.Patients.RecordConsultationAsync(Valid.Consultation(patient));
        var plan = Valid.Plan(patient, protocol);
        plan.ProtocolVersion = version;
        await fixture.Network.Patients.CreatePlanAsync(plan);
        return patient;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, told, error) = await Clinicnet.RunAsync(
            fixture.Server.Folder, [.. arguments, "--server", fixture.Server.Announced, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {error}");
        return told;
    }
}
