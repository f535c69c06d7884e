using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A "no" comes back as a refusal, and nothing is written.</summary>
public sealed class PatientRefusalTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task Nothing_can_be_done_with_a_patient_who_is_not_there()
    {
        var nobody = Cluster.Patient("nobody");
        (await nobody.RecordConsultation(Commands.Consult(), Origins.Next())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await nobody.SetResearchConsent(Commands.Consent(), Origins.Next())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await nobody.CloseMilestone(new(Milestone.Week4), Origins.Next())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await nobody.Read(Replies.Confirmed)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await nobody.ReadHistory(Replies.Confirmed, 0, 10)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal(0, await shared.Network.Store.Journal.ReadHeadAsync("pt-nobody", default));
    }

    [Fact]
    public async Task Enrolment_at_an_unknown_clinic_is_refused()
    {
        var command = Commands.Enrol("lost") with { HomeClinic = new("atlantis") };
        var refusal = (await Cluster.Patient("lost").Enrol(command, Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal("home_clinic", refusal.Field);
        Assert.Equal(0, await shared.Network.Store.Journal.ReadHeadAsync("pt-lost", default));
    }

    [Fact]
    public async Task A_clinic_registered_after_a_vain_enrolment_is_found()
    {
        var command = Commands.Enrol("early") with { HomeClinic = new("founded-later") };
        (await Cluster.Patient("early").Enrol(command, Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await Cluster.Clinic("founded-later").Register(Commands.Register("founded-later"), Origins.Next())).AcceptedAs(1);
        (await Cluster.Patient("early").Enrol(command, Origins.Next())).AcceptedAs(1);
    }

    [Fact]
    public async Task A_second_enrolment_is_refused()
    {
        var patient = await Cluster.EnrolledAsync("twice");
        (await patient.Enrol(Commands.Enrol("twice", recordNumber: "other"), Origins.Next())).RefusedAs("PATIENT_EXISTS", RefusalKind.Exists);
    }

    [Fact]
    public async Task A_record_number_is_used_once_in_a_clinic()
    {
        await Cluster.EnrolledAsync("original");
        var double_ = Cluster.Patient("doubled");
        (await double_.Enrol(Commands.Enrol("doubled", recordNumber: "R-original"), Origins.Next())).RefusedAs("RECORD_NUMBER_IN_USE", RefusalKind.Exists);
        (await double_.Read(Replies.Cached)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await double_.Enrol(Commands.Enrol("doubled", recordNumber: "R-original") with { HomeClinic = Commands.South }, Origins.Next())).AcceptedAs(1);
    }

    [Fact]
    public async Task A_request_id_that_was_refused_may_be_accepted_later()
    {
        var patient = await Cluster.EnrolledAsync("later");
        var origin = Origins.Next();
        (await patient.CreatePlan(Commands.CreatePlan(), origin)).RefusedAs("CONSULTATION_MISSING", RefusalKind.Precondition);
        await patient.RecordConsultation(Commands.Consult(), Origins.Next());
        (await patient.CreatePlan(Commands.CreatePlan(), origin)).AcceptedAs(3);
    }

    [Fact]
    public async Task A_refusal_changes_neither_version_nor_state()
    {
        var patient = await Cluster.InSessionAsync("firm");
        var before = Structure.Describe((await patient.StandsAtAsync()).State);
        (await patient.StartSession(Commands.StartSession("s1", 1), Origins.Next())).RefusedAs("SESSION_OPEN", RefusalKind.Precondition);
        (await patient.RecordDose(Commands.RecordDose("s9", 1), Origins.Next())).RefusedAs("SESSION_UNKNOWN", RefusalKind.Precondition);
        (await patient.RevisePlan(Commands.RevisePlan(2), Origins.Next())).RefusedAs("ETAG_MISMATCH", RefusalKind.Stale);
        (await patient.CloseMilestone(new(Milestone.EndOfInduction), Origins.Next())).RefusedAs("NOT_TREATED", RefusalKind.Precondition);
        var (state, version) = await patient.StandsAtAsync();
        Assert.Equal((4L, before), (version, Structure.Describe(state)));
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_contraindication_stops_sessions()
    {
        var patient = await Cluster.PlannedAsync("stopped");
        await patient.RecordConsultation(Commands.Consult("aneurysm"), Origins.Next());
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("CONTRAINDICATED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_session_at_an_unknown_clinic_is_refused()
    {
        var patient = await Cluster.PlannedAsync("astray");
        var refusal = (await patient.StartSession(Commands.StartSession("s0", 0, new("atlantis")), Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal("clinic", refusal.Field);
    }

    [Fact]
    public async Task The_certificate_is_the_clinics_and_not_the_callers()
    {
        var patient = await Cluster.EnrolledAsync("certified");
        await patient.RecordConsultation(Commands.Consult(), Origins.Next());
        await patient.CreatePlan(new(new("esketamine-nasal-induction"), Domain.Protocols.Setting.CertifiedClinic, null, null, [new("sleep", null, null)]), Origins.Next());
        await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next());

        var claimed = Commands.StartSession("s0", 0, Commands.South) with { ClinicCertified = true };
        (await patient.StartSession(claimed, Origins.Next())).RefusedAs("SETTING_NOT_CERTIFIED", RefusalKind.Precondition);
        (await patient.StartSession(Commands.StartSession("s0", 0, Commands.North), Origins.Next())).AcceptedAs(5);
    }

    [Fact]
    public async Task A_foreign_site_does_not_learn_that_the_patient_exists()
    {
        var patient = await Cluster.PlannedAsync("hidden");
        (await patient.Read(new(true, 0, Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.ReadHistory(new(true, 0, Commands.South), 0, 10)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
    }

    [Fact]
    public async Task A_site_that_may_read_may_not_write()
    {
        var patient = await Cluster.PlannedAsync("readable");
        await patient.SetSharing(Commands.Share(SiteAccess.Read), Origins.Next());
        Assert.Equal(4, (await patient.Read(new(true, 0, Commands.South))).Version);
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next(Commands.South))).RefusedAs("SITE_READ_ONLY", RefusalKind.Denied);
    }

    [Fact]
    public async Task A_site_enrols_for_itself_only()
    {
        var patient = Cluster.Patient("foreign");
        (await patient.Enrol(Commands.Enrol("foreign"), Origins.Next(Commands.South))).RefusedAs("SITE_NOT_HOME", RefusalKind.Denied);
        (await patient.Enrol(Commands.Enrol("foreign"), Origins.Next(Commands.North))).AcceptedAs(1);
    }
}
