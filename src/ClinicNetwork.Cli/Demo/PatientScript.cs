using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Simulation;
using Google.Protobuf.WellKnownTypes;
using EarlierTreatment = ClinicNetwork.Protocol.Care.V1.EarlierTreatment;

namespace ClinicNetwork.Cli.Demo;

/// <summary>A virtual patient's events as the commands that a clinic would send, in order of time.</summary>
internal sealed class PatientScript(ClinicNetworkClient home, VirtualPatient virtualPatient, DemoClinic clinic)
{
    private readonly PatientService.PatientServiceClient patients = home.Patients;
    private readonly List<PatientStep> steps = [];
    private IReadOnlyList<string> goals = [];
    private int? plannedDoseMg;
    private string planEtag = "";

    internal string Name { get; } = $"patients/p-{virtualPatient.Index + 1:0000}";

    internal VirtualPatient Virtual => virtualPatient;

    internal DemoClinic Clinic => clinic;

    /// <summary>Commands up to <paramref name="end"/>.</summary>
    internal IReadOnlyList<PatientStep> Steps(DateTimeOffset end)
    {
        foreach (var happened in virtualPatient.Events)
            Add(happened);
        return [.. steps.Where(step => step.At <= end).OrderBy(step => step.At)];
    }

    private void Add(VirtualEvent happened)
    {
        switch (happened)
        {
            case Enrolled e:
                Add(e, "EnrolPatient", (at, token) => patients.EnrolPatientAsync(Enrolment(at), cancellationToken: token).ResponseAsync);
                break;
            case Consulted e:
                Add(e, "RecordConsultation", (at, token) =>
                    patients.RecordConsultationAsync(Consultation(e, at), cancellationToken: token).ResponseAsync);
                break;
            case GoalsAgreed e:
                goals = e.Goals;
                break;
            case PlanChosen e:
                plannedDoseMg = e.Treatment.FirstDoseMg;
                Add(e, "CreatePlan", (_, token) => CreatePlanAsync(e.Treatment, token));
                break;
            case ResearchConsentGiven e:
                AddConsent(e, RecipientClass.ResearchRegistry);
                break;
            case ResearchConsentWithdrawn e:
                AddConsent(e);
                break;
            case PlanShared e:
                Add(e, "SetSharing", (at, token) => patients.SetSharingAsync(
                    new()
                    {
                        RequestId = RequestIds.New(),
                        Patient = Name,
                        OccurredAt = at,
                        Sites = { new SiteGrant { Site = DemoClinic.All[e.ClinicIndex].Name, Access = SiteAccess.Read } },
                    },
                    cancellationToken: token).ResponseAsync);
                break;
            case SessionGiven e:
                AddSession(e);
                break;
            case SideEffectNoted e:
                Add(e, "RecordSideEffect", (at, token) =>
                    patients.RecordSideEffectAsync(SideEffect(e, at), cancellationToken: token).ResponseAsync);
                break;
            case Phq9Answered e:
                Add(e, "RecordAssessment", (at, token) => patients.RecordAssessmentAsync(
                    new()
                    {
                        RequestId = RequestIds.New(),
                        Patient = Name,
                        AssessmentId = $"phq-{e.Day:yyyyMMdd}-{e.Time:HHmmss}",
                        Items = { e.Items },
                        OccurredAt = at,
                    },
                    cancellationToken: token).ResponseAsync);
                break;
            case VisitMissed e:
                Add(e, "RecordMissedVisit", (at, token) => patients.RecordMissedVisitAsync(
                    new()
                    {
                        RequestId = RequestIds.New(),
                        Patient = Name,
                        Milestone = Words.Of(e.Milestone),
                        Reason = Words.Of(e.Reason),
                        OccurredAt = at,
                    },
                    cancellationToken: token).ResponseAsync);
                break;
            case TreatmentLeft e:
                Add(e, "EndTreatment", (at, token) => patients.EndTreatmentAsync(
                    new() { RequestId = RequestIds.New(), Patient = Name, Reason = Words.Of(e.Reason), OccurredAt = at },
                    cancellationToken: token).ResponseAsync);
                break;
            default:
                throw new NotSupportedException($"no command for {happened.GetType().Name}");
        }
    }

    private void AddSession(SessionGiven e)
    {
        var session = $"s-{e.Number}";
        if (plannedDoseMg is { } planned && e.DoseMg != planned)
        {
            plannedDoseMg = (int)e.DoseMg;
            Add(e, "RevisePlan", (_, token) => RevisePlanAsync((double)e.DoseMg, token));
        }
        Add(e, "StartSession", (at, token) => patients.StartSessionAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = Name,
                SessionId = session,
                Clinic = clinic.Name,
                BloodPressure = Words.Of(e.Before),
                WeightKg = (double)e.WeightKg,
                OverrideReason = e.Before is { SystolicMmHg: > 140 } or { DiastolicMmHg: > 90 }
                    ? "benefit outweighs the risk, reading repeated (simulated)" : "",
                OccurredAt = at,
            },
            cancellationToken: token).ResponseAsync);
        Add(e, "RecordDose", (at, token) => patients.RecordDoseAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = Name,
                SessionId = session,
                DoseMg = (double)e.DoseMg,
                DurationMinutes = e.InfusionMinutes,
                OccurredAt = at,
            },
            cancellationToken: token).ResponseAsync);
        Add(e.Day, e.Completed, "CompleteSession", (at, token) => patients.CompleteSessionAsync(
            new() { RequestId = RequestIds.New(), Patient = Name, SessionId = session, BloodPressure = Words.Of(e.After), OccurredAt = at },
            cancellationToken: token).ResponseAsync);
    }

    private void AddConsent(VirtualEvent e, params RecipientClass[] recipients) =>
        Add(e, "SetResearchConsent", (at, token) => patients.SetResearchConsentAsync(
            new() { RequestId = RequestIds.New(), Patient = Name, Recipients = { recipients }, OccurredAt = at },
            cancellationToken: token).ResponseAsync);

    private async Task CreatePlanAsync(VirtualTreatment treatment, CancellationToken cancellationToken)
    {
        var nasal = treatment.Drug == VirtualDrug.EsketamineNasal;
        var answer = await patients.CreatePlanAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = Name,
                Protocol = nasal ? DemoProtocols.Esketamine : DemoProtocols.Intravenous,
                Setting = nasal ? Setting.CertifiedClinic : Setting.Clinic,
                DoseMgPerKg = (double)(treatment.DoseMgPerKg ?? 0),
                DoseMg = treatment.FirstDoseMg ?? 0,
                Goals = { goals.Select(goal => new Goal { Text = goal }) },
            },
            cancellationToken: cancellationToken);
        planEtag = answer.Plan.Etag;
    }

    private async Task RevisePlanAsync(double doseMg, CancellationToken cancellationToken)
    {
        var answer = await patients.RevisePlanAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = Name,
                Etag = planEtag,
                DoseMg = doseMg,
                Reason = "first dose well tolerated (simulated)",
            },
            cancellationToken: cancellationToken);
        planEtag = answer.Plan.Etag;
    }

    private EnrolPatientRequest Enrolment(Timestamp at) => new()
    {
        RequestId = RequestIds.New(),
        Patient = Name,
        HomeClinic = clinic.Name,
        GivenName = virtualPatient.GivenName,
        FamilyName = virtualPatient.FamilyName,
        BirthDate = $"{virtualPatient.BirthDate:yyyy-MM-dd}",
        Sex = virtualPatient.Sex == VirtualSex.Female ? Sex.Female : Sex.Male,
        RecordNumber = virtualPatient.RecordNumber,
        OccurredAt = at,
    };

    private RecordConsultationRequest Consultation(Consulted e, Timestamp at) => new()
    {
        RequestId = RequestIds.New(),
        Patient = Name,
        OccurredAt = at,
        Consultation = new()
        {
            DiagnosisCode = e.Diagnosis,
            PsychiatricHistory = "simulated",
            EarlierTreatments = { e.Treatments.Select(Earlier) },
            RisksDiscussed = { "dissociation", "sedation", "raised blood pressure", "misuse" },
            TreatmentConsent = e.TreatmentConsent,
        },
    };

    private static EarlierTreatment Earlier(Simulation.EarlierTreatment given) =>
        new() { Treatment = given.Drug, Adequate = given.Adequate, Response = Words.Of(given.Response) };

    private RecordSideEffectRequest SideEffect(SideEffectNoted e, Timestamp at) => new()
    {
        RequestId = RequestIds.New(),
        Patient = Name,
        SessionId = $"s-{e.Session}",
        Kind = Words.Of(e.Kind),
        Severity = Words.Of(e.Severity),
        DurationMinutes = e.ResolvedMinutes - e.OnsetMinutes,
        OccurredAt = at,
    };

    private void Add(VirtualEvent e, string command, Func<Timestamp, CancellationToken, Task> send) => Add(e.Day, e.Time, command, send);

    private void Add(DateOnly day, TimeOnly time, string command, Func<Timestamp, CancellationToken, Task> send)
    {
        var at = clinic.Instant(day, time);
        steps.Add(new(at, command, token => send(Timestamp.FromDateTimeOffset(at), token)));
    }
}
