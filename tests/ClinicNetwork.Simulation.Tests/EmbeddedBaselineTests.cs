using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Simulation.Tests;

/// <summary>Totals of the CDC file (NHANES 2013-2016, public domain), counted outside this project.</summary>
public class EmbeddedBaselineTests
{
    [Fact]
    public void It_has_the_totals_of_the_public_file()
    {
        var table = BaselineTable.Embedded;
        Assert.Equal(9_942, table.Respondents);
        Assert.Equal(888, table.Persons);
        Assert.Equal(639, table.Rows.Count);
        Assert.Equal(12_709, table.Rows.Sum(row => row.Phq9Total * row.Count));
        Assert.Equal(14.311936936936936, table.MeanPhq9, 12);
        Assert.Equal(163 / 888.0, table.Share(10), 12);
        Assert.Equal(4 / 888.0, table.Share(27), 12);
        Assert.Equal(0, table.Share(9));
    }

    [Fact]
    public void Its_rows_have_the_recorded_checksum()
    {
        var text = string.Concat(BaselineTable.Embedded.Rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{(row.Sex == VirtualSex.Female ? "female" : "male")},{row.AgeYears},{row.Phq9Total},{row.Count}\n")));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        Assert.Equal("df61a24b0ae5df8feb7652665c06a58a3bd49070d3760f226380caf7a2317351", digest);
    }

    [Fact]
    public void A_cohort_follows_its_distribution()
    {
        var cohort = Cohort.Draw(Specs.Demo with { Patients = 20_000 });
        Assert.InRange(cohort.Average(patient => patient.Truth.BaselinePhq9), 14.2, 14.42);
        var table = BaselineTable.Embedded;
        var women = table.Rows.Where(row => row.Sex == VirtualSex.Female).Sum(row => row.Count) / (double)table.Persons;
        Assert.InRange(cohort.Count(patient => patient.Sex == VirtualSex.Female) / 20_000.0, women - 0.015, women + 0.015);
    }
}
