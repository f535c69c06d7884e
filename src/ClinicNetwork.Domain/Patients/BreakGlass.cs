using System.Globalization;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A clinician opens a patient of another clinic in an emergency, for the site that acts. Refused: TEXT_INVALID, SITE_MISSING, ACCESS_EXISTS,
/// EMERGENCY_ACCESS_OPEN.
/// </summary>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("break-glass")]
public sealed record BreakGlass([property: Id(0)] string Reason, [property: Id(1)] ClinicId? Site = null, [property: Id(2)] string Actor = "")
{
    private const int ReasonLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(BreakGlass);

    /// <summary>What is wrong whatever the patient is: looked at first, so that a bad request tells nothing of who is there.</summary>
    public static Refusal? Check(BreakGlass command) =>
        command.Site is null
            ? Refusal.Invalid("SITE_MISSING", "clinicnetwork-site", "Act for the site that has the emergency; the network needs no such access.")
            : Texts.Check(command.Reason, 1, ReasonLengthMax, "reason");

    public static Decision<EmergencyAnswer> Decide(PatientState state, BreakGlass command, DateTimeOffset now)
    {
        if (Check(command) is { } refusal)
        {
            return refusal;
        }

        var site = command.Site!.Value;
        if (state.WritableBy(site) == PlanSections.All)
        {
            return Refusal.Precondition("ACCESS_EXISTS", "patient", "This site may read and change the patient already.");
        }

        if (state.FindEmergency(site, now) is { } open)
        {
            return Refusal.Precondition(
                "EMERGENCY_ACCESS_OPEN",
                "patient",
                string.Create(CultureInfo.InvariantCulture, $"This site has emergency access until {open.Until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; use it."));
        }

        var granted = new EmergencyAccessGranted(state.EmergencyAccesses.Length + 1, site, command.Actor, command.Reason, now, now.AddHours(EmergencyAccess.HoursMax));
        return Decision<EmergencyAnswer>.Accept(new EmergencyAnswer(granted.Number, granted.Until), granted);
    }
}

/// <param name="Number">Of the access, 1..n of this patient.</param>
[GenerateSerializer, Immutable, Alias("emergency-answer")]
public sealed record EmergencyAnswer([property: Id(0)] int Number, [property: Id(1)] DateTimeOffset Until);
