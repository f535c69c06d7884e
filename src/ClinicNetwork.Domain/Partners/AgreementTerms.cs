using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Domain.Partners;

/// <summary>What a data-use agreement gives, and for what: two persons want exactly this.</summary>
/// <param name="Profile">Id of one of <see cref="ReleaseProfiles.All"/>.</param>
/// <param name="Fields">Columns of the profile, in its order; all of <see cref="ReleaseProfiles.Always"/> among them.</param>
/// <param name="ValidTo">From then on it is over; after <paramref name="ValidFrom"/>.</param>
/// <param name="Quota">Rows a day, UTC; 0: no limit.</param>
/// <param name="Document">Where the signed paper lies, as the network's files call it, 1 to 200 characters.</param>
/// <param name="Finding">Likewise the expert's finding, of a profile that rests on one; else empty.</param>
[GenerateSerializer, Immutable, Alias("agreement-terms")]
public sealed record AgreementTerms(
    [property: Id(0)] string Profile,
    [property: Id(1)] ResearchPurpose Purpose,
    [property: Id(2)] ImmutableArray<string> Fields,
    [property: Id(3)] DateTimeOffset ValidFrom,
    [property: Id(4)] DateTimeOffset ValidTo,
    [property: Id(5)] long Quota,
    [property: Id(6)] string Document,
    [property: Id(7)] string Finding)
{
    /// <summary>Rows; the largest page, so that a quota lets every page through ([K], our bound).</summary>
    public const long QuotaMin = 1_000;

    public const long QuotaMax = 1_000_000_000;

    /// <summary>Who gives data for longer decides anew ([K], our bound).</summary>
    public const int YearsMax = 10;

    private const int DocumentLengthMax = 200;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AgreementTerms);

    /// <summary>Refused: PROFILE_UNKNOWN, FIELD_UNKNOWN, FIELD_DOUBLED, FIELD_MISSING, PERIOD_INVALID, QUOTA_INVALID, TEXT_INVALID, FINDING_NOT_NEEDED.</summary>
    public Refusal? Check(DateTimeOffset now)
    {
        if (ReleaseProfiles.Find(Profile) is not { } profile)
        {
            return Refusal.Invalid("PROFILE_UNKNOWN", "terms.profile", $"Give one of {string.Join(", ", ReleaseProfiles.All.Select(one => "profiles/" + one.Id))}.");
        }

        return CheckFields(profile)
            ?? (ValidFrom >= ValidTo || ValidTo <= now || ValidTo > ValidFrom.AddYears(YearsMax)
                ? Refusal.Invalid("PERIOD_INVALID", "terms.valid_to", $"Give an end that is to come, after the beginning and at most {YearsMax} years after it.") : null)
            ?? (Quota is not 0 and (< QuotaMin or > QuotaMax)
                ? Refusal.Invalid("QUOTA_INVALID", "terms.quota_rows_a_day", $"Give {QuotaMin} to {QuotaMax} rows a day, or 0 for no limit.") : null)
            ?? Texts.Check(Document, 1, DocumentLengthMax, "terms.document")
            ?? (profile.Policy == ReleasePolicyKind.ExpertDetermination ? Texts.Check(Finding, 1, DocumentLengthMax, "terms.finding")
                : Finding.Length > 0 ? Refusal.Invalid("FINDING_NOT_NEEDED", "terms.finding", "This profile rests on no expert's finding; leave it out.")
                : null);
    }

    /// <summary>With the fields in the profile's order.</summary>
    public AgreementTerms InOrder() => this with { Fields = [.. ReleaseProfiles.Find(Profile)!.Columns.Where(Fields.Contains)] };

    private Refusal? CheckFields(ReleaseProfile profile) =>
        Fields.Any(field => !profile.Columns.Contains(field)) ? Refusal.Invalid("FIELD_UNKNOWN", "terms.fields", "Give columns of the profile, as docs/release-format.md lists them.")
        : Fields.Distinct().Count() != Fields.Length ? Refusal.Invalid("FIELD_DOUBLED", "terms.fields", "Name each column once.")
        : ReleaseProfiles.Always.Any(field => !Fields.Contains(field)) ? Refusal.Invalid("FIELD_MISSING", "terms.fields", $"Every agreement has {string.Join(", ", ReleaseProfiles.Always)}.")
        : null;
}
