using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Two answers of one scale that are fewer clinical days apart than it looks back re-read the same days: the later one is no second, independent measure. Read from all that
/// is known, since answers may be recorded in another order than they were given.
/// </summary>
public static class RecallOverlap
{
    /// <summary>Whether an answer given at this time would be the later of two that overlap.</summary>
    public static bool IsLater(PatientState state, Scale scale, DateTimeOffset occurredAt) =>
        state.AnswersOf(scale.Kind).Where(a => a.At <= occurredAt).Max(a => (DateTimeOffset?)a.At) is { } before && Overlap(state, scale, before, occurredAt);

    /// <summary>For each answer of the scale, in order of recording: whether it is the later of two that overlap. Of two at the same time that is the one recorded later.</summary>
    public static IReadOnlyList<bool> Of(PatientState state, Scale scale)
    {
        var times = state.AnswersOf(scale.Kind).Select(a => a.At).ToArray();
        var later = new bool[times.Length];
        var inOrder = times.Index().OrderBy(t => t.Item).ToArray();
        foreach (var (before, after) in inOrder.Zip(inOrder.Skip(1)))
        {
            later[after.Index] = Overlap(state, scale, before.Item, after.Item);
        }

        return later;
    }

    private static bool Overlap(PatientState state, Scale scale, DateTimeOffset before, DateTimeOffset after) =>
        state.DayOf(after).DayNumber - state.DayOf(before).DayNumber < scale.RecallDays;
}
