using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What <c>patient show</c> says of courses, and of what ends, interrupts or stops them.</summary>
internal static class CourseSheet
{
    internal static void WriteStanding(Terminal terminal, GetPatientResponse answer)
    {
        if (answer.Death is { } death)
        {
            var note = death.AdverseEventOf.Length > 0 ? $"; serious adverse event within 7 days of the dose of {ShortOf(death.AdverseEventOf)}" : "";
            terminal.Line($"  died      {Show.Instant(death.OccurredAt)}, cause {Show.Words(death.Cause)}, told by {Show.Words(death.Source)}{note}");
        }
        if (answer.Losses.LastOrDefault(loss => loss.Present) is { } lost)
            terminal.Line($"  lost      to follow-up since {Show.Instant(lost.OccurredAt)}; no session until the patient is reached");
        else if (answer.Contacts.LastOrDefault() is { } contact)
            terminal.Line($"  contact   {Show.Words(contact.Result)} by {Show.Words(contact.Way)}, {Show.Instant(contact.OccurredAt)}");
        if (answer.Pregnancies.LastOrDefault() is { } found)
        {
            var stop = answer.Pregnant ? "; no dose without a clinician's override" : "";
            terminal.Line($"  pregnancy {Show.Words(found.Finding)}, {Show.Instant(found.OccurredAt)}{stop}");
        }
    }

    /// <summary>Nothing while there is one course alone: the rest of the page is about it.</summary>
    internal static void WriteCourses(Terminal terminal, IReadOnlyList<Course> courses)
    {
        if (courses.Count < 2)
            return;
        var table = new Sheet(">course", "protocol", "first dose", ">doses", ">baseline", "ended", "milestones", "met");
        foreach (var course in courses)
        {
            table.Row(
                $"{course.Number}",
                course.Plan?.Protocol ?? "",
                course.FirstDoseDay,
                $"{course.Doses}",
                course.HasBaselinePhq9 ? $"{course.BaselinePhq9}" : "",
                course.EndedAt is { } ended ? Show.Instant(ended) : "",
                $"{course.Outcomes.Count(outcome => outcome.Measured)} of {course.Outcomes.Count} measured",
                string.Join(", ", course.Judgements.Where(judgement => judgement.Kind == JudgementKind.Met).Select(judgement => judgement.Definition)));
        }
        terminal.Line("");
        table.WriteTo(terminal);
    }

    private static string ShortOf(string name) => name[(name.LastIndexOf('/') + 1)..];
}
