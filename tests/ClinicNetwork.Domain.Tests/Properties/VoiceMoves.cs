using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>What a patient says between visits, mostly well-formed; and what holds of it before and after.</summary>
internal static class VoiceMoves
{
    public static object For(PatientState state, Move move, DateTimeOffset at) => move.Name switch
    {
        nameof(WriteJournalEntry) => new WriteJournalEntry(
            move.Pick % 3 == 0 ? state.DayOf(at).AddDays(-(move.Pick % 40)) : null, move.Fault == 1 ? "" : "slept through", move.Fault == 2 ? 11 : move.Pick % 11, null, [], move.Pick % 2 == 0, at),
        nameof(SetOwnGoals) => new SetOwnGoals([new("out with the dog", move.Pick % 3 == 0 ? 1 + move.Fault : null)], at),
        nameof(RecordDiaryEffect) => new RecordDiaryEffect(SideEffectKind.Headache, (SideEffectSeverity)(1 + move.Pick % 3), move.Fault == 1 ? new('x', 501) : "", at, move.Pick % 2 == 0),
        nameof(ResolveDiaryEffect) => new ResolveDiaryEffect(state.Voice.Diary.Length - (move.Pick % 3), at),
        nameof(SetSupportContacts) => new SetSupportContacts([new("Sam", "brother", move.Fault == 1 ? "none" : "112", move.Pick % 2 == 0, move.Fault != 2)], at, move.Pick % 2 == 0),
        _ => Explanation(state, move, at),
    };

    /// <summary>What was said stays as it was, in numbers 1 to n; of a side effect, that it is over may be added.</summary>
    public static void Hold(PatientState before, PatientState after)
    {
        Assert.True(after.Voice.Journal.Take(before.Voice.Journal.Length).SequenceEqual(before.Voice.Journal));
        Assert.True(after.Voice.Explanations.Take(before.Voice.Explanations.Length).SequenceEqual(before.Voice.Explanations));
        Assert.True(after.Voice.HomeAnswers.Take(before.Voice.HomeAnswers.Length).SequenceEqual(before.Voice.HomeAnswers));
        Assert.All(before.Voice.Diary.Zip(after.Voice.Diary), e => Assert.True(e.First == e.Second || e.First == e.Second with { ResolvedAt = null }));
        Assert.True(after.Voice.Diary.Length >= before.Voice.Diary.Length && after.Voice.Diary.All(e => e.ResolvedAt is null || e.ResolvedAt >= e.OccurredAt));
        Assert.Equal(Enumerable.Range(1, after.Voice.Journal.Length), after.Voice.Journal.Select(e => e.Number));
        Assert.Equal(Enumerable.Range(1, after.Voice.Diary.Length), after.Voice.Diary.Select(e => e.Number));
        Assert.Equal(Enumerable.Range(1, after.Voice.Explanations.Length), after.Voice.Explanations.Select(e => e.Number));
        Assert.All(after.Voice.Contacts, c => Assert.True(c.Agreed || !c.InEmergency));
        Assert.Equal(after.Voice.HomeAnswers.Count(h => Retraction.Stands(after, FactName.Of(h.Assessment))), HomeAnswers.Of(after).Count());
        foreach (var recorded in new[] { after.Voice.Journal.Select(e => e.RecordedAt), after.Voice.Diary.Select(e => e.RecordedAt), after.Voice.Explanations.Select(e => e.RecordedAt), after.Voice.HomeAnswers.Select(e => e.RecordedAt) })
            Assert.All(recorded.GroupBy(after.DayOf), day => Assert.InRange(day.Count(), 1, 10));
    }

    private static ExplainVisit Explanation(PatientState state, Move move, DateTimeOffset at)
    {
        var open = FollowUpCalendar.Of(state, at).Where(v => v.State is not (FollowUpState.Upcoming or FollowUpState.Done)).ToArray();
        return open.Length == 0 || move.Fault == 1
            ? new ExplainVisit("phq9-baseline/1", 1, VisitReason.Forgot, "", at, move.Pick % 2 == 0)
            : new ExplainVisit(open[move.Pick % open.Length].Rule.Key, open[move.Pick % open.Length].Occurrence, (VisitReason)(1 + move.Pick % 7), "", at, move.Pick % 2 == 0);
    }
}
