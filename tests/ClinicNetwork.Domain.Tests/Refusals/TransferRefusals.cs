using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of a transfer's four acts, and of an erasure that was proposed before one.</summary>
internal static class TransferRefusals
{
    private static readonly OfferTransfer Offer = new(Given.Other, "Moves there", SiteAccess.Read, 0, Given.Home, "home-1");
    private static readonly WithdrawTransfer Withdrawal = new(1, Given.Home, "home-1");
    private static readonly AcceptTransfer Acceptance = new(1, "S-1", Given.Other, "away-1", "America/New_York");
    private static readonly DeclineTransfer Refused = new(1, "No place", Given.Other, "away-1");

    public static IEnumerable<RefusalCase> All() => [.. Offers(), .. Answers(), .. Acceptances(), .. Erasures()];

    private static IEnumerable<RefusalCase> Offers()
    {
        var chart = new Chart().Enrol();
        yield return RefusalCase.Invalid("SITE_MISSING", "clinicnetwork-site", "for the network", chart, Offer with { Site = null });
        yield return RefusalCase.Denied("SITE_NOT_HOME", "patient", "a site that may write", new Chart().Enrol().Do(new SetSharing([new(Given.Other, SiteAccess.Write)], chart.At(0))), Offer with { Site = Given.Other });
        foreach (var (about, reason) in ((string, string)[])[("no reason", ""), ("501 characters", new('x', 501))])
            yield return RefusalCase.Invalid("TEXT_INVALID", "reason", about, chart, Offer with { Reason = reason });
        foreach (var days in (int[])[-1, 31, int.MaxValue])
            yield return RefusalCase.Invalid("DAYS_INVALID", "days", $"{days} days", chart, Offer with { Days = days });
        yield return RefusalCase.Invalid("TRANSFER_TO_HOME", "to_clinic", "to itself", chart, Offer with { To = Given.Home });
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "after death", Dead(new Chart().Enrol()), Offer);
        var offered = Offered();
        yield return RefusalCase.Precondition("TRANSFER_OPEN", "patient", "a tick before the other's end", offered, Offer, offered.At(14).AddTicks(-1));
        var often = new Chart().Enrol();
        for (var i = 0; i < 100; i++)
            often.Do(Offer with { Days = 1 }, often.At(2 * i));
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 101st", often, Offer);
    }

    private static IEnumerable<RefusalCase> Answers()
    {
        var offered = Offered();
        yield return RefusalCase.Denied("SITE_NOT_HOME", "patient", "withdrawn by the other", offered, Withdrawal with { Site = Given.Other });
        foreach (var (act, closing) in ((object, object)[])[(Withdrawal, Refused), (Acceptance, Withdrawal), (Refused, Withdrawal)])
        {
            yield return RefusalCase.Precondition("TRANSFER_UNKNOWN", "number", "none", new Chart().Enrol(), act);
            yield return RefusalCase.Precondition("TRANSFER_EXPIRED", "number", "at its end", offered, act, offered.At(14));
            yield return RefusalCase.Precondition("TRANSFER_CLOSED", "number", "after an answer", Offered().Do(closing, offered.At(1)), act, offered.At(2));
        }

        foreach (var act in (object[])[Withdrawal with { Site = null }, Acceptance with { Site = null }, Refused with { Site = null }])
            yield return RefusalCase.Invalid("SITE_MISSING", "clinicnetwork-site", "for the network", offered, act, offered.At(1));
        foreach (var site in (ClinicId[])[Given.Home, new("east")])
        {
            yield return RefusalCase.Denied("SITE_NOT_RECEIVER", "patient", $"accepted by {site.Value}", offered, Acceptance with { Site = site });
            yield return RefusalCase.Denied("SITE_NOT_RECEIVER", "patient", $"declined by {site.Value}", offered, Refused with { Site = site });
        }

        foreach (var (about, reason) in ((string, string)[])[("no reason", ""), ("501 characters", new('x', 501))])
            yield return RefusalCase.Invalid("TEXT_INVALID", "reason", about, offered, Refused with { Reason = reason }, offered.At(1));
    }

    private static IEnumerable<RefusalCase> Acceptances()
    {
        var offered = Offered();
        foreach (var (about, number) in ((string, string)[])[("no number", ""), ("61 characters", new('x', 61))])
            yield return RefusalCase.Invalid("TEXT_INVALID", "record_number", about, offered, Acceptance with { RecordNumber = number }, offered.At(1));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "after death", Dead(Offered()), Acceptance, offered.At(1));
        var treated = Chart.Planned();
        treated.Do(Offer, treated.At(0)).Do(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", treated.At(0)), treated.At(0));
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "in a session", treated, Acceptance, treated.At(1));
        var shared = new Chart().Enrol();
        shared.Do(new SetSharing([.. Enumerable.Range(1, 20).Select(i => new SiteGrant(new($"site-{i}"), SiteAccess.Read))], shared.At(0))).Do(Offer, shared.At(0));
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 21st site", shared, Acceptance, shared.At(1));
    }

    private static IEnumerable<RefusalCase> Erasures()
    {
        var moved = Offered();
        yield return RefusalCase.Precondition(
            "HOME_CLINIC_CHANGED", "patient", "proposed by the former home", moved.Do(Acceptance, moved.At(1)), new ErasePatient("Asked for") { HomeClinic = Given.Home });
    }

    private static Chart Dead(Chart chart) => chart.Do(new RecordDeath(DeathCause.Unknown, DeathSource.Family, "", chart.At(0)));

    /// <summary>Offered on day 0 at 10:00, for 14 days.</summary>
    private static Chart Offered()
    {
        var chart = new Chart().Enrol();
        return chart.Do(Offer, chart.At(0));
    }
}
