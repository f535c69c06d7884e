using System.Collections;
using System.Globalization;
using System.Reflection;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>A value as text by its stored members, arrays element by element: two values with one text are equal all the way down.</summary>
internal static class Structure
{
    public static string Describe(object? value) => value switch
    {
        null => "null",
        string text => '"' + text + '"',
        DateTimeOffset instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        Enum or bool => value.ToString()!,
        IFormattable number and (int or long or double or decimal) => number.ToString(null, CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Describe)) + "]",
        _ => value.GetType().Name + "(" + string.Join(", ", MembersOf(value.GetType()).Select(m => $"{m.Name}={Describe(m.GetValue(value))}")) + ")",
    };

    /// <summary>Members that are set, as against those computed from others; a property without init or set is computed.</summary>
    public static IEnumerable<PropertyInfo> MembersOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).OrderBy(p => p.MetadataToken);
}
