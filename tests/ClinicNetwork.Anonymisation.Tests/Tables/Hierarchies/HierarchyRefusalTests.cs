using ClinicNetwork.Anonymisation.Tables.Hierarchies;

namespace ClinicNetwork.Anonymisation.Tests.Tables.Hierarchies;

public sealed class HierarchyRefusalTests
{
    public static TheoryData<string, string, Func<MadeHierarchy>> Refused => new()
    {
        { "to", "lies below", () => NumberHierarchy.Make(18, 17, 1, []) },
        { "to", "whole number of steps", () => NumberHierarchy.Make(18, 20, 0.7m, []) },
        { "to", "at most 9 decimals", () => NumberHierarchy.Make(0, 0.1234567891m, 0.0000000001m, []) },
        { "from", "give a number of", () => NumberHierarchy.Make(-1_000_000_000_001, 5, 1, []) },
        { "step", "above 0", () => NumberHierarchy.Make(0, 10, 0, []) },
        { "step", "above 0", () => NumberHierarchy.Make(0, 10, -1, []) },
        { "step", "more than 1000000 leaves", () => NumberHierarchy.Make(1, 1_000_001, 1, []) },
        { "step", "more than 1000000 leaves", () => NumberHierarchy.Make(-1_000_000_000_000, 1_000_000_000_000, 0.000000001m, []) },
        { "widths", "number 1 is not above the step", () => NumberHierarchy.Make(0, 10, 1, [1]) },
        { "widths", "number 1 is no multiple of the step", () => NumberHierarchy.Make(0, 10, 1, [2.5m]) },
        { "widths", "number 2 is not above the one before", () => NumberHierarchy.Make(0, 100, 1, [10, 5]) },
        { "widths", "number 2 is not above the one before", () => NumberHierarchy.Make(0, 100, 1, [10, 10]) },
        { "widths", "number 3 is no multiple of the one before", () => NumberHierarchy.Make(0, 100, 1, [5, 10, 15]) },
        { "widths", "more than 62", () => NumberHierarchy.Make(0, 100, 1, new decimal[63]) },
        { "top", "at most one step above the last", () => NumberHierarchy.Make(0, 88, 1, [], 90) },
        { "top", "above the first", () => NumberHierarchy.Make(18, 88, 1, [], 18) },
        { "to", "lies before", () => DateHierarchy.Make(new(2026, 1, 2), new(2026, 1, 1), []) },
        { "to", "more than 1000000 leaves", () => DateHierarchy.Make(DateOnly.MinValue, DateOnly.MaxValue, []) },
        { "levels", "from short to long", () => DateHierarchy.Make(new(2026, 1, 1), new(2026, 1, 2), [DatePeriod.Year, DatePeriod.Month]) },
        { "levels", "named twice", () => DateHierarchy.Make(new(2026, 1, 1), new(2026, 1, 2), [DatePeriod.Year, DatePeriod.Year]) },
        { "codes", "give 1 to 1000000", () => PostcodeHierarchy.Make([]) },
        { "codes", "row 2: is no postcode", () => PostcodeHierarchy.Make(["MARKED", ""]) },
        { "codes", "row 1: is no postcode", () => PostcodeHierarchy.Make(["MARKED*"]) },
        { "lengths", "from many to few", () => PostcodeHierarchy.Make(["12345"], [2, 3]) },
        { "lengths", "from many to few", () => PostcodeHierarchy.Make(["12345"], [5]) },
        { "lengths", "from many to few", () => PostcodeHierarchy.Make(["12345"], [1, 0]) },
        { "lengths", "begins with 3 zeros", () => PostcodeHierarchy.Make(["00012", "99999"], null, new([("000", 90_000)])) },
        { "file", "it is empty", () => CategoryHierarchy.Make([]) },
        { "file", "row 2: has 3 columns", () => CategoryHierarchy.Make([["MARKED", "*"], ["a", "MARKED", "*"]]) },
        { "file", "row 2, column 1: '*' is nobody's child", () => CategoryHierarchy.Make([["MARKED", "*"], ["*", "MARKED"]]) },
        { "file", "row 3, column 1: the child stands in row 1 too", () => CategoryHierarchy.Make([["MARKED", "*"], ["a", "MARKED"], ["MARKED", "*"]]) },
        { "file", "row 1, column 2: the parent has no row", () => CategoryHierarchy.Make([["a", "MARKED"], ["b", "*"]]) },
        { "file", "a cycle", () => CategoryHierarchy.Make([["a", "*"], ["MARKED", "c"], ["c", "d"], ["d", "MARKED"]]) },
        { "file", "row 1, column 2: the parent stands below the child", () => CategoryHierarchy.Make([["MARKED", "MARKED"]]) },
        { "file", "under more than 62 others", () => CategoryHierarchy.Make([["MARKED0", "*"], .. Enumerable.Range(1, 63).Select(i => (string[])[$"MARKED{i}", $"MARKED{i - 1}"])]) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_makes_no_hierarchy_is_refused_by_field_and_rule_without_a_value(string field, string rule, Func<MadeHierarchy> make)
    {
        var refused = Assert.Throws<HierarchyRefusedException>(make);

        Assert.Equal(field, refused.Field);
        Assert.Contains(rule, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKED", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_that_is_taken_is_taken()
    {
        Assert.Equal(1_000_000, NumberHierarchy.Make(1, 1_000_000, 1, [1_000]).Rows.Count);
        Assert.Equal(64, CategoryHierarchy.Make([["c0", "*"], .. Enumerable.Range(1, 62).Select(i => (string[])[$"c{i}", $"c{i - 1}"])]).Rows[0].Count);
    }

    [Fact]
    public void Ages_are_coded_at_the_top()
    {
        var within = NumberHierarchy.Make(85, 92, 1, [5, 10], 90).Rows;
        var coded = NumberHierarchy.Make(85, 89, 1, [5, 10], 90).Rows;

        Assert.Equal(["89", "85-89", "*"], within[4]);
        Assert.Equal(["91", "90+", "*"], within[6]);
        Assert.Equal(["90+", "90+", "*"], coded[5]);
    }

    [Fact]
    public void A_day_lies_in_month_quarter_year_and_decade() =>
        Assert.Equal(
            ["2019-12-31", "2019-12", "2019-Q4", "2019", "2010s", "*"],
            DateHierarchy.Make(new(2019, 1, 1), new(2020, 12, 31), [DatePeriod.Month, DatePeriod.Quarter, DatePeriod.Year, DatePeriod.Decade]).Rows[364]);

    // 45 CFR 164.514(b)(2)(i)(B): more than 20,000 persons keep the first three digits, 20,000 or fewer are changed to 000.
    [Theory]
    [InlineData(20_001, "036*")]
    [InlineData(20_000, "000*")]
    public void A_postcode_keeps_three_digits_only_where_more_than_20_000_live(long persons, string label) =>
        Assert.Equal(label, PostcodeHierarchy.Make(["03601", "05901", "02139"], [3], new([("03601", 1), ("036", persons - 1), ("059", 1), ("021", 1_000_000)])).Rows[1][1]);

    [Fact]
    public void What_has_too_few_persons_even_together_is_under_the_root_at_once() =>
        Assert.Equal(["03601", "*", "*"], PostcodeHierarchy.Make(["03601", "02139", "99999"], [3], new([("036", 19_999), ("021", 1_000_000), ("999", 30_000)])).Rows[1]);

    [Fact]
    public void A_code_that_the_population_lacks_counts_nobody() =>
        Assert.Equal(["99999", "000*", "000*", "*"], PostcodeHierarchy.Make(["03601", "02139", "20001", "99999"], [3, 2], new([("036", 20_000), ("021", 900_000), ("200", 900_000), ("999", 1)])).Rows[3]);

    [Fact]
    public void A_higher_leaf_is_repeated() =>
        Assert.Equal(
            [["nurse", "care", "work", "*"], ["cook", "cook", "work", "*"], ["none", "none", "none", "*"]],
            CategoryHierarchy.Make([["work", "*"], ["nurse", "care"], ["cook", "work"], ["none", "*"], ["care", "work"]]).Rows);
}
