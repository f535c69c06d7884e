using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The home clinic offers the patient's care to another clinic; nothing moves before that one accepts. Refused: SITE_MISSING, SITE_NOT_HOME, TEXT_INVALID, DAYS_INVALID,
/// TRANSFER_TO_HOME, PATIENT_DIED, TRANSFER_OPEN, TOO_MANY.
/// </summary>
/// <param name="To">The receiving clinic; the grain looks it up.</param>
/// <param name="Reason">1 to 500 characters; the receiving clinic reads it.</param>
/// <param name="Keeps">What the home clinic may do once it is accepted; null: nothing.</param>
/// <param name="Days">Until it expires, 1 to 30; 0: 14.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("offer-transfer")]
public sealed record OfferTransfer(
    [property: Id(0)] ClinicId To,
    [property: Id(1)] string Reason,
    [property: Id(2)] SiteAccess? Keeps,
    [property: Id(3)] int Days,
    [property: Id(4)] ClinicId? Site = null,
    [property: Id(5)] string Actor = "")
{
    /// <summary>Two weeks: the receiving clinic's next meeting lies within them ([K], our bound).</summary>
    public const int DaysUsual = 14;

    /// <summary>After a month what was offered may be about another course of things ([K], our bound).</summary>
    public const int DaysMax = 30;

    internal const int ReasonLengthMax = 500;

    private const int TransfersMax = 100;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(OfferTransfer);

    public static Decision<TransferAnswer> Decide(PatientState state, OfferTransfer command, DateTimeOffset now)
    {
        if ((TransferRules.CheckHome(state, command.Site)
            ?? Texts.Check(command.Reason, 1, ReasonLengthMax, "reason")
            ?? (command.Days is < 0 or > DaysMax ? Refusal.Invalid("DAYS_INVALID", "days", $"Give 1 to {DaysMax}, or 0 for {DaysUsual}.") : null)
            ?? (command.To == state.HomeClinic ? Refusal.Invalid("TRANSFER_TO_HOME", "to_clinic", "Name another clinic: the patient is at home in this one.") : null)
            ?? CheckState(state, now)) is { } refusal)
        {
            return refusal;
        }

        var offer = new Transfer(
            state.Transfers.Length + 1, state.HomeClinic, command.To, command.Reason, command.Keeps, command.Actor, now, now.AddDays(command.Days == 0 ? DaysUsual : command.Days));
        return Decision<TransferAnswer>.Accept(new TransferAnswer(offer.Number, offer.ExpiresAt), new TransferOffered(offer));
    }

    private static Refusal? CheckState(PatientState state, DateTimeOffset now) =>
        state.Death is not null ? Death.Died
        : TransferRules.OpenAt(state, now) is not null ? Refusal.Precondition("TRANSFER_OPEN", "patient", "The patient is offered already; withdraw that offer first.")
        : state.Transfers.Length >= TransfersMax ? Refusal.Precondition("TOO_MANY", "patient", $"A patient is offered at most {TransfersMax} times.")
        : null;
}
