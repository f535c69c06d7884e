using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What was entered in error, and what was recomputed by it.</summary>
internal static class RetractionSheet
{
    internal static void Write(Terminal terminal, GetPatientResponse answer)
    {
        if (answer.RetractedFacts.Count == 0)
            return;
        var table = new Sheet(">no", "entered in error", "was", "now", "by", "at", "why");
        foreach (var kept in answer.RetractedFacts)
            table.Row($"{kept.Number}", Short(kept.Fact), Was(kept), kept.WithSession.Length > 0 ? $"with {Short(kept.WithSession)}" : Short(kept.ReplacedBy), kept.Actor, Show.Instant(kept.RetractedAt), kept.Reason);
        terminal.Line("");
        table.WriteTo(terminal);
        foreach (var revised in answer.RevisedOutcomes)
            terminal.Line($"  outcome of {Show.Words(revised.Was.Milestone)} before retraction {revised.Retraction}: {Of(revised.Was)}");
        var recomputed = string.Join(", ", answer.Judgements.Where(judgement => judgement.Recomputed).Select(judgement => judgement.Definition));
        if (recomputed.Length > 0)
            terminal.Line($"  judged otherwise than on what was first recorded: {recomputed}");
        foreach (var session in answer.Patient.Sessions.Where(session => session.BrokenDischarge.Length > 0))
            terminal.Line($"  {Short(session.Name)}: its discharge would be refused on what stands now: {session.BrokenDischarge}");
    }

    private static string Was(RetractedFact kept) => kept.OriginalCase switch
    {
        RetractedFact.OriginalOneofCase.Assessment => $"PHQ-9 of {kept.Assessment.Total} on {Show.Day(kept.Assessment.OccurredAt)}",
        RetractedFact.OriginalOneofCase.Scale => $"{Show.Words(kept.Scale.Scale)}{(kept.Scale.HasTotal ? $" of {kept.Scale.Total}" : "")} on {Show.Day(kept.Scale.OccurredAt)}",
        RetractedFact.OriginalOneofCase.Session => kept.Session.DosedAt is null ? $"no dose, {Show.Day(kept.Session.StartedAt)}" : $"{Show.Number(kept.Session.DoseMg)} mg at {Show.Instant(kept.Session.DosedAt)}",
        RetractedFact.OriginalOneofCase.Vitals => $"readings at {Show.Instant(kept.Vitals.OccurredAt)}",
        RetractedFact.OriginalOneofCase.SideEffect => $"{Show.Words(kept.SideEffect.Severity)} {Show.Words(kept.SideEffect.Kind)}",
        RetractedFact.OriginalOneofCase.MissedVisit => $"{Show.Words(kept.MissedVisit.Milestone)} {Show.Words(kept.MissedVisit.Reason)}",
        RetractedFact.OriginalOneofCase.End => $"{Show.Day(kept.End.OccurredAt)}: {kept.End.Reason}",
        RetractedFact.OriginalOneofCase.Consultation => kept.Consultation.DiagnosisCode,
        RetractedFact.OriginalOneofCase.Death => $"{Show.Day(kept.Death.OccurredAt)}, {Show.Words(kept.Death.Cause)}",
        RetractedFact.OriginalOneofCase.Contact => $"{Show.Words(kept.Contact.Way)} on {Show.Day(kept.Contact.OccurredAt)}: {Show.Words(kept.Contact.Result)}",
        RetractedFact.OriginalOneofCase.Loss => $"lost from {Show.Day(kept.Loss.OccurredAt)}",
        RetractedFact.OriginalOneofCase.Pregnancy => $"{Show.Words(kept.Pregnancy.Finding)} on {Show.Day(kept.Pregnancy.OccurredAt)}",
        RetractedFact.OriginalOneofCase.DoseRequest => $"{Show.Words(kept.DoseRequest.Kind)} on {Show.Day(kept.DoseRequest.OccurredAt)}: {Show.Words(kept.DoseRequest.Decision)}",
        RetractedFact.OriginalOneofCase.SafetyCheck => $"{Show.Words(kept.SafetyCheck.Kind)} on {Show.Day(kept.SafetyCheck.OccurredAt)}: {Show.Words(kept.SafetyCheck.Finding)}",
        RetractedFact.OriginalOneofCase.SupportSession => $"{Show.Words(kept.SupportSession.Kind)} on {Show.Day(kept.SupportSession.OccurredAt)}",
        RetractedFact.OriginalOneofCase.SeriousEvent => $"{kept.SeriousEvent.Description} on {Show.Day(kept.SeriousEvent.OccurredAt)}",
        RetractedFact.OriginalOneofCase.RemsEnrolment => $"{Show.Words(kept.RemsEnrolment.Kind)} for {kept.RemsEnrolment.Clinic} on {Show.Day(kept.RemsEnrolment.OccurredAt)}",
        RetractedFact.OriginalOneofCase.RemsDetails => $"of {Short(kept.RemsDetails.Session)}, asked on {Show.Day(kept.RemsDetails.OccurredAt)}",
        RetractedFact.OriginalOneofCase.RemsSubmission => $"of {Short(kept.RemsSubmission.Session)}, sent on {Show.Day(kept.RemsSubmission.OccurredAt)}",
        RetractedFact.OriginalOneofCase.FollowUpMiss => $"{kept.FollowUpMiss.Visit} {Show.Words(kept.FollowUpMiss.Reason)}",
        RetractedFact.OriginalOneofCase.DiaryEffect => $"{Show.Words(kept.DiaryEffect.Severity)} {Show.Words(kept.DiaryEffect.Kind)}",
        RetractedFact.OriginalOneofCase.JournalEntry => $"{kept.JournalEntry.Day}: {kept.JournalEntry.Text}",
        RetractedFact.OriginalOneofCase.VisitExplanation => $"{kept.VisitExplanation.Rule} {kept.VisitExplanation.Occurrence}: {Show.Words(kept.VisitExplanation.Reason)}",
        _ => "",
    };

    private static string Of(MilestoneOutcome outcome) => outcome.Measured ? $"{outcome.BaselinePhq9} to {outcome.Phq9}" : Show.Words(outcome.MissingReason);

    /// <summary>Without the patient's name.</summary>
    private static string Short(string name) => name.Length == 0 ? "" : name[(name.IndexOf('/', name.IndexOf('/') + 1) + 1)..];
}
