using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The home clinic of one of two records, or the network, says that they are two persons; nobody is asked again, unless somebody takes it back. Refused: TEXT_INVALID, DOUBLE_NOT_FOUND, DOUBLE_DISMISSED, TOO_MANY.
/// </summary>
/// <param name="Reason">1 to 500 characters; kept in this record, and told to those who may read it.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="IsFlagged">The pair is there, and this patient is one of the two; the grain looks it up.</param>
/// <param name="IsDismissed">By this record or the other; the grain looks it up.</param>
[GenerateSerializer, Immutable, Alias("dismiss-double")]
public sealed record DismissDouble(
    [property: Id(0)] DoubleId Double,
    [property: Id(1)] string Reason,
    [property: Id(2)] ClinicId? Site = null,
    [property: Id(3)] string Actor = "",
    [property: Id(4)] bool IsFlagged = false,
    [property: Id(5)] bool IsDismissed = false)
{
    private const int DismissedMax = 100;

    internal static readonly Refusal NotFound = Refusal.NotFound("DOUBLE_NOT_FOUND", "double", "This patient has no probable double of this name; list them again.");

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DismissDouble);

    public static Decision<Accepted> Decide(PatientState state, DismissDouble command, DateTimeOffset now) =>
        (Texts.Check(command.Reason, 1, OfferTransfer.ReasonLengthMax, "reason")
            ?? (!command.IsFlagged ? NotFound
                : command.IsDismissed ? Refusal.Precondition("DOUBLE_DISMISSED", "double", "It was dismissed before; list the dismissed ones.")
                : state.DismissedDoubles.Length >= DismissedMax ? Refusal.Precondition("TOO_MANY", "patient", $"Of one record at most {DismissedMax} are dismissed; dismiss it from the other one.")
                : null)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new DoubleDismissed(command.Double, command.Reason, command.Site, command.Actor, now));
}
