using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Plans;

/// <summary>Two sites that change one plan.</summary>
internal static class Site
{
    /// <summary>The other site proposes what it decided on a version.</summary>
    public static ProposeRevision Propose(this Chart chart, long baseVersion, Func<RevisePlan, RevisePlan> change) => new(
        change(new RevisePlan(baseVersion, null, null, null, [], "Decided while offline", chart.Version + 1) { Actor = "south-1", Site = Given.Other }), chart.At(-1));

    /// <summary>The home clinic changes the plan as it is.</summary>
    public static Chart Revise(this Chart chart, Func<RevisePlan, RevisePlan> change) =>
        chart.Do(change(new RevisePlan(chart.State.Plan!.Version, null, null, null, [], "Decided at home", chart.Version + 1) { Actor = "home-1", Site = Given.Home }));

    public static ResolvePlanConflict Resolve(this Chart chart, PlanChoice holds, int number = 1, RevisePlan? revision = null) =>
        new(number, holds, "Talked over", chart.State.Plan!.Version, revision, "home-2", Given.Home, chart.Version + 1);

    /// <summary>0.6 mg/kg at home, 0.75 proposed.</summary>
    public static Chart InConflict(int protocolVersion = 1, bool inSession = false)
    {
        var chart = Chart.Planned();
        if (protocolVersion > 1)
            chart.Revise(r => r with { ProtocolVersion = protocolVersion });
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.6 });
        if (inSession)
            chart.Do(chart.Start(0));
        chart.Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.75 }));
        Assert.Single(chart.State.PlanConflicts);
        return chart;
    }

    /// <summary>11 goals of each side beside the first: each would fit alone.</summary>
    public static Chart WithTooManyGoals()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { Goals = [Given.Goal, .. Enumerable.Range(0, 11).Select(i => new Goal($"north {i}", null, null))] });
        chart.Do(chart.Propose(known, r => r with { Goals = [Given.Goal, .. Enumerable.Range(0, 11).Select(i => new Goal($"south {i}", null, null))] }));
        Assert.Equal([PlanField.Goals], Assert.Single(chart.State.PlanConflicts).Fields.AsEnumerable());
        return chart;
    }
}
