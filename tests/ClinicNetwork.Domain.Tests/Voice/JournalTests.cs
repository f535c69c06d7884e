using System.Text.Json;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Voice;

/// <summary>The journal's days, its bound, and what is private.</summary>
public sealed class JournalTests
{
    /// <summary>The day ends at midnight of the clinic's zone, also on days of 23 and 25 hours.</summary>
    [Theory]
    [InlineData("Europe/Berlin", 2025, 3, 30)]
    [InlineData("Europe/Berlin", 2025, 10, 26)]
    [InlineData("Africa/Cairo", 2025, 4, 25)]
    [InlineData("America/New_York", 2025, 11, 2)]
    public void An_entry_without_a_day_is_for_today_at_the_clinic(string zone, int year, int month, int day)
    {
        var changed = new DateOnly(year, month, day);
        foreach (var (at, expected) in new[]
        {
            (ClinicTime.StartOf(changed, zone).AddTicks(-1), changed.AddDays(-1)), (ClinicTime.StartOf(changed, zone), changed),
            (ClinicTime.StartOf(changed.AddDays(1), zone).AddTicks(-1), changed), (ClinicTime.StartOf(changed.AddDays(1), zone), changed.AddDays(1)),
        })
        {
            var chart = new Chart(zone, changed).Enrol();
            chart.Do(Entry(at), at);
            Assert.Equal(expected, chart.State.Voice.Journal.Single().Day);
            Assert.Equal("DAY_INVALID", chart.Try(Entry(at) with { Day = expected.AddDays(1) }, at).Refusal!.Reason);
        }
    }

    [Fact]
    public void Ten_entries_are_taken_a_day_of_the_clinic_whatever_day_they_are_for()
    {
        var chart = new Chart().Enrol();
        for (var i = 0; i < 10; i++)
            chart.Do(Entry(chart.At(0)) with { Day = new DateOnly(2025, 1, 1 + i) }, chart.At(0));
        Assert.Equal("ENTRIES_TOO_MANY", chart.Try(Entry(chart.At(0)) with { Day = new DateOnly(2024, 1, 1) }, chart.At(0, 23, 59)).Refusal!.Reason);
        Assert.Equal("ENTRIES_TOO_MANY", chart.Try(Entry(chart.At(-1)), chart.At(0, 23, 59)).Refusal!.Reason);
        chart.Do(Entry(chart.At(1, 0)), chart.At(1, 0));
        Assert.Equal(Enumerable.Range(1, 11), chart.State.Voice.Journal.Select(e => e.Number));
    }

    /// <summary>Nothing of a private entry is left for others but that it is there, and when.</summary>
    [Fact]
    public void Others_get_nothing_of_a_private_entry_and_all_of_the_others() => Gen.Bool.Array[0, 8].Sample(
        mine =>
        {
            var chart = new Chart().Enrol();
            foreach (var (i, isPrivate) in mine.Index())
                chart.Do(Entry(chart.At(i)) with { Text = $"secret-{i}", Mood = 3, SleepHours = 7.25, Tags = [$"secret-tag-{i}"], Private = isPrivate }, chart.At(i));
            var (whole, told) = (chart.State.Voice, chart.State.Voice.WithoutPrivate());
            Assert.Equal(mine.Length, told.Journal.Length);
            Assert.Equal(JsonSerializer.Serialize(told.Journal), JsonSerializer.Serialize(whole.Journal.Select(e => ((JournalWritten)PatientVoice.WithoutPrivate(new JournalWritten(e))).Entry)));
            var text = JsonSerializer.Serialize(told);
            foreach (var (i, isPrivate) in mine.Index())
            {
                Assert.Equal(!isPrivate, text.Contains($"secret-{i}\"", StringComparison.Ordinal));
                Assert.Equal(!isPrivate, text.Contains($"secret-tag-{i}", StringComparison.Ordinal));
                Assert.True(isPrivate ? told.Journal[i] is { Mood: null, SleepHours: null, Private: true } : told.Journal[i] == whole.Journal[i]);
                Assert.Equal((i + 1, whole.Journal[i].RecordedAt), (told.Journal[i].Number, told.Journal[i].RecordedAt));
            }
        },
        iter: 100);

    [Fact]
    public void A_goal_in_own_words_goes_with_the_plans_goal_as_long_as_the_plan_has_it()
    {
        var chart = Chart.Planned();
        chart.Do(new SetOwnGoals([new("out with the dog", 1), new("see my sister", null)], chart.At(0)));
        Assert.Equal([Given.Goal.Text, null], chart.State.Voice.OwnGoals.Select(g => g.PlanGoal));
        chart.Do(new SetOwnGoals([], chart.At(1)));
        Assert.Empty(chart.State.Voice.OwnGoals);
    }

    private static WriteJournalEntry Entry(DateTimeOffset at) => new(null, "slept through", null, null, [], false, at);
}
