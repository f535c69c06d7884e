using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of a dismissal.</summary>
internal static class DoubleRefusals
{
    private static readonly DismissDouble Dismissal = new(new("d-1"), "Twins", Given.Home, "home-1", IsFlagged: true);

    private static readonly ReopenDouble Reopening = new(new("d-1"), "Same insurance number", Given.Home, "home-1", IsFlagged: true);

    public static IEnumerable<RefusalCase> All()
    {
        var chart = new Chart().Enrol();
        foreach (var (about, reason) in ((string, string)[])[("no reason", ""), ("501 characters", new('x', 501))])
            yield return RefusalCase.Invalid("TEXT_INVALID", "reason", about, chart, Dismissal with { Reason = reason });
        yield return new RefusalCase(nameof(DismissDouble), "DOUBLE_NOT_FOUND", "double", RefusalKind.NotFound, "not flagged", () => chart.Try(Dismissal with { IsFlagged = false }));
        yield return RefusalCase.Precondition("DOUBLE_DISMISSED", "double", "by the other", chart, Dismissal with { IsDismissed = true });
        var dismissed = new Chart().Enrol().Do(Dismissal);
        foreach (var (about, reason) in ((string, string)[])[("no reason", ""), ("501 characters", new('x', 501))])
            yield return RefusalCase.Invalid("TEXT_INVALID", "reason", about, dismissed, Reopening with { Reason = reason });
        yield return new RefusalCase(nameof(ReopenDouble), "DOUBLE_NOT_FOUND", "double", RefusalKind.NotFound, "not flagged", () => dismissed.Try(Reopening with { IsFlagged = false }));
        yield return RefusalCase.Precondition("DOUBLE_OPEN", "double", "another", dismissed, Reopening with { Double = new("d-2") });
        yield return RefusalCase.Precondition("DOUBLE_OPEN", "double", "taken back before", new Chart().Enrol().Do(Dismissal).Do(Reopening), Reopening);
        var often = new Chart().Enrol();
        for (var i = 0; i < 100; i++)
            often.Do(Dismissal with { Double = new($"d-{i}") });
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 101st", often, Dismissal with { Double = new("d-101") });
    }
}
