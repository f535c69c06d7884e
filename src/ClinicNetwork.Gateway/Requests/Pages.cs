using System.Globalization;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Requests;

/// <summary>Page tokens: opaque, bound to the list they came from.</summary>
internal static class Pages
{
    /// <summary>The position to go on from; empty for the first page.</summary>
    public static string From(SignedTokens tokens, string list, string pageToken)
    {
        if (pageToken.Length == 0)
        {
            return "";
        }

        return tokens.Open("page/" + list, pageToken, out var position) == TokenVerdict.Good
            ? position
            : throw Fields.Invalid("PAGE_TOKEN_INVALID", "page_token", "Send back the token of the page before, for the same list, or begin again without one.");
    }

    /// <summary>Token of the next page; empty when this page was not full.</summary>
    public static string Next(SignedTokens tokens, string list, bool full, string position) => full ? tokens.Seal("page/" + list, position) : "";

    /// <summary>Where a page of a worklist ends; <see cref="RowOf"/> reads it.</summary>
    public static string PositionOf(FollowUpRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Stream}|{row.Milestone}|{row.ClosesAt.ToUnixTimeMilliseconds()}");

    public static FollowUpRow? RowOf(string position) => position.Split('|') is [var stream, var item, var closes]
        ? new(stream, item, default, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(closes, CultureInfo.InvariantCulture)))
        : null;
}
