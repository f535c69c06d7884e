using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The dosing site makes another one that, at once and for a time of its own. Refused: SITE_MISSING, DOSING_NOT_YOURS, PATIENT_DIED, TREATMENT_ENDED, PLAN_CONFLICT, SITE_NOT_ALLOWED.
/// </summary>
/// <param name="To">The clinic that gets it.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("pass-dosing")]
public sealed record PassDosing([property: Id(0)] ClinicId To, [property: Id(1)] ClinicId? Site = null, [property: Id(2)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(PassDosing);

    public static Decision<DosingAnswer> Decide(PatientState state, PassDosing command, DateTimeOffset now)
    {
        if ((DosingRight.CheckHolder(state, command.Site, now) ?? DosingRight.CheckTreatment(state)) is { } refusal)
        {
            return refusal;
        }

        if (command.To == command.Site || !state.WritableBy(command.To).HasFlag(DosingRight.Sections))
        {
            return Refusal.Precondition("SITE_NOT_ALLOWED", "to_site", "Name another site that may change medication and sessions of this patient.");
        }

        var right = new DosingRight(command.To, now, DosingRight.ExpiryOf(state, now));
        return Decision<DosingAnswer>.Accept(new(right), new DosingPassed(right, command.Actor));
    }
}
