using ClinicNetwork.Faults.History;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.Faults.Load;

/// <summary>What an accepted attempt was told.</summary>
/// <param name="Plan">As it is after it; null when the answer shows none.</param>
internal sealed record Accepted(long Version, IMessage Answer, Protocol.Care.V1.Plan? Plan)
{
    /// <summary>Of a proposal: what became of it.</summary>
    public ProposalOutcome Became { get; init; }

    /// <summary>Of a proposal that contradicts another change: the conflict's number.</summary>
    public int? Conflict { get; init; }

    /// <summary>The plan is of this version.</summary>
    public bool IsPlanChanged => Plan is not null && Became is not (ProposalOutcome.Agreed or ProposalOutcome.Conflict);

    public string? BecameName => Became == ProposalOutcome.Unspecified ? null : Became.ToString().ToLowerInvariant();
}

/// <summary>One command: the same message at every attempt.</summary>
internal sealed record Command(Patient Patient, Invoked Invoked, Func<Gateway, DateTime, CancellationToken, Task<Accepted>> SendAsync)
{
    private int _attempts;

    public string Id => Invoked.Op;

    public int NextAttempt() => Interlocked.Increment(ref _attempts);
}

/// <summary>
/// The commands of the load. All but the changes of a plan and the steps of a course can be accepted in any state. What a site would push goes by its stream at every second attempt:
/// one command, one answer, whichever way it came.
/// </summary>
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
            Goals = { PlanTexts.Measured },
        };
        return Of(patient, id, "CreatePlan", async (g, d, c) => await g.Patients.CreatePlanAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, a.Plan) : null!);
    }

    public static Command Revise(Patient patient, string id, KnownPlan plan, int sessions)
    {
        var request = new RevisePlanRequest { RequestId = id, Patient = patient.Name, Etag = plan.Etag, InductionSessions = sessions, Reason = Planted + "reason" };
        return Of(
            patient, id, "RevisePlan", async (g, d, c) => await g.Patients.RevisePlanAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, a.Plan) : null!,
            refusable: true, baseVersion: plan.Version, change: i => i with { Sessions = sessions });
    }

    /// <param name="sessions">Null: the goals alone are changed.</param>
    /// <param name="goals">Null: the dose alone.</param>
    public static Command Propose(Patient patient, string id, KnownPlan plan, int? sessions, IReadOnlyList<string>? goals)
    {
        var request = new ProposeRevisionRequest { RequestId = id, Patient = patient.Name, Etag = plan.Etag, Reason = Planted + "reason", OccurredAt = Times.Past };
        if (sessions is { } number)
        {
            request.InductionSessions = number;
        }

        request.Goals.AddRange((goals ?? []).Select(PlanTexts.GoalOf));
        var push = new PushChangesRequest { RequestId = id, Patient = patient.Name, ProposeRevision = request };
        return Of(
            patient, id, "ProposeRevision",
            Alternately(
                async (g, d, c) => ProposedAs(await g.Patients.ProposeRevisionAsync(request, null, d, c)),
                async (g, d, c) => await g.PushAsync(push, d, c) is var a ? ProposedAs(a.Accepted ?? a.Merged ?? a.Conflict) : null!),
            baseVersion: plan.Version, change: i => i with { Sessions = sessions, Goals = goals is null ? null : PlanTexts.Names(goals) });
    }

    /// <param name="sessions">What holds instead of both sides; null: what was proposed, or what is there.</param>
    public static Command Resolve(Patient patient, string id, KnownPlan plan, int conflict, bool proposed, int? sessions)
    {
        var request = new ResolvePlanConflictRequest
        {
            RequestId = id,
            Patient = patient.Name,
            Etag = plan.Etag,
            Conflict = conflict,
            Holds = sessions is not null ? PlanChoice.Revised : proposed ? PlanChoice.Proposed : PlanChoice.Present,
            Reason = Planted + "reason",
        };
        if (sessions is { } number)
        {
            request.InductionSessions = number;
        }

        var push = new PushChangesRequest { RequestId = id, Patient = patient.Name, ResolvePlanConflict = request };
        return Of(
            patient, id, "ResolvePlanConflict",
            Alternately(
                async (g, d, c) => await g.Patients.ResolvePlanConflictAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, a.Plan) : null!,
                async (g, d, c) => (await g.PushAsync(push, d, c)).Resolved is var a ? new(a.Receipt.Version, a, a.Plan) : null!),
            refusable: true, baseVersion: plan.Version, change: i => i with { Conflict = conflict, Holds = request.Holds.ToString().ToLowerInvariant(), Sessions = sessions });
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
        var push = new PushChangesRequest { RequestId = id, Patient = patient.Name, Fact = new() { RecordAssessment = request } };
        return Of(
            patient, id, "RecordAssessment",
            Alternately(
                async (g, d, c) => await g.Patients.RecordAssessmentAsync(request, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!,
                async (g, d, c) => (await g.PushAsync(push, d, c)).Appended.Fact.RecordAssessment is var a ? new(a.Receipt.Version, a, null) : null!));
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
                var push = new PushChangesRequest { RequestId = id, Patient = patient.Name, CompleteSession = end };
                return Of(
                    patient, id, "CompleteSession",
                    Alternately(
                        async (g, d, c) => await g.Patients.CompleteSessionAsync(end, null, d, c) is var a ? new(a.Receipt.Version, a, null) : null!,
                        async (g, d, c) => (await g.PushAsync(push, d, c)).Appended.CompleteSession is var a ? new(a.Receipt.Version, a, null) : null!),
                    session: name);
        }
    }

    private static Accepted ProposedAs(ProposeRevisionResponse answer) =>
        new(answer.Receipt.Version, answer, answer.Plan) { Became = answer.Outcome, Conflict = answer.Conflict?.Number };

    /// <summary>Every second attempt goes the other way.</summary>
    private static Func<Gateway, DateTime, CancellationToken, Task<Accepted>> Alternately(
        Func<Gateway, DateTime, CancellationToken, Task<Accepted>> one, Func<Gateway, DateTime, CancellationToken, Task<Accepted>> other)
    {
        var attempts = 0;
        return (g, d, c) => (Interlocked.Increment(ref attempts) % 2 == 1 ? one : other)(g, d, c);
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
        int? fault = null,
        Func<Invoked, Invoked>? change = null)
    {
        var invoked = new Invoked(id, patient.Name, name, refusable, baseVersion, site, session, firstDose, fault);
        return new(patient, change is null ? invoked : change(invoked), sendAsync);
    }
}
