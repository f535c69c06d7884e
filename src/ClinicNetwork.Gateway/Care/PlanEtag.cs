using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A plan's etag holds the version that last changed it, signed and bound to patient and store.</summary>
internal static class PlanEtag
{
    /// <summary>Fits no plan. Not refused here: what was accepted before a restore gets its stored answer when it is sent again.</summary>
    private const long NoVersion = 0;

    public static string Of(SignedTokens tokens, string patient, long version) =>
        tokens.Seal("plan/" + patient, version.ToString(CultureInfo.InvariantCulture));

    public static long Read(SignedTokens tokens, string patient, string etag)
    {
        if (etag.Length == 0)
        {
            throw new RefusedException(Refusal.Precondition("ETAG_MISSING", "etag", "Read the plan and send its etag, so that nobody's change is overwritten unseen."));
        }

        return tokens.Open("plan/" + patient, etag, out var version) == TokenVerdict.Good ? long.Parse(version, CultureInfo.InvariantCulture) : NoVersion;
    }
}
