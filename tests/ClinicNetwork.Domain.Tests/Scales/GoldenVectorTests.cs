using System.Globalization;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>Each scale against answers whose result is published or was worked by hand; the source stands beside it in GoldenVectors.txt.</summary>
public sealed class GoldenVectorTests
{
    private static readonly string[][] Rows =
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Scales", "GoldenVectors.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|').Select(c => c.Trim()).ToArray())];

    public static TheoryData<string, string> Vectors
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var row in Rows)
                data.Add(row[0], row[1]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Answers_come_to_what_their_source_says(string id, string answers)
    {
        var row = Rows.Single(r => (r[0], r[1]) == (id, answers));
        var scale = ScaleCatalogue.All.Single(s => s.Id == id);
        var chart = new Chart().Enrol();
        var attempt = chart.Try(new RecordScale(new("x-1"), scale.Kind, ScaleAnswers.Of(scale, answers), chart.At(0)));

        var answer = Assert.IsType<ScaleAnswer>(attempt.Answer);
        Assert.Equal(
            (row[2], row[3], row[4], row[5], row[6]),
            (answer.Total?.ToString(CultureInfo.InvariantCulture) ?? "", answer.Band, answer.Triage?.ToString() ?? "", answer.Prorated ? "prorated" : "", string.Join(',', answer.FollowUps)));
        Assert.False(answer.OverlapsEarlier);
    }

    [Fact]
    public void Every_scale_has_vectors_and_every_vector_a_source()
    {
        Assert.Equal(ScaleCatalogue.All.Select(s => s.Id).Order(), Rows.Select(r => r[0]).Distinct().Order());
        Assert.All(Rows, row => Assert.True(row.Length == 8 && row[7].Length > 5, string.Join('|', row)));
    }
}
