namespace ClinicNetwork.Domain.Identity;

/// <summary>The one form of ids chosen by callers: 1 to 40 of a-z, 0-9 and inner dashes.</summary>
public static class Slug
{
    /// <summary>Longest id, characters.</summary>
    public const int LengthMax = 40;

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LengthMax || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
