using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Clinics;

/// <summary>A clinic joins the network. Refused: CLINIC_EXISTS, TEXT_INVALID, TIME_ZONE_UNKNOWN.</summary>
[GenerateSerializer, Immutable, Alias("register-clinic")]
public sealed record RegisterClinic(
    [property: Id(0)] ClinicId Clinic,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string TimeZone,
    [property: Id(3)] bool EsketamineCertified)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RegisterClinic);

    public static Decision<Accepted> Decide(ClinicState state, RegisterClinic command, DateTimeOffset now)
    {
        _ = now;
        if (state.Exists)
        {
            return Refusal.Exists("CLINIC_EXISTS", "clinic.name", "Choose another id, or read the clinic that is there.");
        }

        if (Texts.Check(command.DisplayName, 1, 120, "clinic.display_name") is { } text)
        {
            return text;
        }

        if (!ClinicTime.IsTimeZone(command.TimeZone))
        {
            return Refusal.Invalid("TIME_ZONE_UNKNOWN", "clinic.time_zone", "Give an IANA time zone, for example Europe/Berlin.");
        }

        return Decision<Accepted>.Accept(
            Accepted.Instance,
            new ClinicRegistered(command.Clinic, command.DisplayName, command.TimeZone, command.EsketamineCertified));
    }
}
