namespace ClinicNetwork.Domain;

/// <summary>The answer of a use case that has nothing to say beyond its receipt.</summary>
[GenerateSerializer, Immutable, Alias("accepted")]
public sealed record Accepted
{
    public static readonly Accepted Instance = new();
}
