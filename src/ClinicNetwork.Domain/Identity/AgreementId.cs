namespace ClinicNetwork.Domain.Identity;

/// <summary>A data-use agreement with a partner. Resource name <c>partners/{partner}/agreements/{id}</c>.</summary>
[GenerateSerializer, Immutable, Alias("agreement-id")]
public readonly record struct AgreementId([property: Id(0)] PartnerId Partner, [property: Id(1)] string Value)
{
    private const string Between = "/agreements/";

    /// <summary>The resource name.</summary>
    public string Name => Partner.Name + Between + Value;

    /// <summary>What releases call it: <c>{partner}.{id}</c>. No two agreements of a network share it, and no single word is one.</summary>
    public string Recipient => $"{Partner.Value}.{Value}";

    /// <summary>Reads a resource name; false when it is not one of this kind.</summary>
    public static bool TryParseName(string name, out AgreementId id)
    {
        var parts = name.Split(Between);
        var valid = PartnerId.TryParseName(parts[0], out var partner) && parts.Length == 2 && Slug.IsValid(parts[1]);
        id = valid ? new(partner, parts[1]) : default;
        return valid;
    }

    /// <summary>Reads <see cref="Recipient"/>; false when it is none.</summary>
    public static bool TryParseRecipient(string recipient, out AgreementId id)
    {
        var parts = recipient.Split('.');
        var valid = parts.Length == 2 && parts.All(part => Slug.IsValid(part));
        id = valid ? new(new(parts[0]), parts[1]) : default;
        return valid;
    }
}
