using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>What a partner submits at once; the id is chosen by the partner. Resource name <c>partners/{partner}/submissions/{submission}</c>.</summary>
public readonly record struct SubmissionId(string Partner, string Value)
{
    private const string Prefix = "partners/";
    private const string Infix = "submissions";

    /// <summary>The resource name.</summary>
    public string Name => $"{Prefix}{Partner}/{Infix}/{Value}";

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out SubmissionId id)
    {
        var parts = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split('/') : [];
        var valid = parts is [var partner, Infix, var value] && Slug.IsValid(partner) && Slug.IsValid(value);
        id = valid ? new(parts[0], parts[2]) : default;
        return valid;
    }
}
