using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>A calendar as lines, in clinic days from the first dose's: <c>phq9-two-weekly 2 54..68 Missed Declined</c>.</summary>
internal static class Calendar
{
    public static IReadOnlyList<string> Lines(PatientState state, DateTimeOffset now, DateTimeOffset firstDose)
    {
        var zero = state.DayOf(firstDose).DayNumber;
        return [.. FollowUpCalendar.Of(state, now).Select(v =>
        {
            var (first, last) = (state.DayOf(v.OpensAt).DayNumber - zero, state.DayOf(v.DueBy.AddTicks(-1)).DayNumber - zero);
            return $"{v.Rule.Id} {v.Occurrence} {first}..{last} {v.State} {v.Answer?.Value}{v.Check?.Value}{v.Missing}".TrimEnd();
        })];
    }

    public static FollowUpVisit Visit(PatientState state, FollowUpRule rule, int occurrence, DateTimeOffset now) =>
        FollowUpCalendar.Of(state, now).Single(v => v.Rule == rule && v.Occurrence == occurrence);

    /// <summary>A scale answered with nothing above 0.</summary>
    public static Chart Answered(this Chart chart, ScaleKind scale, string id, DateTimeOffset at) => chart.Do(new RecordScale(
        new AssessmentId(id), scale, [.. ScaleCatalogue.Get(scale).Items.Where(i => i.AskedIf.Length == 0).Select(i => new ItemAnswer(i.Key, 0))], at));

    /// <summary>As if its plan had been made from version 2 of its protocol, which has phases.</summary>
    public static PatientState WithPhases(this PatientState state) => state with { Plan = state.Plan! with { ProtocolVersion = 2 } };
}
