using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.Tables;

public sealed class TableReadingTests
{
    private static VerifiedTable Read(string text) => VerifiedTable.Read(TableCase.Bytes(text));

    private static string[][] Cells(VerifiedTable table) =>
        [.. Enumerable.Range(0, table.Rows).Select(row => table.Columns.Select(column => column.ValueAt(row)).ToArray())];

    [Theory]
    [InlineData("a;b\n1;2\n3;4\n")]
    [InlineData("a;b\n1;2\n3;4")]
    [InlineData("a;b\r\n1;2\r\n3;4\r\n")]
    [InlineData("a;b\r1;2\r3;4\r")]
    [InlineData("\ufeffa;b\n1;2\n3;4\n")]
    [InlineData("\"a\";b\n\"1\";2\r\n3;\"4\"")]
    public void Line_ends_quotes_and_a_byte_order_mark_change_nothing(string text)
    {
        var table = Read(text);
        Assert.Equal(["a", "b"], table.Header);
        Assert.Equal([["1", "2"], ["3", "4"]], Cells(table));
    }

    [Fact]
    public void Values_are_taken_as_they_stand()
    {
        var table = Read("a;b\n x ;\"1;2\"\n\"\"\"q\"\"\";\"two\nlines\r\n\"\nä🧠;\n;\"\"\n");
        Assert.Equal([[" x ", "1;2"], ["\"q\"", "two\nlines\r\n"], ["ä🧠", ""], ["", ""]], Cells(table));
    }

    [Fact]
    public void Equal_values_have_one_code_in_the_order_of_their_appearance()
    {
        var column = Read("a\nx\ny\nx\n\"y\"\nz").Columns[0];
        Assert.Equal([0, 1, 0, 1, 2], column.Codes.ToArray());
        Assert.Equal((3, "z", 1, -1), (column.Distinct, column.ValueOf(2), column.FindCode("y"), column.FindCode("")));
    }

    [Theory]
    [InlineData("", "the file is empty; give its rows.")]
    [InlineData("\ufeff", "the file is empty; give its rows.")]
    [InlineData("a;b\n", "there is a header and no row; give at least one.")]
    [InlineData("a;b;a\n1;2;3", "row 0, column 3: the header has this name before; rename one of the two.")]
    [InlineData("a;b\n1;2\n1\n", "row 2: has 1 values, the first row 2; give every row the same number, and see the delimiter.")]
    [InlineData("a;b\n1;2;3\n", "row 1: has 3 values, the first row 2; give every row the same number, and see the delimiter.")]
    [InlineData("a;b\n1;2\n\n", "row 2: has 1 values, the first row 2; give every row the same number, and see the delimiter.")]
    [InlineData("a;b\n1;2\n3;x\0y", "row 2, column b: a NUL byte; remove it.")]
    [InlineData("a;b\n1;\"2\n3;4\n", "row 1, column 2: a quote is not closed; close it, or double it inside a quoted value.")]
    [InlineData("a;b\n1;2\"\n", "row 1, column 2: a quote inside an unquoted value; quote the value and double the quote.")]
    [InlineData("a;b\n\"1\"x;2\n", "row 1, column 1: text follows a closing quote; double each quote inside a quoted value.")]
    [InlineData("a;b\n1\r;2\n", "row 1: has 1 values, the first row 2; give every row the same number, and see the delimiter.")]
    public void What_is_no_table_is_refused_by_row_column_and_rule(string text, string message) =>
        Assert.Equal(message, Assert.Throws<TableFormatException>(() => Read(text)).Message);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_UTF8_is_refused_in_columns_that_nobody_wants_too(bool wanted)
    {
        byte[] bytes = [.. "a;b\n1;2\n1;"u8, 0xC3, .. "\n"u8];
        var refused = Assert.Throws<TableFormatException>(() => VerifiedTable.Read(new MemoryStream(bytes), wanted: name => wanted || name == "a"));
        Assert.Equal("row 2, column b: not UTF-8; save the file in this encoding.", refused.Message);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_line_of_one_MiB_is_read_and_a_longer_one_refused(int more, bool taken)
    {
        // Quotes, delimiter and line end count.
        foreach (var quote in new[] { "", "\"" })
        {
            var text = $"a;b\n{quote}{new string('x', (1 << 20) - 3 - (2 * quote.Length) + more)}{quote};1\n2;3\n";
            if (taken)
            {
                Assert.Equal(2, Read(text).Rows);
            }
            else
            {
                Assert.Equal("row 1: is longer than 1048576 bytes; shorten it, or close its quote.", Assert.Throws<TableFormatException>(() => Read(text)).Message);
            }
        }
    }

    [Fact]
    public void A_file_without_an_end_of_line_is_refused_before_memory_runs_out()
    {
        using var endless = new Endless();
        Assert.Equal("row 0: is longer than 1048576 bytes; shorten it, or close its quote.", Assert.Throws<TableFormatException>(() => VerifiedTable.Read(endless)).Message);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('ä')]
    public void What_cannot_delimit_is_refused(char delimiter) => Assert.Throws<ArgumentException>(() => VerifiedTable.Read(TableCase.Bytes("a\n1"), delimiter));

    [Fact]
    public void Columns_that_nobody_wants_are_not_kept()
    {
        var table = VerifiedTable.Read(TableCase.Bytes("a,b,c\n1,2,3"), ',', name => name != "b");
        Assert.Equal(["a", "b", "c"], table.Header);
        Assert.Equal([["1", "3"]], Cells(table));
        Assert.Null(table.Find("b"));
    }

    [Fact]
    public void A_cancelled_reading_stops()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => VerifiedTable.Read(TableCase.Bytes("a\n1"), cancellationToken: cancelled));
    }

    [Theory]
    [InlineData("", "the file is empty; give its rows.")]
    [InlineData("1;a;*\n2;*", "row 2: has 2 values, the first row 3; give every row the same number, and see the delimiter.")]
    [InlineData("1;a;*\n2;a;b", "row 2, column 3: the last level is not '*'; end every row with it.")]
    [InlineData("1;a;*\n1;b;*", "row 2, column 1: the value stands in row 1 too; keep one of them.")]
    [InlineData("1;a;b;a;*", "row 1, column 2: the label stands above one that stands above it: a cycle; rename one of the two.")]
    [InlineData("1;a;b;*\n2;b;a;*", "row 1, column 2: the label stands above one that stands above it: a cycle; rename one of the two.")]
    [InlineData("1;*\n*;*\n2;1;*", "row 3: has 3 values, the first row 2; give every row the same number, and see the delimiter.")]
    public void What_is_no_hierarchy_is_refused(string rows, string message) =>
        Assert.Equal(message, Assert.Throws<TableFormatException>(() => TableCase.Hierarchy("age", rows)).Message);

    [Fact]
    public void A_label_covers_the_leaves_in_whose_rows_it_stands()
    {
        // "b" repeats itself, and stands at two levels; the middle level does not refine the next.
        var hierarchy = TableCase.Hierarchy("x", "1;a;b;*\n2;b;b;*\n3;a;c;*\n4;d;c;*");
        string Covered(string label) => string.Concat(Enumerable.Range(0, 4).Where(leaf => hierarchy.Covers(hierarchy.FindLabel(label), leaf)).Select(leaf => leaf + 1));
        Assert.Equal(("1", "13", "12", "34", "1234"), (Covered("1"), Covered("a"), Covered("b"), Covered("c"), Covered("*")));
        Assert.Equal((2, 1, 4, 3), (hierarchy.Covered(hierarchy.FindLabel("b")), hierarchy.LevelOf(hierarchy.FindLabel("b")), hierarchy.LeafCount, hierarchy.Height));
        Assert.Equal((2, -1, -1), (hierarchy.FindLeaf("3"), hierarchy.FindLeaf("a"), hierarchy.FindLabel("9")));
    }

    private sealed class Endless : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }
    }
}
