using System.Collections.Immutable;
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
        nameof(CreatePlan) => Create(move, next),
        nameof(RevisePlan) => Revise(state, move, next),
        nameof(SetSharing) => new SetSharing(move.Fault == 1 ? [new(Given.Home, SiteAccess.Read)] : Sites(move.Pick), at),
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
        nameof(RecordMissedVisit) => new RecordMissedVisit((Milestone)(1 + move.Pick % 6), (MissingReason)(1 + move.Pick / 6 % 6), at),
        nameof(EndTreatment) => End(move, at),
        nameof(BreakGlass) => new BreakGlass(move.Fault == 1 ? "" : "Found unconscious", move.Fault == 2 ? null : move.Fault == 3 ? Given.Home : Given.Other, Actor(move.Pick)),
        nameof(EndEmergencyAccess) => new EndEmergencyAccess(Emergency(state, move)),
        nameof(ReviewEmergencyAccess) => new ReviewEmergencyAccess(
            Emergency(state, move), move.Fault == 1 ? "" : "Justified", move.Fault == 2 ? Given.Other : Given.Home, Actor(move.Pick / 7)),
        nameof(EscalateAlert) => new EscalateAlert(Alert(state, move), move.Fault == 1 ? 2 : state.FindAlert(Alert(state, move))?.Level ?? 1),
        nameof(AcknowledgeAlert) => new AcknowledgeAlert(Alert(state, move), move.Fault == 1 ? "" : "Seen", Actor(move.Pick), move.Fault == 2 ? Roles.Coordinator : Roles.Clinician),
        nameof(MarkEnteredInError) => Amendments.Mark(state, move),
        nameof(AmendFact) => Amendments.Amend(state, move, at),
        nameof(CloseMilestone) => new CloseMilestone((Milestone)(1 + (move.Pick % 3 == 0 ? move.Pick / 3 % 6 : Math.Min(state.Outcomes.Length, 5)))),
        _ => throw new InvalidOperationException($"The sequences do not know {move.Name}: teach them."),
    };

    /// <summary>The use case drawn, or what the open session needs next.</summary>
    private static string NextFor(PatientState state, Move move) =>
        move.Fault < 8 || move.Name is not (nameof(StartSession) or nameof(RecordDose) or nameof(CompleteSession)) ? move.Name
        : state.Sessions.LastOrDefault(s => s.CompletedAt is null) is not { } open ? nameof(StartSession)
        : open.DoseMg is null ? nameof(RecordDose)
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
        },
        at);

    private static CreatePlan Create(Move move, long next) => new(
        move.Pick % 2 == 0 ? Given.Ketamine : Given.Esketamine,
        move.Fault == 1 ? Setting.Home : Setting.CertifiedClinic,
        null,
        move.Fault == 2 ? 70 : null,
        [Given.Goal],
        next);

    private static RevisePlan Revise(PatientState state, Move move, long next) => new(
        (state.Plan?.Version ?? 1) - (move.Fault == 1 ? 1 : 0),
        move.Fault == 2 ? 1.5 : null,
        null,
        move.Pick % 2 == 0 ? 4 + move.Pick % 9 : null,
        move.Pick % 2 == 0 ? [] : [Given.Goal with { TargetPhq9 = move.Fault == 3 ? 28 : move.Pick % 28 }],
        "Reviewed",
        next);

    private static SetResearchConsent Consent(Move move, DateTimeOffset at)
    {
        ImmutableArray<RecipientClass> classes = [.. Enum.GetValues<RecipientClass>().Where(c => (move.Pick & (int)c) != 0).Reverse()];
        return new(move.Fault == 1 ? [RecipientClass.Industry, RecipientClass.Industry] : classes, at);
    }

    private static StartSession Start(PatientState state, Move move, DateTimeOffset at) => new(
        move.Fault == 1 && state.Sessions.Length > 0 ? state.Sessions[0].Id : new SessionId($"s-{state.Sessions.Length + state.Retracted.Length + 1}"),
        move.Pick % 9 == 0 ? Given.Other : Given.Home,
        move.Pick % 7 != 0,
        move.Fault == 2 ? new(40, 30) : move.Pick % 5 == 0 ? new(141 + move.Pick % 40, 88) : move.Pick % 5 == 1 ? new(138, 91) : Given.Calm,
        move.Fault == 3 ? null : 45 + move.Pick % 100,
        move.Pick % 2 == 0 ? "" : "Weighed with the patient",
        at);

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
            at);
    }

    /// <summary>Rare, since it ends what the sequence is about.</summary>
    private static EndTreatment End(Move move, DateTimeOffset at) => new(move.Fault != 1 && move.Pick % 20 == 0 ? "Moved away" : "", at);

    private static ImmutableArray<SiteGrant> Sites(int pick) => pick % 3 == 0 ? [] : [new(Given.Other, (SiteAccess)(pick % 3))];
}
