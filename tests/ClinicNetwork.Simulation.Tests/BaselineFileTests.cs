using System.Text;

namespace ClinicNetwork.Simulation.Tests;

public class BaselineFileTests
{
    private const string Header = "respondent,sex,age_years,phq9_total\n";

    [Theory]
    [InlineData("", 1, "header")]
    [InlineData("sex,age_years,phq9_total\n", 1, "header")]
    [InlineData("respondent;sex;age_years;phq9_total\n1;male;40;12\n", 1, "header")]
    [InlineData(Header, 1, "phq9_total")]
    [InlineData(Header + "1,male,40,9\n", 2, "phq9_total")]
    [InlineData(Header + "1,male,40,12\n2,male,40,28\n", 3, "phq9_total")]
    [InlineData(Header + "1,male,40,-1\n", 2, "phq9_total")]
    [InlineData(Header + "1,male,40,1.5\n", 2, "phq9_total")]
    [InlineData(Header + "1,male,40,\n", 2, "phq9_total")]
    [InlineData(Header + "1,male,17,12\n", 2, "age_years")]
    [InlineData(Header + "1,male,81,12\n", 2, "age_years")]
    [InlineData(Header + "1,male, 40,12\n", 2, "age_years")]
    [InlineData(Header + "1,M,40,12\n", 2, "sex")]
    [InlineData(Header + "x,male,40,12\n", 2, "respondent")]
    [InlineData(Header + "1,male,40\n", 2, "row")]
    [InlineData(Header + "1,male,40,12,9\n", 2, "row")]
    [InlineData(Header + "1,male,40,12\n\n2,male,40,12\n", 3, "row")]
    public void Bad_input_is_refused_with_line_and_field(string file, long line, string field)
    {
        var refused = Assert.Throws<BaselineFileException>(() => BaselineTable.ReadCsv(new StringReader(file)));
        Assert.Equal((line, field), (refused.Line, refused.Field));
        Assert.StartsWith($"line {line}, {field}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_is_read_in()
    {
        var refused = Assert.Throws<BaselineFileException>(() => BaselineTable.ReadCsv(new RepeatingReader(Header, "1", int.MaxValue)));
        Assert.Equal((2, "row"), (refused.Line, refused.Field));
    }

    [Fact]
    public void More_than_five_million_rows_are_refused()
    {
        var refused = Assert.Throws<BaselineFileException>(() => BaselineTable.ReadCsv(new RepeatingReader(Header, "1,male,40,12\n", 5_000_001)));
        Assert.Equal((5_000_002, "file"), (refused.Line, refused.Field));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Rows_under_10_are_counted_and_left_out(string lineEnd)
    {
        var file = (Header + "1,male,80,12\n2,female,20,27\n3,male,80,12\n4,male,30,9").Replace("\n", lineEnd, StringComparison.Ordinal);
        var table = BaselineTable.ReadCsv(new StringReader(file));
        Assert.Equal([new BaselineRow(VirtualSex.Female, 20, 27, 1), new BaselineRow(VirtualSex.Male, 80, 12, 2)], table.Rows);
        Assert.Equal((4, 3), (table.Respondents, table.Persons));
        Assert.Equal(17, table.MeanPhq9);
    }

    [Fact]
    public void A_file_made_from_the_embedded_table_reads_back_equal()
    {
        var file = new StringBuilder(Header);
        foreach (var row in BaselineTable.Embedded.Rows.Reverse())
        {
            for (var person = 0; person < row.Count; person++)
                file.Append($"1,{(row.Sex == VirtualSex.Male ? "male" : "female")},{row.AgeYears},{row.Phq9Total}\n");
        }
        Assert.Equal(BaselineTable.Embedded.Rows, BaselineTable.ReadCsv(new StringReader(file.ToString())).Rows);
    }

    /// <summary>A file too long to hold in memory.</summary>
    private sealed class RepeatingReader(string head, string unit, int times) : TextReader
    {
        private long at;

        public override int Read()
        {
            var position = at++;
            if (position < head.Length)
                return head[(int)position];
            position -= head.Length;
            return position < (long)unit.Length * times ? unit[(int)(position % unit.Length)] : -1;
        }
    }
}
