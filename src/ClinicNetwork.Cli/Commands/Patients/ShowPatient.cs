using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowPatient
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var confirmed = Given.Flag("--confirmed", "Check against the database, not the grain's memory");
        var json = Given.Json();
        return new CliCommand(
            "show", "Show the plan with its goals, what is due, the PHQ-9 course, the other scales and the outcomes.",
            "patient show patients/p-1", "patient show patients/p-1 --site clinics/hillside")
            .With(patient, confirmed, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var answer = await network.Patients.GetPatientAsync(
                    new() { Name = run.Of(patient), Read = new() { Confirmed = run.Of(confirmed) } }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(answer));
                    return;
                }
                var advice = await AdviceAsync(network, answer, run.Cancelled);
                WriteHead(run.Terminal, answer);
                WritePlan(run.Terminal, answer.Patient.Plan, answer.Goals, answer.Patient.SupportSessions);
                AdviceSheetView.WriteOpen(run.Terminal, advice);
                CalendarSheet.WriteDue(run.Terminal, answer.FollowUps);
                VoiceSheet.Write(run.Terminal, answer);
                if (Show.Sees(answer.Patient.Plan, PlanSection.Scales))
                    WriteCourse(run.Terminal, answer.Patient);
                WriteScales(run.Terminal, answer.Patient);
                ConsultationSheet.WriteChecks(run.Terminal, answer.Patient);
                WriteOutcomes(run.Terminal, answer.Patient);
                WriteJudgements(run.Terminal, answer);
                CourseSheet.WriteCourses(run.Terminal, answer.Courses);
                RetractionSheet.Write(run.Terminal, answer);
            });
    }

    /// <summary>None for a patient, to whom advice is not addressed, and for a site that does not see what it is from.</summary>
    private static async Task<IReadOnlyList<Advice>> AdviceAsync(ClinicNetworkClient network, GetPatientResponse shown, CancellationToken cancellationToken)
    {
        try
        {
            return (await network.Patients.GetAdviceAsync(
                new() { Name = shown.Patient.Name, Read = new() { MinVersion = shown.Revision.Version } }, cancellationToken: cancellationToken)).Advice;
        }
        catch (ClinicNetworkException refused) when (refused.Reason is "ROLE_NOT_ALLOWED" or "SECTION_NOT_SHARED")
        {
            return [];
        }
    }

    private static void WriteHead(Terminal terminal, GetPatientResponse answer)
    {
        var patient = answer.Patient;
        terminal.Line($"{patient.Name}  {patient.GivenName} {patient.FamilyName}, {Show.Words(patient.Sex)}, born {patient.BirthDate}");
        terminal.Line($"  home      {patient.HomeClinic}, record {patient.RecordNumber}");
        terminal.Line($"  status    {Show.Words(patient.Status)}");
        if (patient.Consultation is { } consultation)
        {
            var adequate = consultation.EarlierTreatments.Count(t => t.Adequate && t.Response != TreatmentResponse.Full);
            terminal.Line($"  diagnosis {consultation.DiagnosisCode}, {adequate} treatments told as adequate, without full response");
        }
        ConsultationSheet.WriteHead(terminal, answer);
        if (patient.Plan is { Sections: { Count: > 0 } seen })
            terminal.Line($"  shared    with this site ({Show.Sections(seen)})");
        else
            WriteSites(terminal, patient);
        foreach (var access in patient.EmergencyAccesses)
            terminal.Line($"  emergency {access.Number} by {access.Site} until {Show.Instant(access.Until)}: {access.Reason}{(access.ReviewedAt is null ? "" : $"; reviewed: {access.Finding}")}");
        foreach (var alert in patient.Alerts)
            terminal.Line($"  alert     {alert.Number} {Show.Words(alert.Kind)}, {StandOf(alert)}");
        foreach (var conflict in answer.PlanConflicts.Where(c => c.Resolution is null))
            terminal.Line($"  conflict  {conflict.Number} of the plan, about {string.Join(", ", conflict.Fields.Select(Show.Words))}: see 'patient conflicts'");
        WriteRems(terminal, answer);
        foreach (var request in patient.DoseRequests)
            terminal.Line($"  asked     {Show.Instant(request.OccurredAt)}, {Show.Words(request.Requester)}: {Show.Words(request.Kind)}, {Show.Words(request.Decision)} by {request.DecidedBy}: {request.Reason}");
        if (patient.Plan is not { Sections.Count: > 0 })
            terminal.Line($"  research  {Told(patient.ResearchPermission)}");
        CourseSheet.WriteStanding(terminal, answer);
        WriteOpen(terminal, patient);
        terminal.Line($"  version   {answer.Revision.Version}{(answer.Revision.Confirmed ? ", confirmed" : "")}");
    }

    private static void WriteSites(Terminal terminal, Patient patient)
    {
        var sites = patient.Sites.Select(grant => $"{grant.Site} ({(grant.Sections.Count > 0 ? Show.Sections(grant.Sections) : Show.Words(grant.Access))})");
        terminal.Line($"  shared    {(patient.Sites.Count == 0 ? "with nobody" : string.Join(", ", sites))}");
    }

    /// <summary>To whom, for what and until when.</summary>
    internal static string Told(ResearchConsent? consent) => consent is null || consent.Recipients.Count == 0
        ? "not permitted"
        : $"{string.Join(", ", consent.Recipients.Select(Show.Words))} for {string.Join(", ", consent.Purposes.Select(Show.Words))}{(consent.Until is null ? "" : $" until {Show.Instant(consent.Until)}")}";

    /// <summary>Where the programme knows the patient to be treated, serious events, and forms that are open.</summary>
    private static void WriteRems(Terminal terminal, GetPatientResponse answer)
    {
        if (answer.Patient.RemsEnrolments.MaxBy(enrolment => enrolment.OccurredAt.ToDateTimeOffset()) is { } site)
            terminal.Line($"  rems      with {site.Clinic} since {Show.Day(site.OccurredAt)}");
        foreach (var due in answer.RemsForms.Where(due => due.SubmittedAt is null))
            terminal.Line($"  rems form of {due.Session[(due.Session.LastIndexOf('/') + 1)..]}: {ShowRemsForm.StandOf(due)}");
        foreach (var serious in answer.Patient.SeriousEvents)
            terminal.Line($"  serious   {serious.Number} {Show.Instant(serious.OccurredAt)}, {string.Join(", ", serious.Criteria.Select(Show.Words))}: {serious.Description}");
    }

    private static string StandOf(Alert alert) =>
        alert is { ClosedAt: null, Historical: true } ? $"historical, to be acknowledged by {string.Join(" or ", alert.Owners)}"
        : alert.ClosedAt is null ? $"level {alert.Level}, {string.Join(" or ", alert.Owners)} until {Show.Instant(alert.DueAt)}{(alert.ReopenedBy > 0 ? $", open again by retraction {alert.ReopenedBy}" : "")}"
        : alert.AnsweredBy.Length > 0 ? $"answered by {alert.AnsweredBy}"
        : alert.Causes.Count == 0 && alert.Done.Length == 0 ? $"over by retraction {alert.Withdrawn[^1].Retraction}: what raised it was entered in error, or meets the rule no more"
        : $"acknowledged by {alert.AcknowledgedBy}: {alert.Done}";

    private static void WritePlan(Terminal terminal, Plan? plan, IReadOnlyList<GoalProgress> progress, IReadOnlyCollection<SupportSession> sessions)
    {
        terminal.Line("");
        if (plan is null)
        {
            terminal.Line("No plan yet.");
            return;
        }
        terminal.Line($"Plan, revision {plan.Revision}: {Show.Plan(plan)}");
        var lastChange = plan.RevisionReason.Length > 0 ? $"; last change: {plan.RevisionReason}" : "";
        if (plan.Protocol.Length > 0)
            terminal.Line($"  from {plan.Protocol}, version {plan.ProtocolVersion}{lastChange}");
        terminal.Line($"  etag: {plan.Etag}");
        if (plan.Phase != PlannedPhase.Unspecified)
            terminal.Line($"  phase: {Show.Words(plan.Phase)}, chosen");
        if (plan.IntervalDays > 0)
            terminal.Line($"  interval: every {Show.Count(plan.IntervalDays, "day")} in {Show.Words(plan.IntervalPhase)}");
        foreach (var support in plan.Support)
            terminal.Line($"  {Show.Words(support.Kind)}: every {Show.Count(support.EveryDays, "day")} from {support.FromDay}{(support.ToDay.Length > 0 ? $" to {support.ToDay}" : "")}, {support.Provider}{Attended(sessions, support.Kind)}");
        foreach (var (i, goal) in plan.Goals.Index())
        {
            var target = goal.HasTargetPhq9 ? $", PHQ-9 of {goal.TargetPhq9}"
                : goal.HasTargetTotal ? $", {Choice<ScaleKind>.Name(goal.Measure).ToUpperInvariant()} of {goal.TargetTotal}"
                : "";
            var by = goal.TargetDate.Length > 0 ? $" by {goal.TargetDate}" : "";
            terminal.Line($"  goal: {goal.Text}{target}{by}");
            if (i < progress.Count && Progress(progress[i]) is { Length: > 0 } line)
                terminal.Line($"        {line}");
        }
    }

    private static string Attended(IReadOnlyCollection<SupportSession> sessions, SupportKind kind) =>
        sessions.Count(session => session.Kind == kind && session.MissedReason.Length == 0) is var attended && sessions.Count(session => session.Kind == kind) - attended is var missed
            && attended + missed > 0 ? $"; {attended} attended, {missed} missed" : "";

    /// <summary><c>20 before, 11 now; not reached, 12 days left</c>; empty when there is nothing to tell.</summary>
    private static string Progress(GoalProgress goal)
    {
        var totals = string.Join(", ", ((string?[])[goal.HasBaseline ? $"{goal.Baseline} before" : null, goal.HasLatest ? $"{goal.Latest} now" : null]).OfType<string>());
        var reached = goal.ReachedOn.Length > 0 ? $"reached on {goal.ReachedOn}" : goal.HasTarget ? "not reached" : null;
        var left = goal.ReachedOn.Length > 0 || !goal.HasDaysLeft ? null
            : goal.DaysLeft >= 0 ? $"{Show.Count(goal.DaysLeft, "day")} left"
            : $"{Show.Count(-goal.DaysLeft, "day")} {(goal.Overdue ? "overdue" : "past its date")}";
        return string.Join("; ", ((string?[])[totals.Length > 0 ? totals : null, string.Join(", ", ((string?[])[reached, left]).OfType<string>())]).Where(part => part?.Length > 0));
    }

    private static void WriteCourse(Terminal terminal, Patient patient)
    {
        terminal.Line("");
        if (patient.Assessments.Count == 0)
        {
            terminal.Line("No PHQ-9 yet.");
            return;
        }
        foreach (var line in Phq9Plot.Lines(patient.Assessments, patient.Sessions, terminal.Console.Profile.Width))
            terminal.Line(line);
    }

    private static void WriteScales(Terminal terminal, Patient patient)
    {
        if (patient.AnsweredScales.Count == 0)
            return;
        var table = new Sheet("answered", "scale", ">total", "band or risk", "notes");
        foreach (var answer in patient.AnsweredScales.OrderBy(answer => answer.OccurredAt))
        {
            // Of a scale that is neither summed nor a screen, what was found is in its items.
            var found = answer.HasTotal || answer.Triage != RiskTriage.Unspecified ? [] : answer.Items.Where(item => item.Value > 0).Select(item => $"{item.Key} {item.Value}");
            var notes = (string?[])[.. found, answer.Prorated ? "prorated" : null, answer.OverlapsEarlier ? "re-reads days of an earlier one" : null];
            table.Row(
                Show.Instant(answer.OccurredAt),
                Choice<ScaleKind>.Name(answer.Scale),
                answer.HasTotal ? $"{answer.Total}" : "",
                answer.Triage == RiskTriage.Unspecified ? answer.Band : $"risk {Show.Words(answer.Triage)}",
                string.Join(", ", notes.OfType<string>()));
        }
        terminal.Line("");
        table.WriteTo(terminal);
    }

    /// <summary>The session that is open, and side effects that are not over.</summary>
    private static void WriteOpen(Terminal terminal, Patient patient)
    {
        foreach (var session in patient.Sessions.Where(session => session.CompletedAt is null))
        {
            var due = session.DueMinute > 0 ? $", readings due at {session.DueMinute} min" : "";
            terminal.Line($"  session   {session.Name[(session.Name.LastIndexOf('/') + 1)..]}: {Show.Words(session.Stage)}{due}");
        }
        foreach (var session in patient.Sessions.Where(session => session.OutsideGates.Count > 0 || session.EmergencyReason.Length > 0))
        {
            var emergency = session.EmergencyReason.Length > 0 ? (string[])[$"without the right to dose: {session.EmergencyReason}"] : [];
            terminal.Line($"  session   {session.Name[(session.Name.LastIndexOf('/') + 1)..]} was started without the network, {string.Join(", ", session.OutsideGates.Concat(emergency))}");
        }
        foreach (var effect in patient.SideEffects.Where(effect => effect is { ResolvedAt: null, DurationMinutes: 0 }))
            terminal.Line($"  side effect {effect.Number}: {Show.Words(effect.Severity)} {Show.Words(effect.Kind)}, not recorded as over");
    }

    private static void WriteOutcomes(Terminal terminal, Patient patient)
    {
        if (patient.Outcomes.Count == 0)
            return;
        var table = new Sheet("milestone", ">baseline", ">PHQ-9", "response", "remission", "worsening", "missing");
        foreach (var outcome in patient.Outcomes)
        {
            if (outcome.Measured)
                table.Row(Show.Words(outcome.Milestone), $"{outcome.BaselinePhq9}", $"{outcome.Phq9}", Show.YesNo(outcome.Response),
                    Show.YesNo(outcome.Remission), Show.YesNo(outcome.Worsening), "");
            else
                table.Row(Show.Words(outcome.Milestone), "", "", "", "", "", Show.Words(outcome.MissingReason));
        }
        terminal.Line("");
        table.WriteTo(terminal);
        terminal.Line($"  by {string.Join(", ", patient.Outcomes.SelectMany(outcome => outcome.Definitions).Distinct().Order())}");
    }

    /// <summary>What is not about this course, or of a scale without a baseline, is told in a line.</summary>
    private static void WriteJudgements(Terminal terminal, GetPatientResponse answer)
    {
        if (answer.Judgements.Count == 0)
            return;
        var table = new Sheet("definition", "judged", "scale", ">baseline", ">total", "day", "missing");
        var told = answer.Judgements.Where(judgement =>
            judgement.Kind is not (JudgementKind.NotEligible or JudgementKind.EligibilityUnknown) && judgement.MissingReason != MissingReason.BaselineMissing).ToList();
        foreach (var judgement in told)
        {
            var missing = judgement.MissingReason == MissingReason.Unspecified ? "" : Show.Words(judgement.MissingReason);
            if (judgement.Totals.Count == 0)
                table.Row(judgement.Definition, Show.Words(judgement.Kind), "", "", "", "", missing);
            foreach (var total in judgement.Totals)
                table.Row(judgement.Definition, Show.Words(judgement.Kind), total.Scale, $"{total.Baseline}", $"{total.Total}", total.Day, missing);
        }
        terminal.Line("");
        table.WriteTo(terminal);
        foreach (var (why, judgements) in (IEnumerable<(string, IEnumerable<OutcomeJudgement>)>)
            [
                ("no baseline", answer.Judgements.Where(judgement => judgement.MissingReason == MissingReason.BaselineMissing)),
                ("not about this course", answer.Judgements.Where(judgement => judgement.Kind == JudgementKind.NotEligible)),
                ("not known whether about this course", answer.Judgements.Where(judgement =>
                    judgement.Kind == JudgementKind.EligibilityUnknown && judgement.MissingReason != MissingReason.BaselineMissing)),
            ])
        {
            var keys = string.Join(", ", judgements.Select(judgement => judgement.Definition));
            if (keys.Length > 0)
                terminal.Line($"  {why}: {keys}");
        }
    }
}
