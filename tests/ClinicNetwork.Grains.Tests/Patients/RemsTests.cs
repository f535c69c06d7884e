using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>What the programme for esketamine asks for, in the worklist and at the gate. The clock stands at 1 March 2025 in Berlin; the dose is of 6 January.</summary>
public sealed class RemsTests : IAsyncLifetime
{
    /// <summary>The end of 13 January in Berlin.</summary>
    private static readonly DateTimeOffset DueBy = new(2025, 1, 13, 23, 0, 0, TimeSpan.Zero);

    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task Each_dose_of_esketamine_stands_in_the_worklist_until_its_form_was_sent_over_a_restart()
    {
        var patient = await DosedAsync();
        Assert.Equal([("rems:s-1:north", Commands.OnDay(0, 5), DueBy)], (await WorklistAsync()).Where(IsForm));
        (await patient.RecordRemsSubmission(new(new("s-1"), "F-1", DueBy.AddDays(1)), Origins.Next(Commands.North) with { Actor = "nora" })).AcceptedAs(6);
        Assert.DoesNotContain(await WorklistAsync(), IsForm);
        await _network.ReopenAsync();
        var state = (await (await _network.AddClusterAsync()).Patient("anna").StandsAtAsync()).State;
        Assert.Equal(("nora", "F-1"), (Assert.Single(state.RemsSubmissions).By, state.RemsSubmissions[0].Reference));
        Assert.DoesNotContain(await WorklistAsync(), IsForm);
    }

    [Fact]
    public async Task Racemic_ketamine_has_none()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.StartSession(Commands.StartSession("s-1", 0), Origins.Next())).AcceptedAs(4);
        (await patient.RecordDose(Commands.RecordDose("s-1", 0), Origins.Next())).AcceptedAs(5);
        Assert.DoesNotContain(await WorklistAsync(), i => i.ToDo.StartsWith("rems", StringComparison.Ordinal));
        (await patient.RecordRemsSubmission(new(new("s-1"), "", Commands.OnDay(1)), Origins.Next())).RefusedAs("REMS_NOT_ASKED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task Erasure_takes_it_from_the_worklist()
    {
        var patient = await DosedAsync();
        (await patient.EraseAsync(new("asked for"), Origins.Next())).AcceptedAs(6);
        Assert.Empty(await WorklistAsync());
    }

    [Fact]
    public async Task The_days_of_the_clinics_certificate_decide_once_there_is_one()
    {
        var patient = await PlannedAsync();
        var form = new RecordRemsEnrolment(RemsEnrolmentKind.Form, Commands.North, "Dr Chen", RemsIndication.TreatmentResistantDepression, true, "", Commands.OnDay(0));
        var clinic = _network.Cluster.Clinic("north");
        (await clinic.Configure(new(new RemsCertificate("H-1", new(2025, 1, 7), null)), Origins.Next())).AcceptedAs(2);
        (await patient.RecordRemsEnrolment(form, Origins.Next())).RefusedAs("SETTING_NOT_CERTIFIED", RefusalKind.Precondition);
        (await patient.StartSession(Commands.StartSession("s-1", 0), Origins.Next())).RefusedAs("SETTING_NOT_CERTIFIED", RefusalKind.Precondition);
        (await patient.RecordRemsEnrolment(form with { OccurredAt = Commands.OnDay(1) }, Origins.Next())).AcceptedAs(4);
        (await patient.StartSession(Commands.StartSession("s-1", 1), Origins.Next())).AcceptedAs(5);
        (await patient.RecordRemsEnrolment(form with { Clinic = new("nowhere") }, Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
    }

    private async Task<IPatientGrain> PlannedAsync()
    {
        var patient = _network.Cluster.Patient("anna");
        (await patient.Enrol(Commands.Enrol("anna"), Origins.Next())).AcceptedAs(1);
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        (await patient.CreatePlan(Commands.CreatePlan() with { Protocol = ProtocolCatalogue.EsketamineNasalInduction.Id, Setting = Setting.CertifiedClinic }, Origins.Next())).AcceptedAs(3);
        return patient;
    }

    private async Task<IPatientGrain> DosedAsync()
    {
        var patient = await PlannedAsync();
        (await patient.StartSession(Commands.StartSession("s-1", 0), Origins.Next())).AcceptedAs(4);
        (await patient.RecordDose(new(new("s-1"), 56, 10, Commands.OnDay(0, 5)), Origins.Next())).AcceptedAs(5);
        return patient;
    }

    /// <summary>Without visits, whose windows are not open yet or long over.</summary>
    private async Task<IReadOnlyList<(string ToDo, DateTimeOffset From, DateTimeOffset Until)>> WorklistAsync() =>
        [.. (await _network.Cluster.Clinic("north").ReadWorklist(null, 10)).State!.Items.Where(i => i.Milestone.Contains(':', StringComparison.Ordinal)).Select(i => (i.Milestone, i.OpensAt, i.ClosesAt))];

    private static bool IsForm((string ToDo, DateTimeOffset From, DateTimeOffset Until) row) => row.ToDo.StartsWith("rems:", StringComparison.Ordinal);
}
