using ClinicNetwork.Domain;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>Ends a call with a refusal: a status with details, by RefusalInterceptor.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}
