namespace ClinicNetwork.Grains.Rates;

/// <summary>How many calls one client may make through all gateways together.</summary>
/// <param name="PerSecond">Calls a second, 1 or more.</param>
/// <param name="Burst">Calls at once after a rest, 1 or more.</param>
[GenerateSerializer, Immutable, Alias("rate-limit")]
public sealed record RateLimit([property: Id(0)] int PerSecond, [property: Id(1)] int Burst)
{
    private const int LotsPerSecond = 20;
    private const int ShareOfOne = 4;

    /// <summary>Permits that a gateway asks for at a time: so it asks some 20 times a second for a client at its limit, and holds a twentieth of a second's calls.</summary>
    public int Lot => Math.Clamp(PerSecond / LotsPerSecond, 1, Burst);

    /// <summary>What a gateway that no silo answers lets through alone: a quarter, so that up to four of them keep the limit.</summary>
    public RateLimit Alone => new(Math.Max(1, PerSecond / ShareOfOne), Math.Max(1, Burst / ShareOfOne));
}

/// <summary>What a gateway gets of a client's permits.</summary>
/// <param name="Permits">0: the client is at its limit.</param>
/// <param name="Wait">Then: until when there is a lot again.</param>
[GenerateSerializer, Immutable, Alias("rate-lease")]
public sealed record RateLease([property: Id(0)] int Permits, [property: Id(1)] TimeSpan Wait);
