using ClinicNetwork.Domain.Releases.Statistics;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Releases;

/// <summary>No share without those it is a share of, and none that says more than the rows do.</summary>
public sealed class StatisticTableTests
{
    private const string End = "END_OF_INDUCTION";
    private static readonly string[] Milestones = [End, "WEEK_4", "WEEK_8"];

    private static StatisticRow Row(string person, string milestone, bool? response, string missing = "", string treatment = "ketamine-iv", bool? remission = false) =>
        new(person, milestone, treatment, "SEVERE", missing, response, response is null ? null : remission, response is null ? null : false);

    [Fact]
    public void Outcomes_by_hand()
    {
        var lines = OutcomeTable.Of(
            [
                Row("a", End, true, remission: true), Row("b", End, true), Row("c", End, false, treatment: "ketamine"), Row("d", End, null, "NOT_ATTENDED"),
                Row("e", End, true, remission: null), Row("f", "WEEK_8", false),
            ],
            Milestones);

        var all = lines[0];
        Assert.Equal((End, OutcomeTable.All, OutcomeTable.All), (all.Milestone, all.Treatment, all.BaselineSeverity));
        Assert.Equal(new OutcomeShare(5, 4, 3, 1), all.Response);
        Assert.Equal((0.75, 0.6, 0.8, 0.2), (all.Response.Share, all.Response.LowIfMissing, all.Response.HighIfMissing, all.Response.UnknownShare));
        Assert.Equal((1, 1), (all.Remission.NotTold, all.Remission.Missing));
        Assert.Equal((0.2, 0.6), (all.Remission.LowIfMissing, all.Remission.HighIfMissing));
        Assert.Equal([("NOT_ATTENDED", 1)], all.Missing.Select(m => (m.Key, m.Value)));
        Assert.Equal(
            [
                "END_OF_INDUCTION ALL ALL 5", "END_OF_INDUCTION ketamine ALL 1", "END_OF_INDUCTION ketamine-iv ALL 4", "END_OF_INDUCTION ALL SEVERE 5", "END_OF_INDUCTION ketamine SEVERE 1",
                "END_OF_INDUCTION ketamine-iv SEVERE 4", "WEEK_8 ALL ALL 1", "WEEK_8 ketamine-iv ALL 1", "WEEK_8 ALL SEVERE 1", "WEEK_8 ketamine-iv SEVERE 1",
            ],
            lines.Select(l => $"{l.Milestone} {l.Treatment} {l.BaselineSeverity} {l.Response.Released}"));
    }

    [Fact]
    public void Durability_by_hand()
    {
        var lines = DurabilityTable.Of(
            [
                Row("a", End, true), Row("a", "WEEK_4", true), Row("a", "WEEK_8", true),
                Row("b", End, true), Row("b", "WEEK_4", true), Row("b", "WEEK_8", false),
                Row("c", End, true), Row("c", "WEEK_4", false), Row("c", "WEEK_8", true),
                Row("d", End, true), Row("d", "WEEK_4", null, "LEFT_TREATMENT"), Row("d", "WEEK_8", true),
                Row("e", End, true),
                Row("f", End, false), Row("f", "WEEK_4", true),
            ],
            Milestones);

        Assert.Equal(
            [(End, 5, 0, 0, 1.0), ("WEEK_4", 3, 1, 2, 2 / 3.0), ("WEEK_8", 2, 1, 0, 1 / 3.0)],
            lines.Where(l => l.Treatment == OutcomeTable.All).Select(l => (l.Milestone, l.AtRisk, l.Lost, l.Censored, l.Lasting!.Value)));
        Assert.Equal(6, lines.Count);
        Assert.Empty(DurabilityTable.Of([Row("f", End, false)], Milestones));
        Assert.Null(DurabilityTable.Of([Row("e", End, true)], Milestones)[^1].Lasting);
    }

    /// <summary>The share of the complete cohort lies within the bounds whoever drops out, and for whatever reason; so the share of the known is off by no more than the stated unknown share.</summary>
    [Fact]
    public void However_persons_drop_out_the_bounds_hold_the_share_of_the_whole_cohort() =>
        Gen.Select(Gen.Bool.Array[1, 300], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int).Sample((responds, dropsIfYes, dropsIfNo, seed) =>
        {
            var random = new Random(seed);
            var rows = responds.Select((yes, i) => random.NextDouble() < (yes ? dropsIfYes : dropsIfNo) ? Row($"{i}", End, null, "UNREACHABLE") : Row($"{i}", End, yes)).ToArray();
            var share = OutcomeTable.Of(rows, Milestones)[0].Response;
            var whole = responds.Count(yes => yes) / (double)responds.Length;

            Assert.InRange(whole, share.LowIfMissing!.Value - 1e-12, share.HighIfMissing!.Value + 1e-12);
            Assert.Equal(share.UnknownShare!.Value, share.HighIfMissing.Value - share.LowIfMissing.Value, 12);
            Assert.True(share.Share is not { } known || Math.Abs(known - whole) <= share.UnknownShare + 1e-12, "The share of the known is further off than the unknown share says.");
        });

    [Fact]
    public void Every_person_at_risk_is_lost_lasting_or_censored_once() =>
        Gen.Int[0, 3].Array[3].Array[1, 60].Sample(cohort =>
        {
            var rows = cohort.SelectMany((person, i) => person.Select((state, m) => (State: state, Row: Row($"{i}", Milestones[m], state switch { 0 => false, 1 => true, _ => null }, state == 2 ? "DECLINED" : ""))))
                .Where(r => r.State != 3).Select(r => r.Row).ToArray();
            var lines = DurabilityTable.Of(rows, Milestones).Where(l => l.Treatment == OutcomeTable.All).ToArray();
            foreach (var (before, line) in lines.Zip(lines.Skip(1)))
            {
                Assert.Equal(before.AtRisk - before.Lost, line.AtRisk + line.Censored);
                Assert.True(line.Lost <= line.AtRisk && line.Lasting is null or >= 0 and <= 1);
            }
        });
}
