using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>One patient: the fold of the patient's events. Nothing in it is decided, only remembered.</summary>
[GenerateSerializer, Immutable, Alias("patient-state")]
public sealed record PatientState
{
    public static readonly PatientState Empty = new();

    [Id(0)] public PatientId Id { get; init; }

    [Id(1)] public ClinicId HomeClinic { get; init; }

    /// <summary>IANA time zone of the home clinic; clinical days are computed in it.</summary>
    [Id(2)] public string TimeZone { get; init; } = "";

    [Id(3)] public string GivenName { get; init; } = "";

    [Id(4)] public string FamilyName { get; init; } = "";

    [Id(5)] public DateOnly BirthDate { get; init; }

    [Id(6)] public Sex Sex { get; init; }

    [Id(7)] public string RecordNumber { get; init; } = "";

    [Id(8)] public Consultation? Consultation { get; init; }

    [Id(9)] public Plan? Plan { get; init; }

    /// <summary>Sites beside the home clinic that may see the whole plan.</summary>
    [Id(10)] public ImmutableArray<SiteGrant> Sites { get; init; } = [];

    /// <summary>Permitted recipient classes; empty: no research use.</summary>
    [Id(11)] public ImmutableArray<RecipientClass> ResearchConsent { get; init; } = [];

    [Id(12)] public ImmutableArray<Session> Sessions { get; init; } = [];

    [Id(13)] public ImmutableArray<Assessment> Assessments { get; init; } = [];

    [Id(14)] public ImmutableArray<SideEffect> SideEffects { get; init; } = [];

    [Id(15)] public ImmutableArray<MissedVisit> MissedVisits { get; init; } = [];

    [Id(16)] public ImmutableArray<MilestoneOutcome> Outcomes { get; init; } = [];

    [Id(17)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>True once the person has consented and the first milestone has closed: then a place in a cell is sought, once and for ever.</summary>
    [Id(18)] public bool InPool { get; init; }

    /// <summary>Sites that opened the patient in an emergency, by number, those that are over included.</summary>
    [Id(19)] public ImmutableArray<EmergencyAccess> EmergencyAccesses { get; init; } = [];

    /// <summary>Nothing else is remembered then.</summary>
    [Id(20)] public bool IsErased { get; init; }

    /// <summary>Answers of all scales but the PHQ-9, in order of recording.</summary>
    [Id(21)] public ImmutableArray<AnsweredScale> AnsweredScales { get; init; } = [];

    /// <summary>Sessions with checks or readings beyond the session itself.</summary>
    [Id(30)] public ImmutableArray<SessionMonitoring> Monitoring { get; init; } = [];

    /// <summary>Early warnings by number, those that are closed included.</summary>
    [Id(40)] public ImmutableArray<Alert> Alerts { get; init; } = [];

    /// <summary>Facts that were entered in error, in order; they are in nothing else of the state.</summary>
    [Id(50)] public ImmutableArray<RetractedFact> Retracted { get; init; } = [];

    /// <summary>What closed milestones were before they were read anew, in order.</summary>
    [Id(51)] public ImmutableArray<RevisedOutcome> RevisedOutcomes { get; init; } = [];

    /// <summary>Why treatment ended; empty while it goes on, and of an end before 0.4.</summary>
    [Id(52)] public string EndReason { get; init; } = "";

    public bool Exists => TimeZone.Length > 0;

    /// <summary>Whether a site may read, or write, this patient without an emergency. The network itself (no site) may.</summary>
    public bool Permits(ClinicId? site, SiteAccess access) =>
        site is not { } clinic
        || clinic == HomeClinic
        || Sites.Any(g => g.Site == clinic && g.Access >= access);

    /// <summary>The site's emergency access that is open at a time.</summary>
    public EmergencyAccess? FindEmergency(ClinicId? site, DateTimeOffset now) => EmergencyAccesses.LastOrDefault(e => e.Site == site && e.IsOpen(now));

    public EmergencyAccess? FindEmergency(int number) => number >= 1 && number <= EmergencyAccesses.Length ? EmergencyAccesses[number - 1] : null;

    public Alert? FindAlert(int number) => number >= 1 && number <= Alerts.Length ? Alerts[number - 1] : null;

    /// <summary>An id is one answer's, of whatever scale, for good.</summary>
    public bool HasAnswer(AssessmentId id) => Assessments.Any(a => a.Id == id) || AnsweredScales.Any(a => a.Id == id) || IsRetracted(FactName.Of(id));

    public bool IsRetracted(FactName fact) => Retracted.Any(r => r.Fact == fact);

    /// <summary>Every answer of a scale, in order of recording.</summary>
    public IEnumerable<(AssessmentId Id, DateTimeOffset At)> AnswersOf(ScaleKind scale) => scale == ScaleKind.Phq9
        ? Assessments.Select(a => (a.Id, a.OccurredAt))
        : AnsweredScales.Where(a => a.Scale == scale).Select(a => (a.Id, a.OccurredAt));

    public Session? FindSession(SessionId id) => Sessions.FirstOrDefault(s => s.Id == id);

    /// <summary>Empty when nothing was recorded.</summary>
    public SessionMonitoring MonitoringOf(SessionId id) => Monitoring.FirstOrDefault(m => m.Session == id) ?? new(id);

    /// <summary>The clinical day of an instant, in the home clinic's time zone.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => ClinicTime.DayOf(instant, TimeZone);

    public static PatientState Evolve(PatientState state, IEvent @event)
    {
        var next = Apply(state, @event);
        var ready = next.ResearchConsent.Length > 0 && next.Outcomes.Any(o => o.Milestone == Milestone.EndOfInduction);
        return ready && !next.InPool ? next with { InPool = true } : next;
    }

    private static PatientState Apply(PatientState state, IEvent @event) => @event switch
    {
        PatientEnrolled e => state with
        {
            Id = e.Patient,
            HomeClinic = e.HomeClinic,
            TimeZone = e.TimeZone,
            GivenName = e.GivenName,
            FamilyName = e.FamilyName,
            BirthDate = e.BirthDate,
            Sex = e.Sex,
            RecordNumber = e.RecordNumber,
        },
        ConsultationRecorded e => state with { Consultation = e.Consultation },
        PlanCreated e => state with { Plan = e.Plan },
        PlanRevised e => state with { Plan = e.Plan },
        SharingSet e => state with { Sites = e.Sites },
        ResearchConsentSet e => state with { ResearchConsent = e.Recipients },
        SessionStarted e => state with
        {
            Sessions = state.Sessions.Add(new Session(e.Session, e.Clinic, e.OccurredAt, e.BloodPressure, e.PlannedDoseMg, e.OverrideReason)),
        },
        DoseGiven e => state.WithSession(e.Session, s => s with { DoseMg = e.DoseMg, DosedAt = e.OccurredAt, OutsidePlan = e.OutsidePlan, DurationMinutes = e.DurationMinutes }),
        SideEffectRecorded e => state with { SideEffects = state.SideEffects.Add(e.SideEffect) },
        SessionCompleted e => state.WithSession(e.Session, s => s with { CompletedAt = e.OccurredAt, After = e.BloodPressure }),
        SessionCleared e => state.WithMonitoring(e.Session, m => m with { Checks = e.Checks, Overridden = e.Overridden }),
        VitalsRecorded e => state.WithMonitoring(e.Session, m => m with { Vitals = m.Vitals.Add(e.Vitals) }),
        SideEffectResolved e => state.WithSideEffect(e.Number, s => s with { ResolvedAt = e.OccurredAt, TreatmentGiven = e.TreatmentGiven }),
        SessionDischarged e => state.WithMonitoring(e.Session, m => m with { Discharge = e.Checklist }),
        LeftWithoutDischarge e => state.WithSession(e.Session, s => s with { CompletedAt = e.OccurredAt })
            .WithMonitoring(e.Session, m => m with { Left = e.Kind, LeavingReason = e.Reason }),
        AssessmentRecorded e => state with
        {
            Assessments = state.Assessments.Add(new Assessment(e.Assessment, e.OccurredAt, e.Items, e.Total, e.Severity)),
        },
        DifficultyRecorded e => state.WithDifficulty(e.Assessment, e.Difficulty),
        ScaleRecorded e => state with { AnsweredScales = state.AnsweredScales.Add(e.Answer) },
        VisitMissed e => state with { MissedVisits = state.MissedVisits.Add(new MissedVisit(e.Milestone, e.Reason) { OccurredAt = e.OccurredAt }) },
        TreatmentEnded e => state with { EndedAt = e.OccurredAt, EndReason = e.Reason },
        MilestoneClosed e => state with { Outcomes = state.Outcomes.Add(e.Outcome) },
        EmergencyAccessGranted e => state with
        {
            EmergencyAccesses = state.EmergencyAccesses.Add(new EmergencyAccess(e.Number, e.Site, e.Actor, e.Reason, e.At, e.Until)),
        },
        EmergencyAccessEnded e => state.WithEmergency(e.Number, a => a with { Ended = true }),
        EmergencyAccessReviewed e => state.WithEmergency(e.Number, a => a with { ReviewedAt = e.At, Finding = e.Finding }),
        AlertRaised e => state with { Alerts = state.Alerts.Add(new Alert(e.Number, e.Kind, e.RuleVersion, [e.Cause], e.At, e.DueAt)) },
        AlertCauseAdded e => state.WithAlert(e.Number, a => a with { Causes = a.Causes.Add(e.Cause) }),
        AlertClosed e => state.WithAlert(e.Number, a => a with { ClosedAt = e.At, Answer = e.Answer }),
        AlertEscalated e => state.WithAlert(e.Number, a => a with { Level = e.Level, DueAt = e.DueAt }),
        AlertAcknowledged e => state.WithAlert(e.Number, a => a with { ClosedAt = e.At, Actor = e.Actor, Done = e.Done }),
        FactEnteredInError e => Retraction.Apply(state, e),
        MilestoneRevised e => state.WithOutcome(e),
        AlertCauseWithdrawn e => state.WithAlert(e.Number, a => a with
        {
            Causes = a.Causes.Remove(e.Cause),
            Withdrawn = a.Withdrawn.Add(new WithdrawnCause(e.Cause, e.Retraction, e.At)),
            ClosedAt = a.Causes.Length == 1 ? a.ClosedAt ?? e.At : a.ClosedAt,
        }),
        AlertReopened e => state.WithAlert(e.Number, a => a with { ClosedAt = null, Answer = "", DueAt = e.DueAt, ReopenedBy = e.Retraction }),
        PatientErased => Empty with { Id = state.Id, IsErased = true },
        _ => throw new InvalidOperationException($"A patient has no event {@event.GetType().Name}."),
    };

    private PatientState WithSession(SessionId id, Func<Session, Session> change)
    {
        var session = FindSession(id) ?? throw new InvalidOperationException("An event names a session that was never started.");
        return this with { Sessions = Sessions.Replace(session, change(session)) };
    }

    private PatientState WithDifficulty(AssessmentId id, int difficulty)
    {
        var assessment = Assessments.FirstOrDefault(a => a.Id == id) ?? throw new InvalidOperationException("An event names an assessment that was never recorded.");
        return this with { Assessments = Assessments.Replace(assessment, assessment with { Difficulty = difficulty }) };
    }

    private PatientState WithMonitoring(SessionId id, Func<SessionMonitoring, SessionMonitoring> change)
    {
        var present = MonitoringOf(id);
        return this with { Monitoring = Monitoring.Remove(present).Add(change(present)) };
    }

    private PatientState WithSideEffect(int number, Func<SideEffect, SideEffect> change)
    {
        var at = FactNumbers.IndexOf(this, new(FactKind.SideEffect, "", number));
        return this with { SideEffects = SideEffects.SetItem(at, change(SideEffects[at])) };
    }

    private PatientState WithOutcome(MilestoneRevised revised)
    {
        var was = Outcomes.First(o => o.Milestone == revised.Outcome.Milestone);
        return this with
        {
            Outcomes = Outcomes.Replace(was, revised.Outcome),
            RevisedOutcomes = RevisedOutcomes.Add(new RevisedOutcome(was, revised.Retraction, revised.At)),
        };
    }

    private PatientState WithEmergency(int number, Func<EmergencyAccess, EmergencyAccess> change)
    {
        var access = FindEmergency(number) ?? throw new InvalidOperationException("An event names an emergency access that was never given.");
        return this with { EmergencyAccesses = EmergencyAccesses.SetItem(number - 1, change(access)) };
    }

    private PatientState WithAlert(int number, Func<Alert, Alert> change)
    {
        var alert = FindAlert(number) ?? throw new InvalidOperationException("An event names an alert that was never raised.");
        return this with { Alerts = Alerts.SetItem(number - 1, change(alert)) };
    }
}
