namespace ClinicNetwork.Gateway.Limits;

/// <summary>How long a call may last, whatever deadline its caller asked for.</summary>
public sealed record CallLimits
{
    /// <summary>Of a unary call. Grains answer within seconds or not at all; what takes longer is a caller that does not finish its message, or a clock stepped by months.</summary>
    /// <value>s; default 60.</value>
    public required TimeSpan Unary { get; init; }

    /// <summary>Of a stream. Its reader opens it again where it was cut, and so spreads anew over the gateways there are.</summary>
    /// <value>s; default 3,600.</value>
    public required TimeSpan Stream { get; init; }
}
