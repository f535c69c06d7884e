using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The acting site becomes the dosing site, or stays it for another time. Refused: SITE_MISSING, PATIENT_DIED, PLAN_MISSING, TREATMENT_ENDED, PLAN_CONFLICT, DOSING_ELSEWHERE.
/// </summary>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("take-dosing")]
public sealed record TakeDosing([property: Id(0)] ClinicId? Site = null, [property: Id(1)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(TakeDosing);

    public static Decision<DosingAnswer> Decide(PatientState state, TakeDosing command, DateTimeOffset now)
    {
        if ((DosingRight.CheckSite(command.Site) ?? DosingRight.CheckTreatment(state)) is { } refusal)
        {
            return refusal;
        }

        var held = state.DosingAt(now);
        if (held is not null && held.Site != command.Site)
        {
            return DosingRight.Elsewhere with { Field = "patient" };
        }

        var right = new DosingRight(command.Site!.Value, held?.TakenAt ?? now, DosingRight.ExpiryOf(state, now));
        return Decision<DosingAnswer>.Accept(new(right), new DosingTaken(right, command.Actor));
    }
}
