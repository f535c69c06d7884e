using ClinicNetwork.Domain.Submissions;

namespace ClinicNetwork.Domain.Tests.Submissions;

/// <summary>What a record's receipt says.</summary>
public sealed class RecordCheckTests
{
    private static RecordReceipt Of(params (string, string)[] other) => RecordCheck.Check(Submitted.Row(1, other: other), Submitted.Rules).Receipt;

    [Fact]
    public void A_record_of_the_profiles_values_is_accepted_as_it_came()
    {
        var record = Submitted.Row(2);
        var (receipt, kept) = RecordCheck.Check(record, Submitted.Rules);
        Assert.Equal((RecordOutcome.Accepted, "", 0), (receipt.Outcome, receipt.Reason, receipt.Fields.Length));
        Assert.Equal(record.Values.ToArray(), kept.ToArray());
    }

    [Fact]
    public void Blanks_and_case_are_mended_and_the_columns_are_named()
    {
        var (receipt, kept) = RecordCheck.Check(
            Submitted.Row(1, other: [("sex", " Female"), ("severity", "severe "), ("pseudonym", new string('A', 32))]), Submitted.Rules);
        Assert.Equal((RecordOutcome.Corrected, RecordCheck.Normalised), (receipt.Outcome, receipt.Reason));
        Assert.Equal(["pseudonym", "sex", "severity"], receipt.Fields.ToArray());
        Assert.Equal([new string('a', 32), "female", "SEVERE"], new[] { "pseudonym", "sex", "severity" }.Select(column => kept[Submitted.Rules.IndexOf(column)]));
    }

    [Theory]
    [InlineData("age", "34")]
    [InlineData("age", "")]
    [InlineData("sex", "other")]
    [InlineData("treatment_at", "*")]
    [InlineData("milestone", "WEEK_5")]
    [InlineData("pseudonym", "anna")]
    [InlineData("pseudonym", "0000000000000000000000000000000g")]
    [InlineData("cell", "c-123")]
    [InlineData("sessions", "5")]
    [InlineData("severity", "SEVERE\tyes")]
    [InlineData("status", "measured\n")]
    public void A_value_outside_the_domain_is_refused_by_its_column_alone(string column, string value)
    {
        var (receipt, kept) = RecordCheck.Check(Submitted.Row(1, other: (column, value)), Submitted.Rules);
        Assert.Equal((RecordOutcome.Refused, "VALUE_UNKNOWN", column), (receipt.Outcome, receipt.Reason, receipt.Fields.Single()));
        Assert.Empty(kept);
    }

    [Fact]
    public void A_value_that_is_too_long_is_refused_whatever_it_says() => Assert.Equal("VALUE_UNKNOWN", Of(("sex", new string(' ', 60) + "female")).Reason);

    [Fact]
    public void Another_number_of_values_is_refused() =>
        Assert.Equal("VALUES_COUNT_WRONG", RecordCheck.Check(Submitted.Row(1) with { Values = [.. Submitted.Row(1).Values.Skip(1)] }, Submitted.Rules).Receipt.Reason);

    [Fact]
    public void An_outcome_that_contradicts_itself_is_refused_by_the_column_that_does()
    {
        (string Field, (string, string)[] Other)[] cases =
        [
            ("missing_reason", [("missing_reason", "DECLINED")]),
            ("missing_reason", [("status", "MISSING")]),
            ("response", [("status", "MISSING"), ("missing_reason", "DECLINED")]),
            ("response", [("response", "")]),
            ("severity", [("severity", "")]),
            ("worsening", [("response", "yes"), ("worsening", "yes")]),
            ("severity", [("remission", "yes")]),
            ("remission", [("severity", "MODERATE_OR_WORSE")]),
        ];
        Assert.All(cases, one =>
        {
            var receipt = Of(one.Other);
            Assert.Equal(("OUTCOME_INCONSISTENT", one.Field), (receipt.Reason, receipt.Fields.Single()));
        });
    }

    [Fact]
    public void Coarse_bands_and_a_missing_row_are_accepted()
    {
        Assert.Equal(RecordOutcome.Accepted, Of(("severity", "BELOW_MODERATE"), ("remission", ""), ("worsening", "")).Outcome);
        Assert.Equal(RecordOutcome.Accepted, RecordCheck.Check(Submitted.Missing(1, "UNREACHABLE"), Submitted.Rules).Receipt.Outcome);
    }
}
