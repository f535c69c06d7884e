using System.Collections.Frozen;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Parts of a patient's plan that are shared apart from each other. Who the patient is goes with any of them.</summary>
[Flags]
[GenerateSerializer, Alias("plan-sections")]
public enum PlanSections
{
    None = 0,

    /// <summary>What was agreed to be reached, and the patient's own goals.</summary>
    Goals = 1,

    /// <summary>What the plan gives, by which protocol and why: consultations, eligibility, pregnancy, requests for doses, enrolments in a drug's programme.</summary>
    Medication = 2,

    /// <summary>Sessions with all that was measured, given and seen in them, safety checks, visits, contacts.</summary>
    Sessions = 4,

    /// <summary>Answered scales, outcomes, and what is judged from them.</summary>
    Scales = 8,

    /// <summary>Psychotherapy and support groups, planned and held.</summary>
    Psychotherapy = 16,

    /// <summary>What the patient says between visits.</summary>
    Journal = 32,

    All = Goals | Medication | Sessions | Scales | Psychotherapy | Journal,
}

/// <summary>Which sections a command changes: whoever acts needs all of them.</summary>
public static class SectionsOfCommand
{
    /// <summary>What is in none of the lists asks for the whole plan: what decides beyond a section, and what was forgotten here.</summary>
    private static readonly FrozenDictionary<string, PlanSections> ByName = new Dictionary<string, PlanSections>
    {
        [nameof(EndTreatment)] = PlanSections.Medication,
        [nameof(RecordRequestForDose)] = PlanSections.Medication,
        [nameof(RecordPregnancy)] = PlanSections.Medication,
        [nameof(RecordRemsEnrolment)] = PlanSections.Medication,
        [nameof(TakeDosing)] = DosingRight.Sections,
        [nameof(PassDosing)] = DosingRight.Sections,
        [nameof(EndDosing)] = DosingRight.Sections,
        [nameof(StartSession)] = PlanSections.Sessions,
        [nameof(ReportSession)] = PlanSections.Sessions,
        [nameof(RecordDose)] = PlanSections.Sessions,
        [nameof(RecordVitals)] = PlanSections.Sessions,
        [nameof(RecordSideEffect)] = PlanSections.Sessions,
        [nameof(ResolveSideEffect)] = PlanSections.Sessions,
        [nameof(CompleteSession)] = PlanSections.Sessions,
        [nameof(RecordLeaving)] = PlanSections.Sessions,
        [nameof(RecordSafetyCheck)] = PlanSections.Sessions,
        [nameof(RecordSeriousEvent)] = PlanSections.Sessions,
        [nameof(RecordRemsDetails)] = PlanSections.Sessions,
        [nameof(RecordRemsSubmission)] = PlanSections.Sessions,
        [nameof(RecordMissedVisit)] = PlanSections.Sessions,
        [nameof(RescheduleVisit)] = PlanSections.Sessions,
        [nameof(RecordContact)] = PlanSections.Sessions,
        [nameof(RecordAssessment)] = PlanSections.Scales,
        [nameof(RecordScale)] = PlanSections.Scales,
        [nameof(RecordSupportSession)] = PlanSections.Psychotherapy,
        [nameof(SetOwnGoals)] = PlanSections.Goals,
        [nameof(WriteJournalEntry)] = PlanSections.Journal,
        [nameof(RecordDiaryEffect)] = PlanSections.Journal,
        [nameof(ResolveDiaryEffect)] = PlanSections.Journal,
        [nameof(SetSupportContacts)] = PlanSections.Journal,
        [nameof(ExplainVisit)] = PlanSections.Journal,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<FactKind, PlanSections> ByFact = new Dictionary<FactKind, PlanSections>
    {
        [FactKind.Answer] = PlanSections.Scales,
        [FactKind.Session] = PlanSections.Sessions,
        [FactKind.Dose] = PlanSections.Sessions,
        [FactKind.Vitals] = PlanSections.Sessions,
        [FactKind.SideEffect] = PlanSections.Sessions,
        [FactKind.MissedVisit] = PlanSections.Sessions,
        [FactKind.TreatmentEnd] = PlanSections.Medication,
        [FactKind.Contact] = PlanSections.Sessions,
        [FactKind.Pregnancy] = PlanSections.Medication,
        [FactKind.DoseRequest] = PlanSections.Medication,
        [FactKind.SafetyCheck] = PlanSections.Sessions,
        [FactKind.SupportSession] = PlanSections.Psychotherapy,
        [FactKind.SeriousEvent] = PlanSections.Sessions,
        [FactKind.RemsEnrolment] = PlanSections.Medication,
        [FactKind.RemsDetails] = PlanSections.Sessions,
        [FactKind.RemsSubmission] = PlanSections.Sessions,
        [FactKind.FollowUpMiss] = PlanSections.Sessions,
        [FactKind.DiaryEffect] = PlanSections.Journal,
        [FactKind.JournalEntry] = PlanSections.Journal,
        [FactKind.VisitExplanation] = PlanSections.Journal,
    }.ToFrozenDictionary();

    /// <summary>By the command's name alone: for what is in the journal, where a plan's revision or a correction may have been of any section.</summary>
    public static PlanSections Of(string name) => ByName.GetValueOrDefault(name, PlanSections.All);

    /// <summary>A revision needs the sections whose fields it gives, a correction the one of its fact.</summary>
    public static PlanSections Of<TCommand>(TCommand command) => command switch
    {
        RevisePlan revision => OfRevision(revision),
        AmendFact amendment => Of(amendment.Fact),
        MarkEnteredInError mark => Of(mark.Fact),
        _ => Of(typeof(TCommand).Name),
    };

    internal static PlanSections Of(FactName fact) => ByFact.GetValueOrDefault(fact.Kind, PlanSections.All);

    private static PlanSections OfRevision(RevisePlan revision)
    {
        var support = revision.Support is { IsDefaultOrEmpty: false };
        var medication = revision is not
            { DoseMgPerKg: null, DoseMg: null, InductionSessions: null, Protocol: null, ProtocolVersion: null, Setting: null, Supervision: null, Phase: null, PhaseByWeeks: false, IntervalDays: null };
        var sections = (revision.Goals is { IsDefaultOrEmpty: false } ? PlanSections.Goals : PlanSections.None)
            | (support ? PlanSections.Psychotherapy : PlanSections.None)
            | (medication ? PlanSections.Medication : PlanSections.None);
        return sections == PlanSections.None ? PlanSections.Medication : sections;
    }
}

/// <summary>Which sections an event is told in.</summary>
public static class SectionsOfEvent
{
    /// <summary>Of each that changed; <see cref="PlanSections.All"/> for what is told to who sees everything alone: what is derived from several, decided beyond a section, or forgotten here.</summary>
    public static PlanSections Of(PatientState before, IEvent @event) => @event switch
    {
        PlanCreated => PlanSections.Goals | PlanSections.Medication | PlanSections.Psychotherapy,
        PlanRevised e when before.Plan is { } plan => Changed(plan, e.Plan),
        CourseBegan or TreatmentEnded or ConsultationRecorded or DoseRequested or PregnancyRecorded or RemsEnrolled => PlanSections.Medication,
        DosingTaken or DosingPassed or DosingEnded => DosingRight.Sections,
        SessionStarted or SessionCleared or SessionReported or DoseGiven or VitalsRecorded or SideEffectRecorded or SideEffectResolved or SessionCompleted or SessionDischarged or LeftWithoutDischarge
            or SafetyCheckRecorded or SeriousEventRecorded or RemsDetailsRecorded or RemsSubmitted or VisitMissed or FollowUpMissed or VisitRescheduled or ContactRecorded => PlanSections.Sessions,
        AssessmentRecorded or DifficultyRecorded or ScaleRecorded or AnsweredAtHome or MilestoneClosed or CourseMilestoneClosed or MilestoneRevised => PlanSections.Scales,
        SupportSessionRecorded => PlanSections.Psychotherapy,
        OwnGoalsSet => PlanSections.Goals,
        IVoiceEvent => PlanSections.Journal,
        FactEnteredInError e => SectionsOfCommand.Of(e.Fact),
        _ => PlanSections.All,
    };

    private static PlanSections Changed(Plan before, Plan after) => PlanMerge.Changed(before, after).Aggregate(PlanSections.None, (all, field) => all | field switch
    {
        PlanField.Goals => PlanSections.Goals,
        PlanField.Support => PlanSections.Psychotherapy,
        _ => PlanSections.Medication,
    });
}
