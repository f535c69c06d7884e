using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>What one recipient may have of a profile at this moment: an agreement's, or what was published before there were agreements.</summary>
/// <param name="Agreement">Null: the caller has no partner.</param>
internal sealed record ReleaseFeed(ReleaseProfile Profile, AgreementRecord? Agreement)
{
    private const string ProfilePrefix = "profiles/";
    private const string BatchesPart = "/batches/";

    private static readonly int LocalRequired = ReleasePermission.Of(RecipientClass.ResearchRegistry, ResearchPurpose.Research);

    public string Recipient => Agreement?.Agreement ?? IExchangeStore.LocalRecipient;

    /// <summary>One class and one purpose, as <see cref="ReleasePermission"/>'s bits.</summary>
    public int Required => Agreement?.Required ?? LocalRequired;

    /// <summary>Resource name of the agreement; who has none is called as the store calls it.</summary>
    public string RecipientName => Agreement is { } agreement ? NameOf(agreement) : Recipient;

    public RecipientForm FormOf(ReleaseSecrets secrets) => Agreement is { } agreement ? RecipientForm.Of(secrets, agreement) : RecipientForm.Local(secrets);

    public string BatchName(int number) => string.Create(CultureInfo.InvariantCulture, $"{NameOf(Profile)}{BatchesPart}{number}");

    public static string NameOf(ReleaseProfile profile) => ProfilePrefix + profile.Id;

    public static string NameOf(AgreementRecord agreement) => AgreementId.TryParseRecipient(agreement.Agreement, out var id) ? id.Name : agreement.Agreement;

    /// <exception cref="RefusedException">PROFILE_NOT_FOUND.</exception>
    public static ReleaseProfile ProfileOf(string name, string field) =>
        name.StartsWith(ProfilePrefix, StringComparison.Ordinal) && ReleaseProfiles.Find(name[ProfilePrefix.Length..]) is { } profile
            ? profile
            : throw new RefusedException(Refusal.NotFound(
                "PROFILE_NOT_FOUND", field, $"There is no such profile; there are {string.Join(", ", ReleaseProfiles.All.Select(NameOf))}."));

    /// <exception cref="RefusedException">BATCH_NOT_FOUND.</exception>
    public static (ReleaseProfile Profile, int Number) BatchOf(string name)
    {
        var cut = name.IndexOf(BatchesPart, StringComparison.Ordinal);
        return cut > 0
            && name.StartsWith(ProfilePrefix, StringComparison.Ordinal)
            && ReleaseProfiles.Find(name[ProfilePrefix.Length..cut]) is { } profile
            && int.TryParse(name.AsSpan(cut + BatchesPart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
                ? (profile, number)
                : throw NoBatch();
    }

    public static RefusedException NoBatch() => new(Refusal.NotFound("BATCH_NOT_FOUND", "name", "There is no such batch; list the batches."));
}
