using System.Text.Json;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.FollowUps;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>Random commands over one patient: what evolve ∘ decide keeps whatever is asked of it. CsCheck prints the seed of a failure.</summary>
public sealed class CommandSequenceTests(ITestOutputHelper output)
{
    private const int LaterDosesMin = 100;

    private int _laterDoses;

    private static readonly DateTimeOffset Start = new(2025, 2, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Any_sequence_of_commands_keeps_the_laws_of_a_patient()
    {
        var coverage = new Coverage();
        Move.Sequence.Sample(moves => Run(moves, coverage), iter: 2_000, threads: 2, writeLine: output.WriteLine);
        // Few sequences get as far as a dose of a second course: more of them, until there were enough.
        for (var more = 0; more < 4 && _laterDoses <= LaterDosesMin; more++)
            Move.Sequence.Sample(moves => Run(moves, coverage), iter: 1_000, threads: 2, writeLine: output.WriteLine);

        foreach (var line in coverage.Lines())
            output.WriteLine(line);

        Assert.InRange(coverage.RefusedShare, 0.30, 0.80);
        Assert.Empty(coverage.NeverAccepted);
        Assert.Equal([nameof(WithdrawAgain)], coverage.NeverRefused);
        output.WriteLine($"{_laterDoses} doses in a later course");
        Assert.True(_laterDoses > LaterDosesMin, $"Only {_laterDoses} doses were given in a later course.");
    }

    [Fact]
    public void Whoever_may_dose_while_cut_off_the_laws_of_a_patient_hold()
    {
        var coverage = new Coverage();
        Move.Dosing.Sample(moves => Run(moves, coverage), iter: 500, threads: 2, writeLine: output.WriteLine);
        string[] lines = [.. coverage.Lines()];
        foreach (var line in lines.Where(l => l.Contains("Dosing", StringComparison.Ordinal) || l.Contains("Session:", StringComparison.Ordinal)))
            output.WriteLine(line);
        Assert.All((string[])["TakeDosing", "PassDosing", "EndDosing", "StartSession", "ReportSession"], name => Assert.True(coverage.AcceptedOf(name) >= 50, name));
    }

    [Fact]
    public void Deciding_changes_nothing_and_decides_the_same_again() => Move.Sequence.Sample(
        moves =>
        {
            var (state, now, version) = (PatientState.Empty, Start, 0L);
            foreach (var move in moves)
            {
                now = now.AddMinutes(move.Minutes);
                var command = MoveCommands.For(state, move, now, version + 1);
                var before = Text(state);
                var first = UseCases.Decide(state, command, now);
                var second = UseCases.Decide(state, command, now);
                Assert.Equal(before, Text(state));
                Assert.Equal(Text(first), Text(second));
                var (once, twice) = (UseCases.Fold(state, first), UseCases.Fold(state, second));
                Assert.Equal(Text(once), Text(twice));
                Assert.Equal(before, Text(state));
                (state, version) = (once, version + (first.Accepted ? 1 : 0));
            }
        },
        iter: 60,
        threads: 2);

    private void Run(Move[] moves, Coverage coverage)
    {
        var (state, now, version) = (PatientState.Empty, Start, 0L);
        var everReady = false;
        foreach (var move in moves)
        {
            now = now.AddMinutes(move.Minutes);
            var command = MoveCommands.For(state, move, now, version + 1);
            var attempt = UseCases.Decide(state, command, now);
            Assert.NotEqual(attempt.Refusal is null, attempt.Events.Count == 0);
            Assert.NotEqual(attempt.Refusal is null, attempt.Answer is null);
            var after = UseCases.Fold(state, attempt);
            if (attempt.Accepted)
                PatientLaws.Hold(state, command, after, ++version, now);
            if (attempt.Accepted && command is RecordDose && after.CourseNumber() > 1)
                Interlocked.Increment(ref _laterDoses);
            OpenVisitLaws.Hold(state, attempt.Events, after);
            OpenVisitLaws.Hold(after, now.AddDays(move.Pick % 190));
            everReady |= after.ResearchConsent.Length > 0 && after.InCourse(1).Outcomes.Any(o => o.Milestone == Milestone.EndOfInduction);
            Assert.Equal(everReady, after.InPool);
            coverage.Count(attempt, after);
            state = after;
        }
    }

    private static string Text(PatientState state) => JsonSerializer.Serialize(state);

    private static string Text(Attempt attempt) =>
        JsonSerializer.Serialize(new { attempt.UseCase, Events = attempt.Events.Select(e => (object)e), attempt.Answer, attempt.Refusal });
}
