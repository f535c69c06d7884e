using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What the patient says between visits, below the plan.</summary>
internal static class VoiceSheet
{
    private const int JournalMax = 3;

    internal static void Write(Terminal terminal, GetPatientResponse answer)
    {
        var voice = answer.Voice;
        string[] lines =
        [
            .. voice.OwnGoals.Select(goal => $"  goal: {goal.Text}{(goal.PlanGoal > 0 ? $" (with goal {goal.PlanGoal} of the plan)" : "")}"),
            .. voice.Contacts.Select(contact => $"  contact: {contact.Name}, {contact.Relation}, {contact.Phone}, {(contact.InEmergency ? "may be called in an emergency" : contact.Agreed ? "agreed to be called" : "did not agree to be called")}"),
            .. voice.Diary.Where(effect => effect.ResolvedAt is null)
                .Select(effect => $"  diary {effect.Number}: {Show.Words(effect.Severity)} {Show.Words(effect.Kind)} since {Show.Instant(effect.OccurredAt)}, not recorded as over{Note(effect.Note)}"),
            .. voice.Explanations.Select(told => $"  {told.Rule} {told.Occurrence} not answered: {Show.Words(told.Reason)}{Note(told.Note)}, {(told.AtHome ? "by the patient" : "by the clinic")}"),
            .. Home(answer),
            .. voice.JournalCount > 0 ? (string[])[$"  journal: {Show.Count(voice.JournalCount, "entry", "entries")}, {voice.PrivateCount} private"] : [],
            .. voice.Journal.TakeLast(JournalMax).Select(entry => $"    {entry.Day}{(entry.HasMood ? $", mood {entry.Mood}" : "")}{(entry.Private ? ", private" : "")}: {entry.Text.Replace('\n', ' ')}"),
        ];
        if (lines.Length == 0)
            return;
        terminal.Line("");
        terminal.Line("The patient says");
        foreach (var line in lines)
            terminal.Line(line);
    }

    private static IEnumerable<string> Home(GetPatientResponse answer)
    {
        var outside = answer.Voice.HomeAnswers.Count(home => home.OutsideWindow);
        return answer.Voice.HomeAnswers.Count == 0 ? [] : [$"  answered at home: {Show.Count(answer.Voice.HomeAnswers.Count, "scale")}, {outside} outside of the calendar's windows"];
    }

    private static string Note(string note) => note.Length > 0 ? $" ({note})" : "";
}
