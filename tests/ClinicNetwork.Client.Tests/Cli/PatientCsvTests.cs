using System.Text;
using ClinicNetwork.Cli.Import;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class PatientCsvTests : IDisposable
{
    private const string Heading = "patient,given_name,family_name,birth_date,sex,record_number,enrolled_on";
    private const string Good = "p-1,Ada,Example,1980-05-17,female,R-1,2025-07-01";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private PatientFile Read(string content, char delimiter = ',') => PatientCsv.Read(folder.File("patients.csv", content), delimiter);

    [Fact]
    public void A_good_file_is_read()
    {
        var file = Read($"{Heading}\r\n{Good}\r\np-2,Öz,\"O\"\"Neil, jr\",1970-01-01,other,\"R 2\",2025-06-30\r\n");

        Assert.Empty(file.Problems);
        Assert.Equal(
            new PatientRow(2, "patients/p-1", "Ada", "Example", new(1980, 5, 17), Sex.Female, "R-1", new(2025, 7, 1)), file.Rows[0]);
        Assert.Equal(
            ("Öz", "O\"Neil, jr", Sex.Other, 3L), (file.Rows[1].GivenName, file.Rows[1].FamilyName, file.Rows[1].Sex, file.Rows[1].Line));
    }

    [Fact]
    public void Columns_may_come_in_any_order_with_a_byte_order_mark_and_another_delimiter()
    {
        var file = Read(
            "\uFEFFsex;patient;given_name;family_name;birth_date;record_number;enrolled_on\nmale;p-9;A;B;1990-12-31;R-9;2025-07-02\n", ';');

        Assert.Equal((Sex.Male, "patients/p-9"), (file.Rows[0].Sex, file.Rows[0].Patient));
    }

    [Theory]
    [InlineData("P 1,Ada,Example,1980-05-17,female,R-1,2025-07-01", "patient")]
    [InlineData(",Ada,Example,1980-05-17,female,R-1,2025-07-01", "patient")]
    [InlineData("p-1,,Example,1980-05-17,female,R-1,2025-07-01", "given_name")]
    [InlineData("p-1,Ada, ,1980-05-17,female,R-1,2025-07-01", "family_name")]
    [InlineData("p-1,Ada,Example,17.05.1980,female,R-1,2025-07-01", "birth_date")]
    [InlineData("p-1,Ada,Example,1980-02-30,female,R-1,2025-07-01", "birth_date")]
    [InlineData("p-1,Ada,Example,2007-07-02,female,R-1,2025-07-01", "birth_date")]
    [InlineData("p-1,Ada,Example,1904-07-01,female,R-1,2025-07-01", "birth_date")]
    [InlineData("p-1,Ada,Example,1980-05-17,F,R-1,2025-07-01", "sex")]
    [InlineData("p-1,Ada,Example,1980-05-17,female,,2025-07-01", "record_number")]
    [InlineData("p-1,Ada,Example,1980-05-17,female,R-1,soon", "enrolled_on")]
    [InlineData("p-1,Ada,Example,1980-05-17,female,R-1", "row")]
    [InlineData("p-1,Ada,Example,1980-05-17,female,R-1,2025-07-01,more", "row")]
    public void A_bad_row_is_named_by_line_and_field_and_never_quoted(string row, string field)
    {
        var file = Read(
            $"{Heading}\n{Good.Replace("p-1", "p-0", StringComparison.Ordinal).Replace("R-1", "R-0", StringComparison.Ordinal)}\n{row}\n");

        var problem = Assert.Single(file.Problems);
        Assert.Equal((3L, field), (problem.Line, problem.Field));
        Assert.DoesNotContain("Ada", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("R-1", problem.ToString(), StringComparison.Ordinal);
        Assert.Single(file.Rows);
    }

    [Theory]
    [InlineData("2007-07-01")]
    [InlineData("1904-07-02")]
    public void Eighteen_and_a_hundred_and_twenty_years_are_still_good(string birthDate) =>
        Assert.Empty(Read($"{Heading}\n{Good.Replace("1980-05-17", birthDate, StringComparison.Ordinal)}\n").Problems);

    [Fact]
    public void A_patient_and_a_record_number_may_occur_once()
    {
        var file = Read($"{Heading}\n{Good}\n{Good}\n");

        Assert.Equal([(3L, "patient"), (3L, "record_number")], file.Problems.Select(p => (p.Line, p.Field)));
        Assert.Contains("line 2", file.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_of_a_row_is_told() =>
        Assert.Equal(
            ["patient", "birth_date", "sex"], Read($"{Heading}\nP!,Ada,Example,x,y,R-1,2025-07-01\n").Problems.Select(p => p.Field));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("patient,given_name\np-1,Ada\n", "heading")]
    [InlineData(Heading + "\n", "no row")]
    [InlineData(Heading + "\np-1,\"Ada,Example,1980-05-17,female,R-1,2025-07-01\n", "quotation")]
    [InlineData(Heading + "\np-1,\"Ada\" B,Example,1980-05-17,female,R-1,2025-07-01\n", "quotation")]
    public void A_file_that_is_no_list_of_patients_is_refused(string content, string told) =>
        Assert.Contains(told, Assert.Throws<InputException>(() => Read(content)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_line_that_is_too_long_is_refused() =>
        Assert.Contains(
            "line 2", Assert.Throws<InputException>(() => Read($"{Heading}\n{new string('x', 5000)}\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_utf8_is_refused()
    {
        var path = Path.Combine(folder.Path, "latin1.csv");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes($"{Heading}\n{Good.Replace("Ada", "Jürgen", StringComparison.Ordinal)}\n"));

        Assert.Contains("UTF-8", Assert.Throws<InputException>(() => PatientCsv.Read(path, ',')).Message, StringComparison.Ordinal);
    }
}
