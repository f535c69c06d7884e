using System.Collections.Immutable;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>Turns a move into a command that mostly fits the state, and on purpose sometimes does not.</summary>
internal static class MoveCommands
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Melbourne", "Africa/Cairo"];

    /// <param name="next">The version an accepted command will make.</param>
    public static object For(PatientState state, Move move, DateTimeOffset now, long next)
    {
        var at = move.Fault == 0 ? now.AddSeconds(3) : now.AddMinutes(-(move.Pick % 3));
        return state.Exists ? Command(state, move, at, next) : Enrol(move, at);
    }

    private static EnrolPatient Enrol(Move move, DateTimeOffset at)
    {
        var command = Given.Enrolment(Zones[move.Pick % Zones.Length], at);
        return move.Fault switch { 1 => command with { FamilyName = "" }, 2 => command with { BirthDate = new DateOnly(2020, 1, 1) }, _ => command };
    }

    private static object Command(PatientState state, Move move, DateTimeOffset at, long next) => NextFor(state, move) switch
    {
        nameof(EnrolPatient) => Enrol(move, at),
        nameof(RecordConsultation) => Consult(move, at),
        nameof(CreatePlan) => Create(state, move, next),
        nameof(RevisePlan) => Revise(state, move, next),
        nameof(ProposeRevision) => Propose(state, move, at, next),
        nameof(ResolvePlanConflict) => Resolve(state, move, next),
        nameof(SetSharing) => new SetSharing(move.Fault == 1 ? [new(state.HomeClinic, SiteAccess.Read)] : Sites(state, move.Pick), at),
        nameof(SetResearchConsent) => Consent(move, at),
        nameof(StartSession) => Start(state, move, at),
        nameof(RecordDose) => new RecordDose(Session(state, move), Mg(state, move), move.Fault == 2 ? 500 : 40, at),
        nameof(RecordSideEffect) => new RecordSideEffect(SideEffect(state, move, at)),
        nameof(RecordVitals) => new RecordVitals(Session(state, move), new(at, move.Pick % 11 == 0 ? new(180, 100) : Given.Calm, SpO2Percent: move.Fault == 2 ? 101 : 97)),
        nameof(ResolveSideEffect) => new ResolveSideEffect(Amendments.LastSideEffect(state) - (move.Pick % 3), "", at),
        nameof(RecordLeaving) => new RecordLeaving(Session(state, move), LeavingKind.AgainstAdvice, move.Fault == 2 ? "" : "Would not wait", at),
        nameof(CompleteSession) => new CompleteSession(Session(state, move), move.Fault == 2 ? new(80, 90) : Given.Calm, at),
        nameof(RecordAssessment) => Answer(state, move, at),
        nameof(RecordScale) => AnswerScale(state, move, at),
        nameof(RecordSafetyCheck) => Check(state, move, at),
        nameof(RecordMissedVisit) => move.Pick % 2 == 0
            ? new RecordMissedVisit((Milestone)(1 + move.Pick % MilestoneSchedule.All.Count), (MissingReason)(1 + move.Pick / 6 % 6), at)
            : new RecordMissedVisit(default, (MissingReason)(1 + move.Pick / 6 % 3), at, VisitOf(state, move, at)?.Name ?? "none/1/1"),
        nameof(RescheduleVisit) => Reschedule(state, move, at),
        nameof(RecordRequestForDose) => new RecordRequestForDose(
            new($"r-{(move.Fault == 1 ? Math.Max(1, state.DoseRequests.Length) : state.DoseRequests.Length + 1)}"), (DoseRequestKind)(1 + move.Pick % 5), (DoseRequester)(1 + move.Pick % 2),
            (DoseRequestDecision)(1 + move.Pick % 3), move.Fault == 2 ? "" : "Talked over", at, Actor(move.Pick), move.Fault == 3 ? Roles.Coordinator : Roles.Clinician),
        nameof(NoticeLapse) => new NoticeLapse(),
        nameof(RecordSupportSession) => new RecordSupportSession(
            new SupportSessionId($"t-{state.SupportSessions.Length + (move.Fault == 1 ? 0 : 1)}"), (SupportKind)(1 + move.Pick % 2), move.Pick % 3 == 0 ? "Ill" : "", at),
        nameof(RecordAdviceDecision) => DecideAdvice(state, move, at),
        nameof(EndTreatment) => End(move, at),
        nameof(RecordDeath) => new RecordDeath(DeathCause.Unknown, DeathSource.Register, move.Fault != 1 && move.Pick % 25 == 0 ? "" : new('x', 501), at),
        nameof(RecordContact) => Contact(move, at),
        nameof(DeclareLost) => move.Fault > 3 && LossToFollowUp.FailedAttempts(state, at, LossRule.Newest) < 3 ? Contact(move with { Pick = 1 }, at) : new DeclareLost("", at),
        nameof(RecordPregnancy) => new RecordPregnancy(
            state.IsPregnant(at) && move.Pick % 4 > 0 ? PregnancyFinding.Ended : (PregnancyFinding)(1 + move.Pick / 4 % 5), move.Fault == 1 ? new('x', 501) : "", at),
        nameof(BreakGlass) => new BreakGlass(move.Fault == 1 ? "" : "Found unconscious", move.Fault == 2 ? null : move.Fault == 3 ? state.HomeClinic : Away(state), Actor(move.Pick)),
        nameof(EndResearchConsent) => new EndResearchConsent(),
        nameof(WithdrawAgain) => new WithdrawAgain(move.Pick % 256, move.Fault == 1 ? at.AddDays(5) : null, at),
        nameof(AddYearlyMilestones) => new AddYearlyMilestones(),
        nameof(EndEmergencyAccess) => new EndEmergencyAccess(Emergency(state, move)),
        nameof(ReviewEmergencyAccess) => new ReviewEmergencyAccess(
            Emergency(state, move), move.Fault == 1 ? "" : "Justified", move.Fault == 2 ? Away(state) : state.HomeClinic, Actor(move.Pick / 7)),
        nameof(EscalateAlert) => new EscalateAlert(Alert(state, move), move.Fault == 1 ? 2 : state.FindAlert(Alert(state, move))?.Level ?? 1),
        nameof(AcknowledgeAlert) => new AcknowledgeAlert(Alert(state, move), move.Fault == 1 ? "" : "Seen", Actor(move.Pick), move.Fault == 2 ? Roles.Coordinator : Roles.Clinician),
        nameof(RecordRemsEnrolment) => Enrolment(move, at),
        nameof(RecordRemsDetails) => new RecordRemsDetails(
            Session(state, move), "L-1", move.Fault == 2 ? [RemsMedication.Opioids, RemsMedication.Opioids] : [(RemsMedication)(1 + move.Pick % 5)], move.Pick % 200, move.Fault == 3 ? "" : "R. Alvarez", at),
        nameof(MarkEnteredInError) => Amendments.Mark(state, move),
        nameof(AmendFact) => Amendments.Amend(state, move, at),
        nameof(RecordRemsSubmission) => new RecordRemsSubmission(Session(state, move), move.Fault == 2 ? new('x', 61) : "", at, Actor(move.Pick)),
        nameof(RecordSeriousEvent) => new RecordSeriousEvent(
            Session(state, move), move.Fault == 2 ? [] : [(SeriousCriterion)(1 + move.Pick % 5)], move.Fault == 3 ? "" : "Kept overnight", at),
        nameof(WriteJournalEntry) or nameof(SetOwnGoals) or nameof(RecordDiaryEffect) or nameof(ResolveDiaryEffect) or nameof(SetSupportContacts) or nameof(ExplainVisit) => VoiceMoves.For(state, move, at),
        nameof(OfferTransfer) => new OfferTransfer(
            move.Fault == 1 ? state.HomeClinic : Away(state), move.Fault == 2 ? "" : "Moves there", move.Pick % 5 == 0 ? null : (SiteAccess)(1 + move.Pick % 2), move.Pick % 32,
            move.Fault == 3 ? Away(state) : state.HomeClinic, Actor(move.Pick)),
        nameof(WithdrawTransfer) => new WithdrawTransfer(state.Transfers.Length - (move.Fault == 1 ? 1 : 0), move.Fault == 2 ? null : state.HomeClinic, Actor(move.Pick)),
        nameof(AcceptTransfer) => new AcceptTransfer(
            state.Transfers.Length - (move.Fault == 1 ? 1 : 0), move.Fault == 2 ? "" : $"R-{move.Pick}", move.Fault == 3 ? state.HomeClinic : Away(state), Actor(move.Pick), Zones[move.Pick % Zones.Length]),
        nameof(DeclineTransfer) => new DeclineTransfer(state.Transfers.Length - (move.Fault == 1 ? 1 : 0), move.Fault == 2 ? "" : "No place", Away(state), Actor(move.Pick)),
        nameof(TakeDosing) => new TakeDosing(move.Fault == 1 ? null : move.Pick % 3 == 0 ? Away(state) : state.HomeClinic, Actor(move.Pick)),
        nameof(PassDosing) => new PassDosing(move.Fault == 1 ? new("east") : Holder(state, at) == state.HomeClinic ? Away(state) : state.HomeClinic, Holder(state, at), Actor(move.Pick)),
        nameof(EndDosing) => new EndDosing(move.Pick % 4 == 0 ? Away(state) : Holder(state, at), Actor(move.Pick)),
        nameof(ReportSession) => Report(state, move, at),
        nameof(ReopenDouble) => new ReopenDouble(
            move.Fault == 3 || state.DismissedDoubles.IsEmpty ? new("none") : state.DismissedDoubles[move.Pick % state.DismissedDoubles.Length].Double, move.Fault == 1 ? "" : "One after all", state.HomeClinic, Actor(move.Pick), move.Fault != 2),
        nameof(DismissDouble) => new DismissDouble(new($"{move.Pick}"), move.Fault == 1 ? "" : "Twins", state.HomeClinic, Actor(move.Pick), move.Fault != 2, move.Fault == 3),
        nameof(CloseMilestone) => Close(state, move),
        _ => throw new InvalidOperationException($"The sequences do not know {move.Name}: teach them."),
    };

    /// <summary>Mostly the next one of the present course, else of an earlier one.</summary>
    private static CloseMilestone Close(PatientState state, Move move)
    {
        var number = move.Pick % 4 == 0 ? 1 : state.CourseNumber();
        return new((Milestone)(1 + (move.Pick % 3 == 0 ? move.Pick / 3 % MilestoneSchedule.All.Count : Math.Min(state.InCourse(number).Outcomes.Length, MilestoneSchedule.All.Count - 1))), number);
    }

    /// <summary>The use case drawn, or what the open session needs next.</summary>
    private static string NextFor(PatientState state, Move move) =>
        move.Fault < 8 || move.Name is not (nameof(StartSession) or nameof(RecordDose) or nameof(CompleteSession)) ? move.Name
        : state.EndedAt is not null && state.Sessions.All(s => s.CompletedAt is not null) ? nameof(CreatePlan)
        : state.Sessions.LastOrDefault(s => s.CompletedAt is null) is not { } open ? nameof(StartSession)
        : open.DoseMg is null ? nameof(RecordDose)
        : state.Plan!.MadeFrom.Rules.AsksForDischarge ? nameof(RecordLeaving)
        : nameof(CompleteSession);

    /// <summary>Mostly the last one.</summary>
    private static int Emergency(PatientState state, Move move) => state.EmergencyAccesses.Length - (move.Pick % 5 == 0 ? 1 : 0);

    /// <summary>Mostly the last one that is open.</summary>
    private static int Alert(PatientState state, Move move) =>
        move.Pick % 7 == 0 ? state.Alerts.Length + 1 : state.Alerts.LastOrDefault(a => a.IsOpen)?.Number ?? state.Alerts.Length;

    private static string Actor(int pick) => "person-" + pick % 3;

    private static RecordConsultation Consult(Move move, DateTimeOffset at) => new(
        Given.Consultation with
        {
            DiagnosisCode = move.Fault == 1 ? "F" : "F33.1",
            TreatmentConsent = move.Pick % 12 != 0,
            Contraindications = move.Pick % 12 == 1 ? ["Aneurysmal vascular disease"] : [],
            Detail = move.Pick % 12 == 2 ? Detailed.With("hypersensitivity", true).Detail : move.Pick % 12 == 3 ? Detailed.With("psychosis", true).Detail : null,
        },
        at);

    private static CreatePlan Create(PatientState state, Move move, long next) => new(
        move.Pick % 2 == 0 ? Given.Ketamine : Given.Esketamine,
        move.Fault == 1 ? Setting.Home : Setting.CertifiedClinic,
        null,
        move.Fault == 2 ? 70 : null,
        [Given.Goal],
        next,
        ProtocolVersion: move.Pick % 3 == 0 ? 2 : 1,
        NewCourse: state.EndedAt is not null ? move.Fault > 3 : move.Fault == 3);

    private static RevisePlan Revise(PatientState state, Move move, long next) => new(
        (state.Plan?.Version ?? 1) - (move.Fault == 1 ? 1 : 0),
        move.Fault == 2 ? 1.5 : null,
        null,
        move.Pick % 2 == 0 ? 4 + move.Pick % 9 : null,
        move.Pick % 2 == 0 ? [] : [Given.Goal with { TargetPhq9 = move.Fault == 3 ? 28 : move.Pick % 28 }],
        "Reviewed",
        next)
    {
        Support = move.Pick % 5 == 0 ? [new(SupportKind.Psychotherapy, "Dr A", move.Fault == 5 ? 91 : 7, new DateOnly(2025, 2, 3), null)] : [],
        IntervalDays = move.Fault == 4 ? 7 : null,
        Protocol = move.Fault == 6 ? Given.Esketamine : null,
    };

    /// <summary>Mostly on the plan before the present one.</summary>
    private static ProposeRevision Propose(PatientState state, Move move, DateTimeOffset at, long next)
    {
        var known = move.Pick % 3 > 0 && state.EarlierPlans is [.., { } last] ? last : state.Plan;
        return new(Revise(state, move, next) with { BaseVersion = known?.Version ?? 1, InductionSessions = move.Pick % 4 == 0 ? null : 4 + move.Pick / 4 % 9, Actor = Actor(move.Pick), Site = Given.Other }, at);
    }

    /// <summary>Mostly the last one that is open.</summary>
    private static ResolvePlanConflict Resolve(PatientState state, Move move, long next)
    {
        var holds = (PlanChoice)(1 + move.Pick % 3);
        return new(
            move.Pick % 11 == 0 ? 1 : state.PlanConflicts.LastOrDefault(c => c.IsOpen)?.Number ?? state.PlanConflicts.Length,
            holds,
            move.Fault == 2 ? "" : "Talked over",
            (state.Plan?.Version ?? 1) - (move.Fault == 1 ? 1 : 0),
            holds == PlanChoice.Revised ? Revise(state, move with { Pick = move.Pick * 2 }, next) : null,
            Actor(move.Pick),
            Given.Home,
            next);
    }

    private static SetResearchConsent Consent(Move move, DateTimeOffset at)
    {
        ImmutableArray<RecipientClass> classes = [.. Enum.GetValues<RecipientClass>().Where(c => (move.Pick & (int)c) != 0).Reverse()];
        return new(move.Fault == 1 ? [RecipientClass.Industry, RecipientClass.Industry] : classes, at)
        {
            Purposes = move.Pick % 3 == 0 ? [ResearchPurpose.SafetyMonitoring, ResearchPurpose.Research] : [],
            Until = move.Pick % 5 == 0 ? at.AddDays(move.Fault == 2 ? 0 : 30) : null,
        };
    }

    private static RecordContact Contact(Move move, DateTimeOffset at) =>
        new(ContactWay.Phone, move.Pick % 6 == 0 ? ContactResult.Reached : ContactResult.NoAnswer, move.Fault == 1 ? new('x', 501) : "", at);

    private static StartSession Start(PatientState state, Move move, DateTimeOffset at) => new(
        move.Fault == 1 && state.SessionsOfAllCourses().FirstOrDefault() is { } known ? known.Id : new SessionId($"s-{state.SessionsOfAllCourses().Count() + state.Retracted.Length + 1}"),
        move.Pick % 9 == 0 ? Away(state) : state.HomeClinic,
        move.Pick % 7 != 0,
        move.Fault == 2 ? new(40, 30) : move.Pick % 5 == 0 ? new(141 + move.Pick % 40, 88) : move.Pick % 5 == 1 ? new(138, 91) : Given.Calm,
        move.Fault == 3 ? null : 45 + move.Pick % 100,
        move.Pick % 2 == 0 ? "" : "Weighed with the patient",
        at,
        SpO2Percent: 97,
        FoodMinutes: 600,
        DrinkMinutes: 600,
        EscortConfirmed: true,
        EnrolmentConfirmed: true,
        Actor(move.Pick),
        move.Pick % 5 == 0 ? Roles.Nurse : Roles.Clinician)
    {
        Overrides =
        [
            .. state.IsPregnant(at) && move.Pick % 3 > 0 ? [new GateOverride(GateKind.Pregnancy, "Weighed with the patient")] : Array.Empty<GateOverride>(),
            .. state.DosingAt(at) is not null && move.Pick % 4 == 0 ? [new GateOverride(GateKind.DosingSite, "The other site is closed")] : Array.Empty<GateOverride>(),
        ],
    };

    /// <summary>Of some hours or days ago; whatever the gates say, and sometimes without what a gate asks for.</summary>
    private static ReportSession Report(PatientState state, Move move, DateTimeOffset at) => new(
        Start(state, move, move.Fault == 0 ? at : at.AddHours(-(move.Pick % 90))) with { Clinic = move.Pick % 2 == 0 ? Away(state) : state.HomeClinic, EscortConfirmed = move.Pick % 11 > 0 },
        state.PlanOfVersion(move.Pick % 4) is { } plan ? plan.Version : state.Plan?.Version ?? 0,
        move.Fault == 3 ? new('x', 501) : move.Pick % 5 == 0 ? "Much worse" : "");

    private static ClinicId Holder(PatientState state, DateTimeOffset at) => state.DosingAt(at)?.Site ?? state.HomeClinic;

    private static RecordRemsEnrolment Enrolment(Move move, DateTimeOffset at) => move.Pick % 4 == 0
        ? new(RemsEnrolmentKind.TransferNotice, move.Pick % 8 == 0 ? Given.Home : Given.Other, move.Fault == 2 ? "Dr Chen" : "", null, false, "", at, move.Fault != 3)
        : new(RemsEnrolmentKind.Form, Given.Home, "Dr Chen", move.Fault == 1 ? null : RemsIndication.TreatmentResistantDepression, move.Fault != 2, "", at, move.Fault != 3);

    private static SessionId Session(PatientState state, Move move) =>
        move.Fault == 1 || state.Sessions.IsEmpty ? new SessionId("s-unknown") : state.Sessions[^(1 + (move.Pick % 8 == 0 ? (move.Pick / 8) % state.Sessions.Length : 0))].Id;

    private static double Mg(PatientState state, Move move)
    {
        var planned = state.Sessions.IsEmpty ? 40 : state.Sessions[^1].PlannedDoseMg;
        return move.Fault == 3 ? 0 : move.Pick % 6 == 0 ? planned * 1.5 : planned;
    }

    private static SideEffect SideEffect(PatientState state, Move move, DateTimeOffset at) =>
        new(Session(state, move), SideEffectKind.Nausea, (SideEffectSeverity)(1 + move.Pick % 3), at, move.Fault == 2 ? -5 : move.Pick % 2 == 0 ? 0 : 20, "");

    private static RecordAssessment Answer(PatientState state, Move move, DateTimeOffset at) => new(
        move.Fault == 1 && !state.Assessments.IsEmpty ? state.Assessments[^1].Id : new AssessmentId($"a-{state.Assessments.Length + state.Retracted.Length + 1}"),
        move.Fault == 2 ? [4, 0, 0, 0, 0, 0, 0, 0, 0] : move.Fault == 3 ? [1] : Given.Items(move.Pick % 28),
        at);

    private static RecordScale AnswerScale(PatientState state, Move move, DateTimeOffset at)
    {
        var scale = ScaleCatalogue.All[move.Pick % ScaleCatalogue.All.Count];
        var answers = ScaleAnswers.Random(scale, new Random(move.Pick));
        var known = state.Assessments.Select(a => a.Id).Concat(state.AnsweredScales.Select(a => a.Id)).FirstOrDefault(new AssessmentId("none"));
        return new(
            move.Fault == 1 ? known : new AssessmentId($"x-{state.Assessments.Length + state.AnsweredScales.Length + state.Retracted.Length}"),
            scale.Kind,
            move.Fault == 2 ? answers.Add(new("unknown", 0)) : move.Fault == 3 ? [answers[0] with { Value = scale.Items[0].Max + 1 }] : answers,
            at)
        {
            AtHome = move.Pick / 16 % 2 == 0,
        };
    }

    private static RecordSafetyCheck Check(PatientState state, Move move, DateTimeOffset at)
    {
        var check = Detailed.Check((SafetyCheckKind)(1 + move.Pick % 5), $"c-{(move.Fault == 1 ? Math.Max(1, state.SafetyChecks.Length) : state.SafetyChecks.Length + 1)}", at);
        return new(move.Fault switch { 2 => check with { Liver = null, Cognition = null, Screen = null }, 3 => check with { Note = new('x', 1001) }, _ => check });
    }

    /// <summary>Mostly one that is due or to come.</summary>
    private static FollowUpVisit? VisitOf(PatientState state, Move move, DateTimeOffset at)
    {
        var visits = FollowUpCalendar.Of(state, at).Where(v => move.Pick % 5 == 0 || v.State is not (FollowUpState.Done or FollowUpState.Missed)).ToArray();
        return visits.Length == 0 ? null : visits[move.Pick % visits.Length];
    }

    private static RescheduleVisit Reschedule(PatientState state, Move move, DateTimeOffset at)
    {
        if (VisitOf(state, move, at) is not { } visit)
            return new("none/1/1", state.DayOf(at), "Away", at);
        var (first, last) = FollowUpCalendar.PlanningDays(state, visit);
        var day = first.AddDays(move.Pick % Math.Max(1, last.DayNumber - first.DayNumber + 1));
        return new(visit.Name, move.Fault == 1 ? last.AddDays(1) : day < state.DayOf(at) ? state.DayOf(at) : day, move.Fault == 2 ? "" : "Away that day", at);
    }

    /// <summary>On what is advised just now; plans are revised for other reasons here.</summary>
    private static RecordAdviceDecision DecideAdvice(PatientState state, Move move, DateTimeOffset now)
    {
        var open = AdviceSheet.Open(state, now);
        return new(
            move.Fault == 1 || open.IsEmpty ? "add-anti-nausea/1@side-effects/0" : open[move.Pick % open.Length].Id,
            (AdviceVerdict)(1 + move.Pick % 3),
            move.Fault == 2 ? "" : "Agreed with the patient",
            move.Fault == 3 ? state.Plan?.Revision : null,
            Actor(move.Pick));
    }

    /// <summary>Not often: a course is to be something before it ends.</summary>
    private static EndTreatment End(Move move, DateTimeOffset at) => new(move.Fault != 1 && move.Pick % 6 == 0 ? "Moved away" : "", at);

    private static ImmutableArray<SiteGrant> Sites(PatientState state, int pick) => pick % 4 == 0 ? []
        : pick % 4 == 3 ? [new(Away(state), SiteAccess.BySection) { Read = (PlanSections)(1 << (pick % 6)) }]
        : [new(Away(state), (SiteAccess)(pick % 4))];

    /// <summary>Of the two clinics of the sequences the one that is not the home clinic.</summary>
    private static ClinicId Away(PatientState state) => state.HomeClinic == Given.Home ? Given.Other : Given.Home;
}
