using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The home clinic looks at an emergency access that is over and says what it found. Refused: SITE_NOT_HOME, TEXT_INVALID, EMERGENCY_ACCESS_UNKNOWN,
/// EMERGENCY_ACCESS_REVIEWED, EMERGENCY_ACCESS_OPEN, SAME_PERSON.
/// </summary>
/// <param name="Number">Of the access, 1..n of this patient.</param>
/// <param name="Site">The site that acts, from the connection; null: the network.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("review-emergency-access")]
public sealed record ReviewEmergencyAccess(
    [property: Id(0)] int Number, [property: Id(1)] string Finding, [property: Id(2)] ClinicId? Site = null, [property: Id(3)] string Actor = "")
{
    private const int FindingLengthMax = 1_000;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ReviewEmergencyAccess);

    public static Decision<Accepted> Decide(PatientState state, ReviewEmergencyAccess command, DateTimeOffset now)
    {
        if (command.Site is { } site && site != state.HomeClinic)
        {
            return Refusal.Denied("SITE_NOT_HOME", "patient", "The home clinic reviews who opened its patients.");
        }

        if (Texts.Check(command.Finding, 1, FindingLengthMax, "finding") is { } refusal)
        {
            return refusal;
        }

        if (state.FindEmergency(command.Number) is not { } access)
        {
            return Refusal.Precondition("EMERGENCY_ACCESS_UNKNOWN", "emergency_access", "This patient has no emergency access of this number; read the worklist.");
        }

        if (access.ReviewedAt is not null)
        {
            return Refusal.Precondition("EMERGENCY_ACCESS_REVIEWED", "emergency_access", "This emergency access was reviewed already.");
        }

        if (access.IsOpen(now))
        {
            return Refusal.Precondition("EMERGENCY_ACCESS_OPEN", "emergency_access", "Review it when it is over, so that nothing of it is left out.");
        }

        return access.Actor == command.Actor
            ? Refusal.Denied("SAME_PERSON", "emergency_access", "Let somebody else review what you opened.")
            : Decision<Accepted>.Accept(Accepted.Instance, new EmergencyAccessReviewed(access.Number, command.Finding, now));
    }
}
