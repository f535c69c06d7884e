using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>One patient: the fold of the patient's events. Nothing in it is decided, only remembered.</summary>
[GenerateSerializer, Immutable, Alias("patient-state")]
public sealed partial record PatientState
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

    /// <summary>Sites beside the home clinic that may see the plan, or sections of it.</summary>
    [Id(10)] public ImmutableArray<SiteGrant> Sites { get; init; } = [];

    /// <summary>Permitted recipient classes, of <see cref="ResearchConsents.PresentConsent"/>; empty: no research use.</summary>
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

    /// <summary>All of them, by number; <see cref="Consultation"/> is the last one's.</summary>
    [Id(60)] public ImmutableArray<RecordedConsultation> Consultations { get; init; } = [];

    /// <summary>In order of recording.</summary>
    [Id(61)] public ImmutableArray<SafetyCheck> SafetyChecks { get; init; } = [];

    /// <summary>By number: enrolments in the drug's programme, and notices of a move to another site.</summary>
    [Id(80)] public ImmutableArray<RemsEnrolment> RemsEnrolments { get; init; } = [];

    /// <summary>By number.</summary>
    [Id(81)] public ImmutableArray<RemsDetails> RemsDetails { get; init; } = [];

    /// <summary>By number.</summary>
    [Id(82)] public ImmutableArray<RemsSubmission> RemsSubmissions { get; init; } = [];

    /// <summary>By number.</summary>
    [Id(83)] public ImmutableArray<SeriousEvent> SeriousEvents { get; init; } = [];

    /// <summary>The latest enrolment or consultation; null in what 0.3 remembered.</summary>
    [Id(84)] public DateTimeOffset? IntakeAt { get; init; }

    /// <summary>What the patient says between visits.</summary>
    [Id(75)] public PatientVoice Voice { get; init; } = PatientVoice.Empty;

    /// <summary>In order of recording.</summary>
    [Id(65)] public ImmutableArray<DoseRequest> DoseRequests { get; init; } = [];

    /// <summary>What time alone makes (doses or monitoring that did not come) is known until then, by the store's clock; null: it was never looked at.</summary>
    [Id(66)] public DateTimeOffset? NoticedUntil { get; init; }

    /// <summary>Courses before the present one, which is in <see cref="Plan"/>, <see cref="Sessions"/>, <see cref="MissedVisits"/>, <see cref="Outcomes"/> and <see cref="EndedAt"/>.</summary>
    [Id(55)] public ImmutableArray<TreatmentCourse> EarlierCourses { get; init; } = [];

    /// <summary>Null while the patient lives, as far as is known.</summary>
    [Id(56)] public Death? Death { get; init; }

    /// <summary>Attempts to reach the patient, by number.</summary>
    [Id(57)] public ImmutableArray<Contact> Contacts { get; init; } = [];

    /// <summary>Declared losses to follow-up by number, those that a contact ended included.</summary>
    [Id(58)] public ImmutableArray<Loss> Losses { get; init; } = [];

    /// <summary>What was found about pregnancy and breastfeeding, by number.</summary>
    [Id(59)] public ImmutableArray<Pregnancy> Pregnancies { get; init; } = [];

    /// <summary>Agreed days of visits by number, those that hold no more included.</summary>
    [Id(85)] public ImmutableArray<PlannedVisit> PlannedVisits { get; init; } = [];

    /// <summary>Visits of the calendar that did not happen, by number; milestones' are in <see cref="MissedVisits"/>.</summary>
    [Id(86)] public ImmutableArray<FollowUpMiss> FollowUpMisses { get; init; } = [];

    /// <summary>Psychotherapy and support groups, in order of recording.</summary>
    [Id(70)] public ImmutableArray<SupportSession> SupportSessions { get; init; } = [];

    /// <summary>By number.</summary>
    [Id(71)] public ImmutableArray<AdviceDecision> AdviceDecisions { get; init; } = [];

    /// <summary>The plan before each revision, in order; those before 0.4 were not kept.</summary>
    [Id(72)] public ImmutableArray<Plan> EarlierPlans { get; init; } = [];

    /// <summary>Facts that were entered in error, in order; they are in nothing else of the state.</summary>
    [Id(50)] public ImmutableArray<RetractedFact> Retracted { get; init; } = [];

    /// <summary>What closed milestones were before they were read anew, in order.</summary>
    [Id(51)] public ImmutableArray<RevisedOutcome> RevisedOutcomes { get; init; } = [];

    /// <summary>Why treatment ended; empty while it goes on, and of an end before 0.4.</summary>
    [Id(52)] public string EndReason { get; init; } = "";

    /// <summary>Statements on research, in order of recording.</summary>
    [Id(87)] public ImmutableArray<ResearchConsentSet> Consents { get; init; } = [];

    /// <summary>False in what was remembered before 0.6: statements on research are then in the stream alone.</summary>
    [Id(88)] public bool KeepsConsents { get; init; }

    /// <summary>Offers of the patient's care to other clinics, by number.</summary>
    [Id(95)] public ImmutableArray<Transfer> Transfers { get; init; } = [];

    /// <summary>Home clinics before the present one, in order.</summary>
    [Id(96)] public ImmutableArray<EarlierHome> EarlierHomes { get; init; } = [];

    /// <summary>Changes of the plan that contradicted each other, by number, those that were resolved included.</summary>
    [Id(100)] public ImmutableArray<PlanConflict> PlanConflicts { get; init; } = [];

    /// <summary>Rights to dose while cut off, in order, those that ended included; at most one holds at a time.</summary>
    [Id(105)] public ImmutableArray<DosingRight> DosingRights { get; init; } = [];

    public bool Exists => TimeZone.Length > 0;

    public Alert? FindAlert(int number) => number >= 1 && number <= Alerts.Length ? Alerts[number - 1] : null;

    public PlanConflict? FindPlanConflict(int number) => number >= 1 && number <= PlanConflicts.Length ? PlanConflicts[number - 1] : null;

    /// <summary>An id is one answer's, of whatever scale, for good.</summary>
    public bool HasAnswer(AssessmentId id) => Assessments.Any(a => a.Id == id) || AnsweredScales.Any(a => a.Id == id) || IsRetracted(FactName.Of(id));

    public bool IsRetracted(FactName fact) => Retracted.Any(r => r.Fact == fact);

    /// <summary>Every answer of a scale, in order of recording.</summary>
    public IEnumerable<(AssessmentId Id, DateTimeOffset At)> AnswersOf(ScaleKind scale) => scale == ScaleKind.Phq9
        ? Assessments.Select(a => (a.Id, a.OccurredAt))
        : AnsweredScales.Where(a => a.Scale == scale).Select(a => (a.Id, a.OccurredAt));

    /// <summary>Of whatever course: an id is one session's for ever.</summary>
    public Session? FindSession(SessionId id) => this.SessionsOfAllCourses().FirstOrDefault(s => s.Id == id);

    /// <summary>Empty when nothing was recorded.</summary>
    public SessionMonitoring MonitoringOf(SessionId id) => Monitoring.FirstOrDefault(m => m.Session == id) ?? new(id);

    /// <summary>The plan as a revision left it; null when it has none of this number, or it was not kept.</summary>
    public Plan? PlanOfRevision(int revision) => Plan?.Revision == revision ? Plan : EarlierPlans.LastOrDefault(p => p.Revision == revision);

    /// <summary>The plan that a session was started by; null when that was not kept.</summary>
    public Plan? PlanOf(Session session) => PlanOfVersion(session.PlanVersion);

    /// <summary>The plan that a version made, of whatever course; null when it is not kept.</summary>
    public Plan? PlanOfVersion(long version) => version == 0 ? null : Plan?.Version == version ? Plan : EarlierPlans.FirstOrDefault(p => p.Version == version);

    /// <summary>The protocol whose rules a session keeps to, also when the plan moved since. Plans move since 0.4, so that the first plan that was kept is of the protocol of all before.</summary>
    public TreatmentProtocol ProtocolOf(Session session) => (PlanOf(session) ?? EarlierPlans.FirstOrDefault() ?? Plan!).MadeFrom;

    /// <summary>The clinical day of an instant, in the time zone of the home clinic of then: a transfer moves no day that was.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => ClinicTime.DayOf(instant, ZoneAt(instant));

    /// <summary>The clinical day that begins at a border of a window: those are midnights of the present home clinic, also when they lie before a transfer.</summary>
    public DateOnly DayAtBorder(DateTimeOffset border) => ClinicTime.DayOf(border, TimeZone);

    /// <summary>IANA time zone of the home clinic at an instant.</summary>
    internal string ZoneAt(DateTimeOffset instant) => EarlierHomes.FirstOrDefault(h => instant < h.Until)?.TimeZone ?? TimeZone;

    public static PatientState Evolve(PatientState state, IEvent @event)
    {
        var next = Apply(state, @event);
        var ready = next.ResearchConsent.Length > 0 && next.OutcomesOfFirstCourse().Any(o => o.Milestone == Milestone.EndOfInduction);
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
            IntakeAt = e.OccurredAt,
            KeepsConsents = true,
        },
        ConsultationRecorded e => state with
        {
            Consultation = e.Consultation,
            IntakeAt = state.IntakeAt > e.OccurredAt ? state.IntakeAt : e.OccurredAt,
            Consultations = state.Consultations.Add(new(state.Consultations.Length + state.Retracted.Count(r => r.Fact.Kind == FactKind.Consultation) + 1, e.Consultation, e.OccurredAt, e.Actor)),
        },
        PlanCreated e => state with { Plan = e.Plan },
        PlanRevised e => state with { Plan = e.Plan, EarlierPlans = state.Plan is { } before ? state.EarlierPlans.Add(before) : state.EarlierPlans },
        PlanProposed => state,
        PlanConflictFound e => state with { PlanConflicts = state.PlanConflicts.Add(e.Conflict) },
        PlanConflictResolved e => state with { PlanConflicts = state.PlanConflicts.SetItem(e.Number - 1, state.PlanConflicts[e.Number - 1] with { Resolution = e.Resolution }) },
        SharingSet e => (state with { Sites = e.Sites }).WithoutDosingOfOthers(e.OccurredAt),
        ResearchConsentSet e => state.WithConsent(e),
        SessionStarted e => state with
        {
            Sessions = state.Sessions.Add(new Session(e.Session, e.Clinic, e.OccurredAt, e.BloodPressure, e.PlannedDoseMg, e.OverrideReason) { PlanVersion = state.Plan?.Version ?? 0 }),
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
        SafetyCheckRecorded e => state with { SafetyChecks = state.SafetyChecks.Add(e.Check) },
        ScaleRecorded e => state with { AnsweredScales = state.AnsweredScales.Add(e.Answer) },
        FollowUpMissed e => state with { FollowUpMisses = state.FollowUpMisses.Add(e.Miss) },
        VisitRescheduled e => state with { PlannedVisits = state.PlannedVisits.Add(e.Planned) },
        VisitMissed e => state with { MissedVisits = state.MissedVisits.Add(new MissedVisit(e.Milestone, e.Reason) { OccurredAt = e.OccurredAt }) },
        TreatmentEnded e => state.WithoutDosing(e.OccurredAt, byOthers: true) with { EndedAt = e.OccurredAt, EndReason = e.Reason },
        MilestoneClosed e => state.WithOutcome(1, e.Outcome),
        EmergencyAccessGranted e => state with
        {
            EmergencyAccesses = state.EmergencyAccesses.Add(new EmergencyAccess(e.Number, e.Site, e.Actor, e.Reason, e.At, e.Until)),
        },
        EmergencyAccessEnded e => state.WithEmergency(e.Number, a => a with { Ended = true }),
        EmergencyAccessReviewed e => state.WithEmergency(e.Number, a => a with { ReviewedAt = e.At, Finding = e.Finding }),
        AlertRaised e => state with { Alerts = state.Alerts.Add(new Alert(e.Number, e.Kind, e.RuleVersion, [e.Cause], e.At, e.DueAt) { Historical = e.Historical }) },
        AlertCauseAdded e => state.WithAlert(e.Number, a => a with { Causes = a.Causes.Add(e.Cause) }),
        AlertClosed e => state.WithAlert(e.Number, a => a with { ClosedAt = e.At, Answer = e.Answer }),
        AlertEscalated e => state.WithAlert(e.Number, a => a with { Level = e.Level, DueAt = e.DueAt }),
        AlertAcknowledged e => state.WithAlert(e.Number, a => a with { ClosedAt = e.At, Actor = e.Actor, Done = e.Done }),
        RemsEnrolled e => state with { RemsEnrolments = state.RemsEnrolments.Add(e.Enrolment) },
        RemsDetailsRecorded e => state with { RemsDetails = state.RemsDetails.Add(e.Details) },
        RemsSubmitted e => state with { RemsSubmissions = state.RemsSubmissions.Add(e.Submission) },
        SeriousEventRecorded e => state with { SeriousEvents = state.SeriousEvents.Add(e.Event) },
        IVoiceEvent e => state with { Voice = state.Voice.With(e) },
        DoseRequested e => state with { DoseRequests = state.DoseRequests.Add(e.Request), NoticedUntil = e.At },
        LapseNoticed e => state with { NoticedUntil = e.At },
        CourseBegan => state with
        {
            EarlierCourses = state.EarlierCourses.Add(new(state.Plan, state.Sessions, state.MissedVisits, state.Outcomes, state.EndedAt)
            {
                FollowUpMisses = state.FollowUpMisses,
                PlannedVisits = state.PlannedVisits,
                Explanations = RecordedFacts.NextNumber(state, FactKind.VisitExplanation) - 1,
            }),
            FollowUpMisses = [],
            PlannedVisits = [],
            EarlierPlans = state.Plan is { } ended ? state.EarlierPlans.Add(ended) : state.EarlierPlans,
            Plan = null,
            Sessions = [],
            MissedVisits = [],
            Outcomes = [],
            EndedAt = null,
            EndReason = "",
        },
        YearlyMilestonesAdded => state,
        CourseMilestoneClosed e => state.WithOutcome(e.Course, e.Outcome),
        DeathRecorded e => state.WithoutDosing(e.Death.OccurredAt) with { Death = e.Death },
        ContactRecorded e => state with { Contacts = state.Contacts.Add(e.Contact) },
        LossDeclared e => state with { Losses = state.Losses.Add(e.Loss) },
        PregnancyRecorded e => state with { Pregnancies = state.Pregnancies.Add(e.Pregnancy) },
        SupportSessionRecorded e => state with { SupportSessions = state.SupportSessions.Add(e.Session) },
        AdviceDecided e => state with { AdviceDecisions = state.AdviceDecisions.Add(e.Decision) },
        FactEnteredInError e => Retraction.Apply(state, e),
        MilestoneRevised e => state.WithOutcome(e),
        AlertCauseWithdrawn e => state.WithAlert(e.Number, a => a with
        {
            Causes = a.Causes.Remove(e.Cause),
            Withdrawn = a.Withdrawn.Add(new WithdrawnCause(e.Cause, e.Retraction, e.At)),
            ClosedAt = a.Causes.Length == 1 ? a.ClosedAt ?? e.At : a.ClosedAt,
        }),
        AlertReopened e => state.WithAlert(e.Number, a => a with { ClosedAt = null, Answer = "", DueAt = e.DueAt, ReopenedBy = e.Retraction }),
        TransferOffered e => state with { Transfers = state.Transfers.Add(e.Transfer) },
        TransferWithdrawn e => state.WithTransfer(e.Number, t => t with { Status = TransferStatus.Withdrawn, ClosedAt = e.At, ClosedBy = e.Actor }),
        TransferDeclined e => state.WithTransfer(e.Number, t => t with { Status = TransferStatus.Declined, ClosedAt = e.At, ClosedBy = e.Actor, Finding = e.Reason }),
        TransferAccepted e => state.WithoutDosing(e.At, byOthers: true).WithTransfer(e.Number, t => t with { Status = TransferStatus.Accepted, ClosedAt = e.At, ClosedBy = e.Actor }) with
        {
            HomeClinic = e.HomeClinic,
            TimeZone = e.TimeZone,
            RecordNumber = e.RecordNumber,
            Sites = e.Sites,
            EarlierHomes = state.EarlierHomes.Add(new(state.HomeClinic, state.TimeZone, state.RecordNumber, e.At)),
        },
        DosingTaken e => state.WithDosing(e.Right),
        DosingPassed e => state.WithDosing(e.Right),
        DosingEnded e => state.WithoutDosing(e.At),
        SessionReported e => state.WithReport(e),
        DoubleDismissed e => state with { DismissedDoubles = state.DismissedDoubles.Add(e) },
        DoubleReopened e => state with { DismissedDoubles = state.DismissedDoubles.RemoveAll(d => d.Double == e.Double) },
        PatientErased => Empty with { Id = state.Id, IsErased = true },
        _ => throw new InvalidOperationException($"A patient has no event {@event.GetType().Name}."),
    };

    internal PatientState WithSession(SessionId id, Func<Session, Session> change)
    {
        var session = FindSession(id) ?? throw new InvalidOperationException("An event names a session that was never started.");
        if (Sessions.Contains(session))
        {
            return this with { Sessions = Sessions.Replace(session, change(session)) };
        }

        var course = EarlierCourses.First(c => c.Sessions.Contains(session));
        return this with { EarlierCourses = EarlierCourses.Replace(course, course with { Sessions = course.Sessions.Replace(session, change(session)) }) };
    }

    private PatientState WithConsent(ResearchConsentSet statement)
    {
        var next = this with { Consents = this.GivenConsents().Add(statement) };
        return next with { ResearchConsent = next.PresentConsent()?.Recipients ?? [] };
    }

    private PatientState WithOutcome(int course, MilestoneOutcome outcome) => course == this.CourseNumber()
        ? this with { Outcomes = Outcomes.Add(outcome) }
        : this with { EarlierCourses = EarlierCourses.SetItem(course - 1, EarlierCourses[course - 1] with { Outcomes = EarlierCourses[course - 1].Outcomes.Add(outcome) }) };

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
        var present = revised.Course == this.CourseNumber();
        var outcomes = present ? Outcomes : EarlierCourses[revised.Course - 1].Outcomes;
        var was = outcomes.First(o => o.Milestone == revised.Outcome.Milestone);
        var next = this with { RevisedOutcomes = RevisedOutcomes.Add(new RevisedOutcome(was, revised.Retraction, revised.At) { Course = revised.Course }) };
        return present
            ? next with { Outcomes = outcomes.Replace(was, revised.Outcome) }
            : next with { EarlierCourses = EarlierCourses.SetItem(revised.Course - 1, EarlierCourses[revised.Course - 1] with { Outcomes = outcomes.Replace(was, revised.Outcome) }) };
    }

    private PatientState WithAlert(int number, Func<Alert, Alert> change)
    {
        var alert = FindAlert(number) ?? throw new InvalidOperationException("An event names an alert that was never raised.");
        return this with { Alerts = Alerts.SetItem(number - 1, change(alert)) };
    }
}
