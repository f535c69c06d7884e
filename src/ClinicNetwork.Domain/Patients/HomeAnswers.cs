using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Scales that the patient answers without the clinic.</summary>
public static class HomeAnswers
{
    /// <summary>Null when the patient may answer it now, else SCALE_NOT_SELF_RATED or ENTRIES_TOO_MANY.</summary>
    public static Refusal? Check(PatientState state, Scale scale, DateTimeOffset now) =>
        scale.SelfRated ? PatientVoice.CheckDay(state, state.Voice.HomeAnswers.Select(a => a.RecordedAt), now) : NotSelfRated("scale");

    /// <summary>
    /// Whether a window of the calendar that asks for this scale was open at an instant. An answer outside of all is taken and marked: a scale asks about the days before it whatever the
    /// calendar says, and an answer that warns must not be turned away.
    /// </summary>
    /// <param name="now">Not before what was recorded last.</param>
    public static bool IsInWindow(PatientState state, ScaleKind scale, DateTimeOffset at, DateTimeOffset now) => IsInWindow(FollowUpCalendar.Of(state, now), scale, at);

    /// <inheritdoc cref="IsInWindow(PatientState, ScaleKind, DateTimeOffset, DateTimeOffset)"/>
    public static bool IsInWindow(IReadOnlyList<FollowUpVisit> calendar, ScaleKind scale, DateTimeOffset at) =>
        calendar.Any(v => v.Rule.Scale == scale && v.OpensAt <= at && at < v.DueBy);

    /// <summary>The answers that are in force, with scale and instant: what was taken out of the record since is none of them.</summary>
    public static IEnumerable<(HomeAnswer Answer, ScaleKind Scale, DateTimeOffset At)> Of(PatientState state)
    {
        var facts = state.Assessments.Select(a => (a.Id, Scale: ScaleKind.Phq9, At: a.OccurredAt)).Concat(state.AnsweredScales.Select(a => (a.Id, a.Scale, At: a.OccurredAt))).ToLookup(a => a.Id);
        return state.Voice.HomeAnswers.SelectMany(h => facts[h.Assessment].Take(1).Select(f => (h, f.Scale, f.At)));
    }

    internal static Refusal NotSelfRated(string field) =>
        Refusal.Precondition("SCALE_NOT_SELF_RATED", field, "A clinician has to ask this scale; call the clinic.");
}
