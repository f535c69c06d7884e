using System.Globalization;
using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>
/// Reads the fields of one JSON object. A missing field, one of the wrong type or outside its range is a finding and yields a harmless
/// value, so that one pass reports them all. Asking for a field claims it; fields nobody claimed are not of the format.
/// </summary>
internal sealed class ManifestFields(JsonElement json, string path, Action<string> refuse)
{
    private int _claimed;

    public string Text(string name, bool mayBeEmpty = false)
    {
        if (!Find(name, JsonValueKind.String, out var value)) return "";
        var text = value.GetString()!;
        if (text.Any(char.IsControl)) Refuse(name, "holds a control character");
        if (text.Length == 0 && !mayBeEmpty) Refuse(name, "must not be empty");
        return text;
    }

    public int Whole(string name, int min, int max)
    {
        if (!Find(name, JsonValueKind.Number, out var value)) return min;
        if (value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return min;
    }

    /// <summary>A number from 0, or another least, to 1.</summary>
    public double Fraction(string name, int min = 0)
    {
        if (!Find(name, JsonValueKind.Number, out var value)) return 0;
        if (value.TryGetDouble(out var number) && number >= min && number <= 1) return number;
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to 1"));
        return 0;
    }

    /// <summary>A text among those given; the position, 0 and a finding when it is none.</summary>
    public int OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var found = allowed.IndexOf(Text(name, mayBeEmpty: true));
        if (found < 0) Refuse(name, "is none of the format's values");
        return Math.Max(found, 0);
    }

    public JsonElement[] List(string name, JsonValueKind items, int max = int.MaxValue)
    {
        if (!Find(name, JsonValueKind.Array, out var value)) return [];
        if (value.GetArrayLength() > max) Refuse(name, "has too many elements");
        else if (value.EnumerateArray().All(item => item.ValueKind == items)) return [.. value.EnumerateArray()];
        else Refuse(name, $"must hold only elements of type {items}");
        return [];
    }

    public ManifestFields Object(string name) =>
        new(Find(name, JsonValueKind.Object, out var value) ? value : default, Path(name), refuse);

    /// <summary>The fields of one element of a list.</summary>
    public ManifestFields Item(string name, int index, JsonElement item) =>
        new(item, string.Create(CultureInfo.InvariantCulture, $"{Path(name)}[{index}]"), refuse);

    public bool Has(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out _);

    /// <summary>The value of a field of any type, claimed; false and a finding when it is missing.</summary>
    public bool Any(string name, out JsonElement value)
    {
        value = default;
        if (json.ValueKind != JsonValueKind.Object) return false;
        if (json.TryGetProperty(name, out value))
        {
            _claimed++;
            return true;
        }

        Refuse(name, "is missing");
        return false;
    }

    /// <summary>Refuses fields that were not asked for: signed or not, what this version does not define may hold anything.</summary>
    public void RefuseOthers()
    {
        if (json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() > _claimed)
            refuse($"{(path.Length == 0 ? "the manifest" : path)} has fields that its version of the format does not define");
    }

    public void Refuse(string name, string fault) => refuse($"{Path(name)} {fault}");

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private bool Find(string name, JsonValueKind kind, out JsonElement value)
    {
        if (!Any(name, out value)) return false;
        if (value.ValueKind == kind) return true;
        Refuse(name, $"must be of type {kind}");
        return false;
    }
}
