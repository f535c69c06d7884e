using ClinicNetwork.Domain.Submissions;

namespace ClinicNetwork.Domain.Tests.Submissions;

/// <summary>A submission as a whole.</summary>
public sealed class SubmissionTallyTests
{
    private const string Other = "c-00000000000000bb";

    private static string ProblemOf(params IEnumerable<SubmittedRecord>[] records)
    {
        using var tally = Submitted.Tally(records.SelectMany(one => one));
        return tally.FindProblem();
    }

    [Fact]
    public void Whole_cells_of_k_persons_are_taken() =>
        Assert.Equal("", ProblemOf(Submitted.Cell(11), Submitted.Cell(11, milestone: "WEEK_8"), Submitted.Cell(12, Other, from: 100)));

    [Fact]
    public void One_person_less_than_k_refuses_the_whole() => Assert.Equal("CLASS_UNDER_K", ProblemOf(Submitted.Cell(40), Submitted.Cell(10, Other, from: 100)));

    [Fact]
    public void A_record_that_was_refused_counts_in_no_class() =>
        Assert.Equal("CLASS_UNDER_K", ProblemOf(Submitted.Cell(10), [Submitted.Row(10, other: ("sex", "none"))]));

    [Fact]
    public void Rows_of_one_person_are_one_person() => Assert.Equal(
        "PERSON_TWICE", ProblemOf(Submitted.Cell(11), Submitted.Cell(11).Select(row => row with { Record = row.Record + "-again" })));

    [Fact]
    public void A_class_of_everybody_needs_the_margin_too()
    {
        static IEnumerable<SubmittedRecord> Root(int persons) => Enumerable.Range(0, persons).Select(i => Submitted.Row(i, other: [("sex", "*"), ("age", "*"), ("treatment", "*"), ("baseline_severity", "*")]));
        Assert.Equal("CLASS_UNDER_K", ProblemOf(Root(13)));
        Assert.Equal("", ProblemOf(Root(14)));
    }

    [Fact]
    public void A_person_in_two_cells_refuses_the_whole() =>
        Assert.Equal("PERSON_IN_TWO_CELLS", ProblemOf(Submitted.Cell(20), Submitted.Cell(20, Other, "WEEK_8", from: 19)));

    [Fact]
    public void A_cell_has_one_region() => Assert.Equal("CELL_NOT_UNIFORM", ProblemOf(Submitted.Cell(20), [Submitted.Row(20, other: ("age", "25-29"))]));

    [Fact]
    public void Milestones_of_a_cell_have_the_same_persons() => Assert.Equal("CELL_NOT_WHOLE", ProblemOf(Submitted.Cell(12), Submitted.Cell(11, milestone: "WEEK_8")));

    /// <summary>Twelve persons of a cell, and then thirteen: each fits, and the difference is one person.</summary>
    [Fact]
    public void What_was_taken_before_and_this_submission_differ_by_no_person()
    {
        static string After(IEnumerable<SubmittedRecord> before, IEnumerable<SubmittedRecord> now)
        {
            using var tally = Submitted.Tally(now);
            foreach (var record in before)
            {
                tally.AddEarlier(RecordCheck.Check(record, Submitted.Rules).Kept);
            }

            return tally.FindProblem();
        }

        var before = Submitted.Cell(12).ToArray();
        Assert.Equal("CELL_CHANGED", After(before, Submitted.Cell(13)));
        Assert.Equal("CELL_CHANGED", After(before, Submitted.Cell(11)));
        Assert.Equal("CELL_CHANGED", After(before, Submitted.Cell(12, from: 1)));
        Assert.Equal("CELL_CHANGED", After(before, Submitted.Cell(13, milestone: "WEEK_8")));
        Assert.Equal("CELL_CHANGED", After([.. before, .. Submitted.Cell(11, milestone: "WEEK_8")], Submitted.Cell(12, milestone: "WEEK_8")));
        Assert.Equal("PERSON_IN_TWO_CELLS", After(before, Submitted.Cell(11, Other, from: 11)));
        Assert.Equal("CELL_NOT_UNIFORM", After(before, Submitted.Cell(12, milestone: "WEEK_8").Select((_, i) => Submitted.Row(i, milestone: "WEEK_8", other: ("age", "25-29")))));
        Assert.Equal("", After(before, before));
        Assert.Equal("", After(before, Submitted.Cell(11, milestone: "WEEK_8", from: 1)));
        Assert.Equal("", After(before, Submitted.Cell(11, Other, from: 12)));
    }

    [Fact]
    public void A_class_of_one_outcome_refuses_the_whole()
    {
        Assert.Equal("CLASS_NOT_DIVERSE", ProblemOf(Enumerable.Range(0, 11).Select(i => Submitted.Row(i * 2))));
        Assert.Equal("", ProblemOf(Enumerable.Range(0, 11).Select(i => Submitted.Missing(i, "DECLINED"))));
    }

    [Fact]
    public void Nothing_accepted_is_nothing_taken() => Assert.Equal("SUBMISSION_EMPTY", ProblemOf([Submitted.Row(1, other: ("sex", "none"))]));

    [Fact]
    public void Another_count_or_hash_leaves_it_open_and_the_right_ones_close_it()
    {
        var open = SubmissionState.Evolve(SubmissionState.Empty, new SubmissionOpened("public-outcomes", 2, 0, default, DateTimeOffset.MaxValue));
        using var tally = Submitted.Tally(Submitted.Cell(11));
        Assert.Equal("COUNT_DIFFERS", CompleteSubmission.Decide(open, new(12, tally.Sha256), tally, default).Refusal?.Reason);
        Assert.Equal("HASH_DIFFERS", CompleteSubmission.Decide(open, new(11, new string('0', 64)), tally, default).Refusal?.Reason);
        var decided = CompleteSubmission.Decide(open, new(11, tally.Sha256), tally, default);
        Assert.Equal(SubmissionStatus.Complete, decided.Answer!.Status);
        var closed = SubmissionState.Evolve(open, decided.Events.Single());
        Assert.Equal("SUBMISSION_CLOSED", closed.RefuseClosed(default)?.Reason);
    }

    [Fact]
    public void The_report_counts_rows_by_milestone_column_reason_and_receipt()
    {
        using var tally = Submitted.Tally(
            [.. Submitted.Cell(11), Submitted.Missing(11, "DECLINED"), Submitted.Row(12, other: ("sex", "FEMALE")), Submitted.Row(13, other: ("sex", "none")), .. Submitted.Cell(3, milestone: "END_OF_INDUCTION")]);
        var report = tally.Report();
        Assert.Equal(["END_OF_INDUCTION", "WEEK_4"], report.Milestones.Select(one => one.Milestone));
        var week4 = report.Milestones[1];
        Assert.Equal((13, 12), (week4.Records, week4.Measured));
        Assert.Equal(new NamedCount("DECLINED", 1), week4.Missing.Single());
        Assert.Equal(12, week4.Filled.Single(one => one.Name == "response").Count);
        Assert.Equal(
            [(RecordOutcome.Accepted, "", "", 15L), (RecordOutcome.Corrected, "VALUE_NORMALISED", "sex", 1), (RecordOutcome.Refused, "VALUE_UNKNOWN", "sex", 1)],
            report.Receipts.Select(one => (one.Outcome, one.Reason, one.Field, one.Count)));
    }

    /// <summary>Who knows the rule, and sees parts and sum, looks at everything that would be shown so.</summary>
    [Fact]
    public void What_is_shown_of_parts_and_their_sum_leaves_more_than_one_value_to_each_hidden_part()
    {
        const int Most = 45;
        var seen = new Dictionary<string, HashSet<long>[]>(StringComparer.Ordinal);
        for (var at = 0; at < Most * Most * Most; at++)
        {
            long[] parts = [at % Most, at / Most % Most, at / Most / Most];
            if (parts.Sum() >= Most)
            {
                continue;
            }

            var shown = $"{string.Join('|', SmallCounts.OfParts(parts, 11))}={SmallCounts.Of(parts.Sum(), 11)}";
            var values = seen.TryGetValue(shown, out var known) ? known : seen[shown] = [[], [], []];
            for (var i = 0; i < parts.Length; i++)
            {
                values[i].Add(parts[i]);
            }
        }

        Assert.All(seen, shown => Assert.All(
            shown.Key.Split('=')[0].Split('|').Select((text, i) => (text, shown.Value[i].Count)), part => Assert.True(long.TryParse(part.text, out _) == (part.Count == 1), shown.Key)));
    }

    [Fact]
    public void No_count_of_one_to_ten_persons_is_shown_or_can_be_told_from_the_others()
    {
        for (var measured = 0; measured < 30; measured++)
        {
            for (var missing = 0; missing < 30; missing++)
            {
                var shown = SmallCounts.OfParts([measured, missing, 40], 11);
                Assert.True(shown.Count(part => !long.TryParse(part, out _)) != 1, $"{measured}, {missing}: one part alone is hidden, and the sum tells it");
                Assert.All(shown, part => Assert.False(long.TryParse(part, out var count) && count is > 0 and < 11));
                if (long.TryParse(SmallCounts.OfPart(measured, measured + missing, 11), out var told))
                {
                    Assert.True((told is 0 or >= 11) && (missing is 0 or >= 11), $"{measured} of {measured + missing}");
                }
            }
        }
    }
}
