namespace ClinicNetwork.Cli.Input;

/// <summary>A proto enum on the command line: <c>EndOfInduction</c> is <c>end-of-induction</c>. The zero value cannot be chosen.</summary>
internal static class Choice<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName =
        Enum.GetValues<T>().Where(value => Convert.ToInt32(value) != 0).ToDictionary(Name);

    /// <summary>All, as they are written.</summary>
    internal static IReadOnlyCollection<string> Names => ByName.Keys;

    internal static T? Find(string text) => ByName.TryGetValue(text, out var value) ? value : null;

    internal static string Name(T value)
    {
        var name = value.ToString();
        bool BeginsWord(int i) => i > 0 && (char.IsUpper(name[i]) || (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1])));
        return string.Concat(name.Select((c, i) => (BeginsWord(i) ? "-" : "") + char.ToLowerInvariant(c)));
    }
}
