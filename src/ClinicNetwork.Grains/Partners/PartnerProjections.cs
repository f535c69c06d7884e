using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Partners;

/// <summary>
/// The rows that each command of a partner writes beside itself: its agreements as delivery judges them, and when their periods end. Partners stand in one list, which
/// shares the table of what clinics have to do.
/// </summary>
public static class PartnerProjections
{
    /// <summary>Whose worklist holds all partners; no clinic's name.</summary>
    public const string List = "partners";

    private const string OfList = "partner";

    public static IReadOnlyList<Projection> Of(PartnerState before, PartnerState after, IReadOnlyList<IEvent> events)
    {
        var rows = new List<Projection>();
        if (!before.Exists && after.Exists)
        {
            rows.Add(new Projection.FollowUpSet(List, OfList, after.RegisteredAt, DateTimeOffset.MaxValue));
        }

        rows.AddRange(after.Agreements.Where(one => before.Find(one.Id) != one).Select(one => new Projection.AgreementSet(RecordOf(after, one))));
        rows.AddRange(events.SelectMany(@event => RowsOf(@event, after)));
        return rows;
    }

    private static IEnumerable<Projection> RowsOf(IEvent @event, PartnerState after) => @event switch
    {
        AgreementActivated e => [new Projection.DueSet(DueKinds.OfExpiry(e.Agreement), after.Find(e.Agreement)!.Terms.ValidTo)],
        AgreementEnded e => [new Projection.DueDone(DueKinds.OfExpiry(e.Agreement))],
        AgreementExpired e => [new Projection.DueDone(DueKinds.OfExpiry(e.Agreement))],
        AgreementRekeyed e => [new Projection.DueSet(DueKinds.OfRekey(e.Agreement, e.Epoch), e.At)],
        RekeyPublished e => [new Projection.DueDone(DueKinds.OfRekey(e.Agreement, e.Epoch))],
        BatchesAcknowledged e => [new Projection.BatchAcknowledged(e.Agreement.Recipient, e.Number, e.At)],
        _ => [],
    };

    /// <summary>What the store says of it.</summary>
    private static AgreementRecord RecordOf(PartnerState partner, Agreement agreement) => new(
        agreement.Id.Recipient,
        partner.Id.Value,
        agreement.Terms.Profile,
        ReleasePermission.Of(partner.Class, agreement.Terms.Purpose),
        agreement.Terms.Fields,
        agreement.Terms.ValidFrom,
        agreement.Terms.ValidTo,
        agreement.Terms.Quota,
        agreement.Epoch,
        AgreementStatuses.NameOf(agreement.Status));
}
