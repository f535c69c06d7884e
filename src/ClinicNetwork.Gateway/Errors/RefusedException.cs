using ClinicNetwork.Domain;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>Ends a call with a refusal; <see cref="RefusalInterceptor"/> turns it into a status with details.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}
