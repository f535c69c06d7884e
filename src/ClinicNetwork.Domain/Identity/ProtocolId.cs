namespace ClinicNetwork.Domain.Identity;

/// <summary>A treatment protocol. Resource name <c>protocols/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("protocol-id")]
public readonly record struct ProtocolId([property: Id(0)] string Value)
{
    private const string Prefix = "protocols/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out ProtocolId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
