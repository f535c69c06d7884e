namespace ClinicNetwork.Domain.Clinics;

/// <summary>
/// The clinic's key is destroyed: it may read and change no patient any more, and patients that no other clinic may read are lost with it. Refused:
/// CLINIC_NOT_FOUND, CLINIC_KEY_DESTROYED, TEXT_INVALID.
/// </summary>
[GenerateSerializer, Immutable, Alias("destroy-clinic-key")]
public sealed record DestroyClinicKey([property: Id(0)] string Reason)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DestroyClinicKey);

    public static Decision<Accepted> Decide(ClinicState state, DestroyClinicKey command, DateTimeOffset now)
    {
        _ = now;
        if (!state.Exists)
        {
            return Refusal.NotFound("CLINIC_NOT_FOUND", "clinic", "There is no such clinic; list the clinics.");
        }

        return (state.KeyDestroyed ? ClinicState.RefuseKeyDestroyed("clinic") : Texts.Check(command.Reason, 1, 500, "reason")) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new ClinicKeyDestroyed(command.Reason));
    }
}
