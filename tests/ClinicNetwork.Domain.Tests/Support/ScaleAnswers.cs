using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>Answers to a scale, in the order of its form.</summary>
internal static class ScaleAnswers
{
    /// <summary><c>1,0,-,2</c>: a dash for what was not answered.</summary>
    public static ImmutableArray<ItemAnswer> Of(Scale scale, string values) =>
        Of(scale, values.Split(',').Select(v => v.Trim() == "-" ? (int?)null : int.Parse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToArray());

    public static ImmutableArray<ItemAnswer> Of(Scale scale, params int?[] values)
    {
        Assert.True(values.Length == scale.Items.Length, $"{scale.Id} has {scale.Items.Length} items, not {values.Length}.");
        return [.. values.Zip(scale.Items).Where(v => v.First is not null).Select(v => new ItemAnswer(v.Second.Key, v.First!.Value))];
    }

    /// <summary>Answers with this total: domains are filled from the first, by their first item, others are 0.</summary>
    public static ImmutableArray<ItemAnswer> WithTotal(Scale scale, int total)
    {
        var firsts = scale.Domains.Select(d => d.First().Key).ToHashSet();
        var left = total;
        return [.. scale.Items.Select(item =>
        {
            var value = firsts.Contains(item.Key) ? Math.Min(left, item.Max) : 0;
            left -= value;
            return new ItemAnswer(item.Key, value);
        })];
    }

    /// <summary>Complete, without contradiction, sometimes with what may be left out.</summary>
    public static ImmutableArray<ItemAnswer> Random(Scale scale, Random random)
    {
        var values = new Dictionary<string, int>();
        foreach (var item in scale.Items)
        {
            var asked = item.AskedIf.Length == 0 || values[item.AskedIf] > 0;
            var value = asked ? random.Next(item.Max + 1) : 0;
            values.Add(item.Key, value);
        }

        return [.. scale.Items.Where(i => !i.Optional || random.Next(2) == 0).Select(i => new ItemAnswer(i.Key, values[i.Key]))];
    }
}
