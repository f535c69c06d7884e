namespace ClinicNetwork.Domain.Identity;

/// <summary>A patient of the network; chosen by the caller, never a record number. Resource name <c>patients/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("patient-id")]
public readonly record struct PatientId([property: Id(0)] string Value)
{
    private const string Prefix = "patients/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out PatientId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
