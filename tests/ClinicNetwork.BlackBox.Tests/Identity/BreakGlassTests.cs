using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>Every rpc × every role for a site that opened the patient in an emergency, while that lasts and after it; and what the audit tells of it.</summary>
public sealed class BreakGlassTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private delegate Task Call(Network site, string patient, string etag);

    private static readonly string[] InEmergency =
        [
            "GetPatient", "GetAdvice", "GetPlan", "ListHistory", "StartSession", "RecordDose", "RecordVitals", "RecordSideEffect", "ResolveSideEffect", "CompleteSession", "RecordLeaving",
            "RecordAssessment", "RecordScale", "GetEligibility", "RecordSeriousEvent", "GetRemsForm",
        ];

    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["GetPatient"] = async (n, p, _) => await n.Patients.GetPatientAsync(new() { Name = p }),
        ["GetAdvice"] = async (n, p, _) => await n.Patients.GetAdviceAsync(new() { Name = p }),
        ["GetPlan"] = async (n, p, _) => await n.Patients.GetPlanAsync(new() { Name = p + "/plan" }),
        ["ListHistory"] = async (n, p, _) => await n.Patients.ListHistoryAsync(new() { Parent = p }),
        ["StartSession"] = async (n, p, _) => await n.Patients.StartSessionAsync(Valid.Start(p, "s-1", clinic: Network.Hill)),
        ["RecordDose"] = async (n, p, _) => await n.Patients.RecordDoseAsync(Valid.Dose(p, "s-1")),
        ["RecordSideEffect"] = async (n, p, _) => await n.Patients.RecordSideEffectAsync(Valid.SideEffect(p, "s-1")),
        ["RecordVitals"] = async (n, p, _) => await n.Patients.RecordVitalsAsync(Valid.Vitals(p, "s-1")),
        ["ResolveSideEffect"] = async (n, p, _) => await n.Patients.ResolveSideEffectAsync(Valid.Resolution(p)),
        ["RecordLeaving"] = async (n, p, _) => await n.Patients.RecordLeavingAsync(Valid.Leaving(p, "s-1")),
        ["CompleteSession"] = async (n, p, _) => await n.Patients.CompleteSessionAsync(Valid.Completion(p, "s-1")),
        ["RecordAssessment"] = async (n, p, _) => await n.Patients.RecordAssessmentAsync(Valid.Assessment(p, "a-" + Guid.NewGuid().ToString("N"))),
        ["RecordScale"] = async (n, p, _) => await n.Patients.RecordScaleAsync(Valid.Scale(p, "g-" + Guid.NewGuid().ToString("N"))),
        ["RecordConsultation"] = async (n, p, _) => await n.Patients.RecordConsultationAsync(Valid.Consultation(p)),
        ["CreatePlan"] = async (n, p, _) => await n.Patients.CreatePlanAsync(Valid.Plan(p)),
        ["RevisePlan"] = async (n, p, etag) => await n.Patients.RevisePlanAsync(Valid.Revision(p, etag)),
        ["ProposeRevision"] = async (n, p, etag) => await n.Patients.ProposeRevisionAsync(Valid.Proposal(p, etag)),
        ["ResolvePlanConflict"] = async (n, p, etag) => await n.Patients.ResolvePlanConflictAsync(Valid.PlanResolution(p, etag)),
        ["SetSharing"] = async (n, p, _) => await n.Patients.SetSharingAsync(Valid.Sharing(p, SiteAccess.Write, Network.Hill)),
        ["SetResearchConsent"] = async (n, p, _) => await n.Patients.SetResearchConsentAsync(Valid.Consent(p, RecipientClass.Industry)),
        ["RecordSafetyCheck"] = async (n, p, _) => await n.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(p, "l-" + Guid.NewGuid().ToString("N"))),
        ["GetEligibility"] = async (n, p, _) => await n.Patients.GetEligibilityAsync(Valid.Eligibility(p)),
        ["RecordMissedVisit"] = async (n, p, _) => await n.Patients.RecordMissedVisitAsync(Valid.MissedVisit(p)),
        ["RecordRequestForDose"] = async (n, p, _) => await n.Patients.RecordRequestForDoseAsync(Valid.RequestForDose(p, "r-" + Guid.NewGuid().ToString("N"))),
        ["RescheduleVisit"] = async (n, p, _) => await n.Patients.RescheduleVisitAsync(Valid.Rescheduling(p)),
        ["RecordSupportSession"] = async (n, p, _) => await n.Patients.RecordSupportSessionAsync(Valid.Support(p, "t-" + Guid.NewGuid().ToString("N"))),
        ["RecordAdviceDecision"] = async (n, p, _) => await n.Patients.RecordAdviceDecisionAsync(Valid.AdviceDecision(p, "add-anti-nausea/1@side-effects/1")),
        ["EndTreatment"] = async (n, p, _) => await n.Patients.EndTreatmentAsync(Valid.Ending(p)),
        ["RecordDeath"] = async (n, p, _) => await n.Patients.RecordDeathAsync(Valid.Death(p)),
        ["RecordContact"] = async (n, p, _) => await n.Patients.RecordContactAsync(Valid.Contact(p)),
        ["DeclareLost"] = async (n, p, _) => await n.Patients.DeclareLostAsync(Valid.Loss(p)),
        ["RecordPregnancy"] = async (n, p, _) => await n.Patients.RecordPregnancyAsync(Valid.Pregnancy(p)),
        ["AcknowledgeAlert"] = async (n, p, _) => await n.Patients.AcknowledgeAlertAsync(Valid.Acknowledgement(p)),
        ["RecordRemsEnrolment"] = async (n, p, _) => await n.Patients.RecordRemsEnrolmentAsync(Valid.RemsEnrolment(p)),
        ["RecordRemsDetails"] = async (n, p, _) => await n.Patients.RecordRemsDetailsAsync(Valid.RemsDetails(p, "s-1")),
        ["RecordRemsSubmission"] = async (n, p, _) => await n.Patients.RecordRemsSubmissionAsync(Valid.RemsSubmission(p, "s-1")),
        ["RecordSeriousEvent"] = async (n, p, _) => await n.Patients.RecordSeriousEventAsync(Valid.SeriousEvent(p, "s-1")),
        ["GetRemsForm"] = async (n, p, _) => await n.Patients.GetRemsFormAsync(new() { Name = p, SessionId = "s-1" }),
        ["MarkEnteredInError"] = async (n, p, _) => await n.Patients.MarkEnteredInErrorAsync(Valid.Mistake(p)),
        ["AmendFact"] = async (n, p, _) => await n.Patients.AmendFactAsync(Valid.Amendment(p, "a-amended")),
        ["ReviewEmergencyAccess"] = async (n, p, _) => await n.Patients.ReviewEmergencyAccessAsync(Valid.Review(p)),
    };

    [Theory]
    [MemberData(nameof(AccessMatrixTests.Roles), MemberType = typeof(AccessMatrixTests))]
    public async Task A_role_may_do_what_its_column_and_the_emergency_permit_and_nothing_once_it_is_over(string role)
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var clinicians = fixture.Server.Open(certificates.Good("role:clinician", "site:hill"));
        using var channel = fixture.Server.Open(certificates.Good(role == AccessMatrixTests.NoRole ? "other:thing" : $"role:{role}", "site:hill"));
        var (clinician, site) = (new Network(clinicians, Network.Hill), new Network(channel, Network.Hill));
        var patient = await fixture.Network.TreatAsync("patients/matrix-" + role);
        var etag = await fixture.Network.EtagAsync(patient);
        var opened = await clinician.Patients.BreakGlassAsync(Valid.Emergency(patient));
        var column = Array.IndexOf(AccessMatrixTests.Table[0].Split(','), role);
        var rows = AccessMatrixTests.Table[1..].Select(line => line.Split(',')).ToDictionary(row => row[0], row => column > 0 && row[column] != "no");
        foreach (var rpc in rows.Keys.Where(rpc => !Calls.ContainsKey(rpc.Split('/')[1])))
        {
            await AccessMatrixTests.AssertAsync(channel, rpc, Network.Hill, CellOf(rpc) switch { "network" => "SITE_NOT_YOURS", "own" => role == "registry" ? "PARTNER_NOT_NAMED" : "PATIENT_NOT_NAMED", _ => rows[rpc] ? null : "ROLE_NOT_ALLOWED" });
        }

        foreach (var (rpc, call) in Calls)
        {
            var own = CellOf("care.v1.PatientService/" + rpc) == "own";
            var expected = own || !rows["care.v1.PatientService/" + rpc] ? "ROLE_NOT_ALLOWED" : InEmergency.Contains(rpc) ? null : "EMERGENCY_ACCESS_ONLY";
            await AssertAsync(rpc, own ? "PATIENT_NOT_NAMED" : expected, () => call(site, patient, etag));
            if (FactCalls.Rpcs.Contains(rpc))
            {
                await AssertAsync("an item, " + rpc, expected, () => call(site.OverFacts(), patient, etag));
            }

            if (PushCalls.Rpcs.Contains(rpc))
            {
                await AssertAsync("pushed, " + rpc, expected, () => call(site.OverPush(), patient, etag));
            }
        }

        await fixture.Network.AdvanceAsync(opened.Until.ToDateTimeOffset());
        foreach (var (rpc, call) in Calls)
        {
            var denied = CellOf("care.v1.PatientService/" + rpc) == "own" ? "PATIENT_NOT_NAMED" : "ROLE_NOT_ALLOWED";
            await AssertAsync(rpc, rows["care.v1.PatientService/" + rpc] && denied != "PATIENT_NOT_NAMED" ? "PATIENT_NOT_FOUND" : denied, () => call(site, patient, etag));
        }

        string CellOf(string rpc) => column > 0 ? AccessMatrixTests.Table.Single(line => line.StartsWith(rpc + ",", StringComparison.Ordinal)).Split(',')[column] : "no";
    }

    [Fact]
    public void No_rpc_about_a_patient_is_left_out() => Assert.Equal(
        PatientServiceReflection.Descriptor.Services.Single().Methods.Select(m => m.Name).Except(["EnrolPatient", "BreakGlass"]).Order(StringComparer.Ordinal), Calls.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Whoever_asks_who_saw_a_patient_is_told_each_use_of_an_emergency_as_such()
    {
        var patient = await fixture.Network.TreatAsync("patients/glass-1");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:nurse", "site:hill"));
        using var admins = fixture.Server.Open(certificates.Good("role:site-admin", "site:harbour"));
        var (hill, harbour) = (new Network(channel, Network.Hill), new Network(admins, Network.Harbour));
        var (code, told, error) = await RunAsync("patient", "break-glass", patient, "--site", Network.Hill, "--reason", "found unconscious");
        Assert.True(code == 0, error);
        Assert.StartsWith("emergency access 1 until ", told, StringComparison.Ordinal);
        await hill.Patients.GetPatientAsync(new() { Name = patient });
        await hill.Patients.GetPlanAsync(new() { Name = patient + "/plan" });
        await hill.Patients.ListHistoryAsync(new() { Parent = patient });
        await hill.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        await hill.OverFacts().Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2"));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "EMERGENCY_ACCESS_ONLY", async () => await hill.Patients.RecordMissedVisitAsync(Valid.MissedVisit(patient)));
        Assert.Contains((await fixture.Network.FeedAsync(Network.Harbour)), change => change.Patient == patient && change.Command == "BreakGlass");
        var entry = (await harbour.Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries.Single(e => e.Patient == patient);
        Assert.Equal((1, Network.Hill, Milestone.Unspecified), (entry.EmergencyAccess, entry.Site, entry.Milestone));

        var seen = await UntilAsync(patient, 10);
        Assert.Equal(
            [
                "BreakGlass admin hill OK", "CreatePlan admin  OK", "EnrolPatient admin  OK", "RecordAssessment (emergency) tester hill OK", "RecordAssessment (emergency) tester hill OK",
                "RecordConsultation admin  OK", "care.v1.PatientService/GetPatient tester hill OK BTG", "care.v1.PatientService/GetPlan tester hill OK BTG",
                "care.v1.PatientService/ListHistory tester hill OK BTG", "care.v1.PatientService/RecordMissedVisit tester hill PermissionDenied EMERGENCY_ACCESS_ONLY TREAT",
            ],
            seen.Select(e => $"{e.Action} {e.Actor} {e.Site} {e.Outcome} {e.Purpose}".TrimEnd()).Order(StringComparer.Ordinal));
        Assert.Contains("BTG", (await RunAsync("audit", "of", patient)).Out, StringComparison.Ordinal);

        await fixture.Network.AdvanceAsync((await fixture.Network.Patients.GetPatientAsync(new() { Name = patient })).Patient.EmergencyAccesses.Single().Until.ToDateTimeOffset());
        (code, _, error) = await RunAsync("patient", "review-access", patient, "--access", "1", "--finding", "justified");
        Assert.True(code != 0 && error.Contains("SAME_PERSON", StringComparison.Ordinal), error);
        await harbour.Patients.ReviewEmergencyAccessAsync(Valid.Review(patient));
        Assert.DoesNotContain((await harbour.Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Patient == patient);
    }

    [Fact]
    public async Task Who_tries_an_id_that_is_not_there_is_in_the_audit_of_it()
    {
        await RefusalSeen.AssertAsync(
            StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await fixture.Network.As(Network.Hill).Patients.BreakGlassAsync(Valid.Emergency("patients/guessed")));
        var tried = Assert.Single(await UntilAsync("patients/guessed", 1));
        Assert.Equal(("care.v1.PatientService/BreakGlass", "admin", "hill", "NotFound PATIENT_NOT_FOUND"), (tried.Action, tried.Actor, tried.Site, tried.Outcome));
    }

    /// <param name="reason">Null: it is not refused for who calls or for whom.</param>
    private static async Task AssertAsync(string rpc, string? reason, Func<Task> call)
    {
        var seen = await RefusalOfAsync(call);
        var refused = seen?.Code is StatusCode.PermissionDenied or StatusCode.NotFound ? seen.Reason : null;
        Assert.True(reason == refused, $"{rpc}: {seen?.Code} {seen?.Reason} instead of {reason}");
    }

    private static async Task<RefusalSeen?> RefusalOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException exception)
        {
            return RefusalSeen.Of(exception);
        }
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments) =>
        Clinicnet.RunAsync(fixture.Server.Folder, [.. arguments, "--server", fixture.Server.Announced, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);

    private async Task<IReadOnlyList<AuditEntry>> UntilAsync(string parent, int count)
    {
        IReadOnlyList<AuditEntry> entries = [];
        await Bounded.UntilAsync($"{count} entries", async () =>
        {
            entries = [.. (await fixture.Network.Audit.ListAccessesAsync(new() { Parent = parent, PageSize = 500 })).Entries
                .Select(placed => placed.Entry).Where(e => !e.Action.StartsWith("audit.", StringComparison.Ordinal))];
            return entries.Count >= count;
        });
        return entries;
    }
}
