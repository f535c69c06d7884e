namespace ClinicNetwork.Domain.Identity;

/// <summary>A registry, partner clinic or other recipient of releases. Resource name <c>partners/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("partner-id")]
public readonly record struct PartnerId([property: Id(0)] string Value)
{
    private const string Prefix = "partners/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out PartnerId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
