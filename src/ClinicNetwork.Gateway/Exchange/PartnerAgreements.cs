using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>
/// The agreement under which a partner is given something. It is read from the store and judged by the store's clock each time that it is asked for, so that what
/// was suspended or ended gives nothing from then on; a stream asks before each page.
/// </summary>
public sealed class PartnerAgreements(IExchangeStore store, IStoreClock clock)
{
    /// <returns>What is in force; there is at most one of a partner and profile.</returns>
    /// <exception cref="RefusedException">FAILED_PRECONDITION: AGREEMENT_MISSING, AGREEMENT_SUSPENDED, AGREEMENT_ENDED.</exception>
    public async Task<AgreementRecord> FindAsync(PartnerId partner, string profile, CancellationToken cancellationToken)
    {
        var agreements = await store.ReadAgreementsAsync(partner.Value, cancellationToken);
        var (found, refusal) = Judge([.. agreements.Where(agreement => agreement.Profile == profile)], clock.Now);
        return found ?? throw new RefusedException(refusal!);
    }

    /// <returns>The one that is in force, else the one that was last; null: there was none.</returns>
    public async Task<AgreementRecord?> FindLastAsync(PartnerId partner, string profile, CancellationToken cancellationToken)
    {
        var begun = (await store.ReadAgreementsAsync(partner.Value, cancellationToken))
            .Where(one => one.Profile == profile && one.Status != AgreementStatuses.NameOf(AgreementStatus.Draft) && one.Status != AgreementStatuses.NameOf(AgreementStatus.Proposed))
            .ToArray();
        return Judge(begun, clock.Now).Found ?? begun.MaxBy(one => one.ValidTo);
    }

    /// <summary>Before rows leave, they are counted for the agreement's day (UTC): a quota is never passed. Rows that are sent again count again.</summary>
    /// <param name="rows">At most <see cref="AgreementTerms.QuotaMin"/>, which every quota has room for.</param>
    /// <exception cref="RefusedException">RESOURCE_EXHAUSTED, QUOTA_EXCEEDED: none of them may be sent.</exception>
    public async Task TakeAsync(AgreementRecord agreement, long rows, CancellationToken cancellationToken)
    {
        var sum = await CountAsync(agreement, rows, cancellationToken);
        if (agreement.Quota > 0 && sum > agreement.Quota)
        {
            throw new RefusedException(Refusal.Exhausted("QUOTA_EXCEEDED", "The agreement's rows of this day (UTC) are used up; go on tomorrow at the first row that you lack."));
        }
    }

    /// <summary>Rows that may still be sent on this day (UTC); 0 also when there is no limit.</summary>
    public async Task<long> LeftAsync(AgreementRecord agreement, CancellationToken cancellationToken) =>
        agreement.Quota == 0 ? 0 : Math.Max(0, agreement.Quota - await CountAsync(agreement, 0, cancellationToken));

    private Task<long> CountAsync(AgreementRecord agreement, long rows, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(clock.Now.UtcDateTime).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return store.AddUseAsync(agreement.Agreement, day, rows, cancellationToken);
    }

    /// <exception cref="RefusedException">PERMISSION_DENIED, FIELD_NOT_AGREED: one of the columns is not among the agreement's.</exception>
    public static void CheckFields(AgreementRecord agreement, IEnumerable<string> columns, string field)
    {
        if (columns.Any(column => !agreement.Fields.Contains(column)))
        {
            throw new RefusedException(Refusal.Denied("FIELD_NOT_AGREED", field, "The agreement does not name this column; ask for those that it names, or for another agreement."));
        }
    }

    /// <param name="agreements">Of one partner and profile.</param>
    internal static (AgreementRecord? Found, Refusal? Refusal) Judge(IReadOnlyList<AgreementRecord> agreements, DateTimeOffset now)
    {
        bool Is(AgreementRecord agreement, AgreementStatus status) => agreement.Status == AgreementStatuses.NameOf(status);
        var living = agreements.Where(agreement => (Is(agreement, AgreementStatus.Active) || Is(agreement, AgreementStatus.Suspended)) && now < agreement.ValidTo).ToArray();
        return living.FirstOrDefault(agreement => Is(agreement, AgreementStatus.Active) && agreement.ValidFrom <= now) is { } found ? (found, null)
            : living.Any(agreement => Is(agreement, AgreementStatus.Suspended))
                ? (null, Refusal.Precondition("AGREEMENT_SUSPENDED", "", "The agreement is suspended; ask the network's administrators when it is resumed."))
            : living.Length == 0 && agreements.Any(agreement => !Is(agreement, AgreementStatus.Draft) && !Is(agreement, AgreementStatus.Proposed))
                ? (null, Refusal.Precondition("AGREEMENT_ENDED", "", "The agreement is over; ask the network's administrators for a new one."))
            : (null, Refusal.Precondition("AGREEMENT_MISSING", "", "No agreement for this profile is in force; ask the network's administrators for one, or wait for its first day."));
    }
}
