using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>A dose is a fact: outside the plan it is marked, not refused. More than 10 % off is outside ([K], our rule).</summary>
public sealed class DoseToleranceTests
{
    private static Chart Open(double kg)
    {
        var chart = Chart.Planned();
        return chart.Do(new StartSession(new("s-1"), Given.Home, false, Given.Calm, kg, "", chart.At(0)));
    }

    private static bool Outside(Chart chart, double mg) => ((DoseAnswer)chart.Try(new RecordDose(new("s-1"), mg, 40, chart.At(0))).Answer!).OutsidePlan;

    [Theory]
    [InlineData(40, false)]
    [InlineData(44, false)]
    [InlineData(36, false)]
    [InlineData(44.1, true)]
    [InlineData(35.9, true)]
    [InlineData(400, true)]
    [InlineData(0.1, true)]
    public void More_than_ten_percent_off_the_planned_40_mg_is_outside_the_plan(double mg, bool outside) =>
        Assert.Equal(outside, Outside(Open(80), mg));

    [Fact]
    public void Exactly_ten_percent_off_is_inside_for_every_planned_dose()
    {
        var wrong = new List<string>();
        for (var planned = 15; planned <= 150; planned++)
        {
            var chart = Open(2.0 * planned);
            foreach (var tenths in new[] { 9 * planned, 11 * planned })
            {
                if (Outside(chart, tenths / 10.0))
                    wrong.Add(FormattableString.Invariant($"{tenths / 10.0} of {planned} mg"));
            }
        }

        Assert.Equal("", string.Join(", ", wrong));
    }

    [Fact]
    public void A_dose_outside_the_plan_is_kept_and_marked_with_the_session()
    {
        var chart = Open(80);

        chart.Do(new RecordDose(new("s-1"), 60, 40, chart.At(0, 10, 7)));

        var session = chart.State.Sessions[0];
        Assert.Equal((60.0, true, chart.At(0, 10, 7)), (session.DoseMg, session.OutsidePlan, session.DosedAt));
    }

    [Fact]
    public void The_tolerance_is_about_the_dose_planned_at_the_start_not_about_a_later_plan()
    {
        var chart = Chart.Planned(esketamine: true);
        chart.Do(new StartSession(new("s-1"), Given.Home, true, Given.Calm, null, "", chart.At(0)));
        chart.Do(new RevisePlan(chart.State.Plan!.Version, null, 84, null, [], "More", chart.Version + 1));

        Assert.False(Outside(chart, 56));
        Assert.True(Outside(chart, 84));
        Assert.Equal(ProtocolCatalogue.EsketamineNasalInduction, chart.State.Plan!.MadeFrom);
    }
}
