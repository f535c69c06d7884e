using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Answered scales through grain, journal and a new activation.</summary>
public sealed class ScaleTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task An_answered_scale_is_scored_stored_and_read_back_by_a_new_activation()
    {
        var patient = await Cluster.EnrolledAsync("scale-1");
        var command = Commands.AnswerGad7("g1", 0, 3, 3, 3, 1, 0, 0);
        var answer = (await patient.RecordScale(command, Origins.Next())).AcceptedAs(2);
        Assert.Equal((12, "MODERATE", null, true, false), (answer.Total, answer.Band, answer.Triage, answer.Prorated, answer.OverlapsEarlier));
        await Cluster.DeactivateAsync(patient);

        var kept = Assert.Single((await patient.StandsAtAsync()).State!.AnsweredScales);
        Assert.Equal(new AnsweredScale(new("g1"), ScaleKind.Gad7, 1, command.OccurredAt, kept.Items, 12, "MODERATE", null, true), kept);
        Assert.Equal(command.Items.AsEnumerable(), kept.Items);
    }

    [Fact]
    public async Task A_PHQ9_with_its_difficulty_is_an_assessment()
    {
        var patient = await Cluster.EnrolledAsync("scale-2");
        var answers = Phq9.Scale.Items.Select(i => new ItemAnswer(i.Key, i.Key == Phq9.Difficulty ? 2 : 1));
        await patient.RecordScale(new(new("a1"), ScaleKind.Phq9, [.. answers], Commands.OnDay(0)), Origins.Next());
        await Cluster.DeactivateAsync(patient);

        var state = (await patient.StandsAtAsync()).State!;
        Assert.Equal((9, Phq9Severity.Mild, 2), (state.Assessments.Single().Total, state.Assessments.Single().Severity, state.Assessments.Single().Difficulty));
        Assert.Empty(state.AnsweredScales);
        Assert.Equal(["AssessmentRecorded", "DifficultyRecorded", "AlertRaised"], (await patient.ReadHistory(Replies.Confirmed, 1, 10)).State!.Entries.Single().Events);
    }

    [Fact]
    public async Task A_retry_gets_the_stored_answer_from_a_new_activation_whatever_came_between()
    {
        var patient = await Cluster.EnrolledAsync("scale-3");
        var origin = Origins.Next();
        var first = await patient.RecordScale(Commands.AnswerGad7("g1", 5, 1, 1, 1, 1, 1, 1, 1), origin);
        await patient.RecordScale(Commands.AnswerGad7("g2", 1, 1, 1, 1, 1, 1, 1, 1), Origins.Next());
        await Cluster.DeactivateAsync(patient);

        // By now it would overlap an earlier one.
        var again = await patient.RecordScale(Commands.AnswerGad7("g1", 5, 1, 1, 1, 1, 1, 1, 1), origin);
        Assert.Equal((first.Version, first.RecordedAt, first.Answer! with { FollowUps = [] }), (again.Version, again.RecordedAt, again.Answer! with { FollowUps = [] }));
        Assert.Equal(3, (await patient.CommandsAsync()).Count);
    }
}
