namespace ClinicNetwork.Domain;

/// <summary>The one check of free text: length in characters, no control characters but line breaks.</summary>
public static class Texts
{
    /// <summary>Null when the text is fine, else the refusal TEXT_INVALID for this field.</summary>
    public static Refusal? Check(string text, int lengthMin, int lengthMax, string field)
    {
        if (text.Length < lengthMin || text.Length > lengthMax)
        {
            return Refusal.Invalid("TEXT_INVALID", field, $"Give {lengthMin} to {lengthMax} characters.");
        }

        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                return Refusal.Invalid("TEXT_INVALID", field, "Remove control characters.");
            }
        }

        return null;
    }
}
