namespace ClinicNetwork.Domain.Identity;

/// <summary>Something that two persons have to want; chosen by the caller. Resource name <c>approvals/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("approval-id")]
public readonly record struct ApprovalId([property: Id(0)] string Value)
{
    private const string Prefix = "approvals/";

    /// <summary>The resource name.</summary>
    public string Name => Prefix + Value;

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out ApprovalId id)
    {
        var valid = name.StartsWith(Prefix, StringComparison.Ordinal) && Slug.IsValid(name.AsSpan(Prefix.Length));
        id = valid ? new(name[Prefix.Length..]) : default;
        return valid;
    }
}
