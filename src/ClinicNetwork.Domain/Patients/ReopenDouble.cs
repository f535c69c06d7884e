using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A dismissal is taken back: the two may be one person after all, and both clinics are told of the pair again. Written where the dismissal was, by the home clinic or the network. Refused:
/// TEXT_INVALID, DOUBLE_NOT_FOUND, DOUBLE_OPEN.
/// </summary>
/// <param name="Reason">1 to 500 characters; kept in this record.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="IsFlagged">The pair is there, and this patient is one of the two; the grain looks it up.</param>
[GenerateSerializer, Immutable, Alias("reopen-double")]
public sealed record ReopenDouble(
    [property: Id(0)] DoubleId Double, [property: Id(1)] string Reason, [property: Id(2)] ClinicId? Site = null, [property: Id(3)] string Actor = "", [property: Id(4)] bool IsFlagged = false)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ReopenDouble);

    public static Decision<Accepted> Decide(PatientState state, ReopenDouble command, DateTimeOffset now) =>
        (Texts.Check(command.Reason, 1, OfferTransfer.ReasonLengthMax, "reason")
            ?? (!command.IsFlagged ? DismissDouble.NotFound
                : state.DismissedDoubles.All(d => d.Double != command.Double)
                    ? Refusal.Precondition("DOUBLE_OPEN", "double", "It is not dismissed in this patient's record; list the dismissed ones, and take it back where it was said.")
                : null)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new DoubleReopened(command.Double, command.Reason, command.Site, command.Actor, now));
}
