namespace ClinicNetwork.Domain.Identity;

/// <summary>Two records that look like one person's; given by the store, at random. Resource name <c>doubles/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("double-id")]
public readonly record struct DoubleId([property: Id(0)] string Value)
{
    private const string Prefix = "doubles/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out DoubleId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
