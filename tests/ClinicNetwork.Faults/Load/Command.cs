using ClinicNetwork.Faults.History;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Faults.Load;

/// <summary>What an accepted attempt was told.</summary>
internal sealed record Accepted(long Version, IMessage Answer, Protocol.Care.V1.Plan? Plan);

/// <summary>One command: the same message at every attempt.</summary>
internal sealed record Command(Patient Patient, Invoked Invoked, Func<Gateway, DateTime, CancellationToken, Task<Accepted>> SendAsync)
{
    private int _attempts;

    public string Id => Invoked.Op;

    public int NextAttempt() => Interlocked.Increment(ref _attempts);
}

/// <summary>The commands of the load. All but the revision of a plan and the steps of a course can be accepted in any state.</summary>
internal static class Commands
{
    /// <summary>Begins each free text of a person; occurs nowhere by chance.</summary>
    public const string Planted = "Zwqplanted";

    public static Command Enrol(Patient patient, string id)
    {
        var request = new EnrolPatientRequest
        {
            RequestId = id,
            Patient = patient.Name,
            HomeClinic = patient.Home,
            GivenName = Planted + "given",
            FamilyName = Planted + "family",
            BirthDate = "1980-02-29",
            Sex = Sex.Female,
            RecordNumber = Planted + patient.Name.Replace('/', '-'),
            OccurredAt = Times.Past,
        };
        return Of(patient, id, "EnrolPatient", async (g, d, c) => await g.Patients.EnrolPatientAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!, site: patient.Home);
    }

    public static Command Consult(Patient patient, string id)
    {
        var request = new RecordConsultationRequest
        {
            RequestId = id,
            Patient = patient.Name,
            Consultation = new()
            {
                DiagnosisCode = "F33.2",
                PsychiatricHistory = Planted + "history",
                RisksDiscussed = { "dissociation" },
                TreatmentConsent = true,
            },
            OccurredAt = Times.Past,
        };
        return Of(patient, id, "RecordConsultation", async (g, d, c) => await g.Patients.RecordConsultationAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!);
    }

    public static Command Plan(Patient patient, string id)
    {
        var request = new CreatePlanRequest
        {
            RequestId = id,
            Patient = patient.Name,
            Protocol = "protocols/ketamine-iv-induction",
            Setting = Setting.Clinic,
            Goals = { new Goal { Text = Planted + "goal", TargetPhq9 = 9 } },
        };
        return Of(patient, id, "CreatePlan", async (g, d, c) => await g.Patients.CreatePlanAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, a.Plan) : null!);
    }

    public static Command Revise(Patient patient, string id, (long Version, string Etag) plan, int sessions)
    {
        var request = new RevisePlanRequest { RequestId = id, Patient = patient.Name, Etag = plan.Etag, InductionSessions = sessions, Reason = Planted + "reason" };
        return Of(
            patient, id, "RevisePlan", async (g, d, c) => await g.Patients.RevisePlanAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, a.Plan) : null!,
            refusable: true, baseVersion: plan.Version);
    }

    public static Command Share(Patient patient, string id, string site)
    {
        var request = new SetSharingRequest { RequestId = id, Patient = patient.Name, OccurredAt = Times.Past, Sites = { new SiteGrant { Site = site, Access = SiteAccess.Read } } };
        return Of(patient, id, "SetSharing", async (g, d, c) => await g.Patients.SetSharingAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!, site: site);
    }

    public static Command Consent(Patient patient, string id, bool given)
    {
        // Each later than the one before: of one instant a withdrawal would win for ever.
        var request = new SetResearchConsentRequest { RequestId = id, Patient = patient.Name, OccurredAt = Times.PastBy(patient.NextThing()) };
        if (given)
        {
            request.Recipients.Add(RecipientClass.ResearchRegistry);
        }

        return Of(patient, id, "SetResearchConsent", async (g, d, c) => await g.Patients.SetResearchConsentAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!);
    }

    public static Command Assess(Patient patient, string id, int total)
    {
        var request = new RecordAssessmentRequest
        {
            RequestId = id,
            Patient = patient.Name,
            AssessmentId = $"a-{patient.NextThing()}",
            Items = { Enumerable.Range(0, 9).Select(i => Math.Clamp(total - (3 * i), 0, 3)) },
            OccurredAt = Times.Past,
        };
        return Of(patient, id, "RecordAssessment", async (g, d, c) => await g.Patients.RecordAssessmentAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!);
    }

    /// <param name="fault">Number of the fault whose recovery it measures.</param>
    public static Command Miss(Patient patient, string id, int? fault = null)
    {
        var request = new RecordMissedVisitRequest { RequestId = id, Patient = patient.Name, Milestone = Milestone.Week52, Reason = MissingReason.Unreachable, OccurredAt = Times.Past };
        return Of(patient, id, "RecordMissedVisit", async (g, d, c) => await g.Patients.RecordMissedVisitAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!, fault: fault);
    }

    /// <summary>The next step of a patient's course; the caller holds it. Null when the course is over.</summary>
    public static Command? NextStep(Patient patient, string id)
    {
        var (session, step) = (patient.CourseSteps / 3, patient.CourseSteps % 3);
        if (session >= Patient.SessionsMax)
        {
            return null;
        }

        var (name, day) = ($"s-{session}", patient.DayOf(session));
        switch (step)
        {
            case 0:
                var start = new StartSessionRequest
                {
                    RequestId = id,
                    Patient = patient.Name,
                    SessionId = name,
                    Clinic = patient.Home,
                    BloodPressure = new() { SystolicMmhg = 120, DiastolicMmhg = 80 },
                    WeightKg = 70,
                    OccurredAt = Times.At(day, 0),
                };
                return Of(patient, id, "StartSession", async (g, d, c) => await g.Patients.StartSessionAsync(start, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!, session: name);
            case 1:
                var dose = new RecordDoseRequest { RequestId = id, Patient = patient.Name, SessionId = name, DoseMg = 35, DurationMinutes = 40, OccurredAt = Times.At(day, 10) };
                return Of(
                    patient, id, "RecordDose", async (g, d, c) => await g.Patients.RecordDoseAsync(dose, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!,
                    session: name, firstDose: session == 0 ? day : null);
            default:
                var end = new CompleteSessionRequest
                {
                    RequestId = id,
                    Patient = patient.Name,
                    SessionId = name,
                    BloodPressure = new() { SystolicMmhg = 118, DiastolicMmhg = 78 },
                    OccurredAt = Times.At(day, 190),
                };
                return Of(patient, id, "CompleteSession", async (g, d, c) => await g.Patients.CompleteSessionAsync(end, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!, session: name);
        }
    }

    private static Command Of(
        Patient patient,
        string id,
        string name,
        Func<Gateway, DateTime, CancellationToken, Task<Accepted>> sendAsync,
        bool refusable = false,
        long? baseVersion = null,
        string? site = null,
        string? session = null,
        DateOnly? firstDose = null,
        int? fault = null) => new(patient, new(id, patient.Name, name, refusable, baseVersion, site, session, firstDose, fault), sendAsync);
}
