using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The dosing site gives the right back before it expires. Refused: SITE_MISSING, DOSING_NOT_YOURS.</summary>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("end-dosing")]
public sealed record EndDosing([property: Id(0)] ClinicId? Site = null, [property: Id(1)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EndDosing);

    public static Decision<Accepted> Decide(PatientState state, EndDosing command, DateTimeOffset now) =>
        DosingRight.CheckHolder(state, command.Site, now) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new DosingEnded(command.Site!.Value, command.Actor, now));
}
