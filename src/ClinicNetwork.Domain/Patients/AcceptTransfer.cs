using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The clinic that the patient is offered to takes the patient: it is the home clinic from now on. Refused: SITE_MISSING, SITE_NOT_RECEIVER, TEXT_INVALID, TRANSFER_UNKNOWN, TRANSFER_CLOSED,
/// TRANSFER_EXPIRED, PATIENT_DIED, SESSION_OPEN, TOO_MANY.
/// </summary>
/// <param name="Number">Of the offer, 1..n of this patient.</param>
/// <param name="RecordNumber">Under which the clinic has the patient, 1 to 60 characters.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="TimeZone">IANA time zone of the clinic, looked up by the grain, not by the caller.</param>
[GenerateSerializer, Immutable, Alias("accept-transfer")]
public sealed record AcceptTransfer(
    [property: Id(0)] int Number,
    [property: Id(1)] string RecordNumber,
    [property: Id(2)] ClinicId? Site = null,
    [property: Id(3)] string Actor = "",
    [property: Id(4)] string TimeZone = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AcceptTransfer);

    public static Decision<Accepted> Decide(PatientState state, AcceptTransfer command, DateTimeOffset now)
    {
        if ((TransferRules.CheckReceiver(state, command.Number, command.Site)
            ?? Texts.Check(command.RecordNumber, 1, 60, "record_number")
            ?? TransferRules.CheckOpen(state, command.Number, now)
            ?? CheckCare(state)) is { } refusal)
        {
            return refusal;
        }

        var sites = SitesAfter(state, state.FindTransfer(command.Number)!);
        return sites.Length > SetSharing.SitesMax
            ? Refusal.Precondition("TOO_MANY", "patient", $"The patient is shared with {SetSharing.SitesMax} sites; let the home clinic share with fewer first.")
            : Decision<Accepted>.Accept(
                Accepted.Instance, new TransferAccepted(command.Number, command.Site!.Value, command.TimeZone, command.RecordNumber, sites, command.Actor, now));
    }

    /// <summary>Who is given something or watched just now stays where that is done.</summary>
    private static Refusal? CheckCare(PatientState state) =>
        state.Death is not null ? Death.Died
        : state.SessionsOfAllCourses().Any(s => s.CompletedAt is null) ? Refusal.Precondition("SESSION_OPEN", "patient", "A session is in progress; accept the patient when it is completed.")
        : null;

    private static ImmutableArray<SiteGrant> SitesAfter(PatientState state, Transfer offer) =>
    [
        .. state.Sites.Where(s => s.Site != offer.To && s.Site != offer.From),
        .. offer.Keeps is { } kept ? [new SiteGrant(offer.From, kept)] : (SiteGrant[])[],
    ];
}
