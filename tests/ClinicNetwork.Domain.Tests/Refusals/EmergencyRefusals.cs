using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of opening a patient in an emergency, of its end and of its review.</summary>
internal static class EmergencyRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Openings(), .. Ends(), .. Reviews()];

    private static IEnumerable<RefusalCase> Openings()
    {
        var (chart, opened) = (new Chart().Enrol(), Opened());
        var open = Open();
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, open with { Reason = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, open with { Reason = new('x', 501) });
        yield return RefusalCase.Invalid("SITE_MISSING", "clinicnetwork-site", "for the network", chart, open with { Site = null });
        yield return RefusalCase.Precondition("ACCESS_EXISTS", "patient", "the home clinic", chart, open with { Site = Given.Home });
        yield return RefusalCase.Precondition(
            "ACCESS_EXISTS", "patient", "a site that may write", new Chart().Enrol().Do(new SetSharing([new(Given.Other, SiteAccess.Write)], chart.At(0))), open);
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_OPEN", "patient", "a tick before the end", opened, open, opened.At(0, 14).AddTicks(-1));
    }

    private static IEnumerable<RefusalCase> Ends()
    {
        var opened = Opened();
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_UNKNOWN", "emergency_access", "none was given", new Chart().Enrol(), new EndEmergencyAccess(1));
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_OPEN", "emergency_access", "a tick before the end", opened, new EndEmergencyAccess(1), opened.At(0, 14).AddTicks(-1));
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_ENDED", "emergency_access", "twice", Opened().Do(new EndEmergencyAccess(1)), new EndEmergencyAccess(1));
    }

    private static IEnumerable<RefusalCase> Reviews()
    {
        var opened = Opened();
        var review = new ReviewEmergencyAccess(1, "Justified", Given.Home, "home-1");
        yield return RefusalCase.Denied("SITE_NOT_HOME", "patient", "the site that opened it", opened, review with { Site = Given.Other });
        yield return RefusalCase.Invalid("TEXT_INVALID", "finding", "no finding", opened, review with { Finding = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "finding", "1,001 characters", opened, review with { Finding = new('x', 1001) });
        foreach (var number in (int[])[0, -1, 2, int.MaxValue])
            yield return RefusalCase.Precondition("EMERGENCY_ACCESS_UNKNOWN", "emergency_access", $"number {number}", opened, review with { Number = number });
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_OPEN", "emergency_access", "a tick before the end", opened, review, opened.At(0, 14).AddTicks(-1));
        yield return RefusalCase.Denied("SAME_PERSON", "emergency_access", "by who opened it", opened, review with { Actor = "away-1" });
        yield return RefusalCase.Precondition("EMERGENCY_ACCESS_REVIEWED", "emergency_access", "twice", Opened().Do(review), review);
    }

    private static BreakGlass Open() => new("Found unconscious", Given.Other, "away-1");

    /// <summary>Opened on day 0 at 10:00, for four hours.</summary>
    private static Chart Opened()
    {
        var chart = new Chart().Enrol();
        return chart.Do(Open(), chart.At(0));
    }
}
