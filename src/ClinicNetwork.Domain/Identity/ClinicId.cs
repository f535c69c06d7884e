namespace ClinicNetwork.Domain.Identity;

/// <summary>A clinic of the network. Resource name <c>clinics/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("clinic-id")]
public readonly record struct ClinicId([property: Id(0)] string Value)
{
    private const string Prefix = "clinics/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out ClinicId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
