using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Grains;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A grain's reply as a receipt and an answer, or as the call's refusal.</summary>
internal static class Receipts
{
    public static (Receipt Receipt, TAnswer Answer) Of<TAnswer>(Reply<TAnswer> reply)
        where TAnswer : class =>
        reply.Refusal is { } refusal
            ? throw new RefusedException(refusal)
            : (new Receipt { Version = reply.Version, RecordedAt = reply.RecordedAt.ToTimestamp() }, reply.Answer!);

    /// <param name="field">The request's field that named what was not found.</param>
    public static (TState State, Revision Revision) Of<TState>(Reading<TState> reading, string field)
        where TState : class =>
        reading.Refusal is { } refusal
            ? throw new RefusedException(refusal.Kind == RefusalKind.NotFound ? refusal with { Field = field } : refusal)
            : (reading.State!, new Revision { Version = reading.Version, Confirmed = reading.Confirmed });
}
