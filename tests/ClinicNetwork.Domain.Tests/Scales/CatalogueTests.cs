using System.Text.RegularExpressions;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>What holds of every definition.</summary>
public sealed partial class CatalogueTests
{
    [Fact]
    public void Every_kind_is_defined_once_in_the_order_of_kinds() =>
        Assert.Equal(Enum.GetValues<ScaleKind>(), ScaleCatalogue.All.Select(s => s.Kind));

    [Fact]
    public void Keys_are_slugs_of_one_item_each_and_references_hold() => Assert.All(ScaleCatalogue.All, scale =>
    {
        Assert.All(scale.Items, item =>
        {
            Assert.True(Slug.IsValid(item.Key), item.Key);
            Assert.True(item.Max is >= 1 and <= 9, "The command line reads one digit an answer.");
            Assert.True(item.AskedIf.Length == 0 || scale.Find(item.AskedIf) is { Max: 1, AskedIf: "" }, item.Key);
        });
        Assert.Distinct(scale.Items.Select(i => i.Key));
        Assert.Equal(scale.Items.Select(i => i.Number).Order(), scale.Items.Select(i => i.Number));
    });

    [Fact]
    public void Bands_cover_every_total_once() => Assert.All(ScaleCatalogue.All.Where(s => s.Bands.Length > 0), scale =>
        Assert.All(Enumerable.Range(0, scale.TotalMax!.Value + 1), total => Assert.Single(scale.Bands, b => total >= b.From && total <= b.To)));

    /// <summary>Else a mean of items would not be one of the answers.</summary>
    [Fact]
    public void Items_are_filled_in_only_where_each_is_a_domain_of_its_own() => Assert.All(ScaleCatalogue.All.Where(s => s.ProratedItemsMax > 0), scale =>
        Assert.True(scale.Items.All(i => i.Domain == i.Key && !i.Optional && i.AskedIf.Length == 0) && scale.Items.DistinctBy(i => i.Max).Count() == 1));

    [Fact]
    public void Licence_source_and_missing_rule_are_said() => Assert.All(ScaleCatalogue.All, scale =>
        Assert.True(scale.Licence.Length > 10 && scale.Source.Length > 10 && scale.MissingRule.Length > 10 && scale is { Version: >= 1, RecallDays: >= 0 }));

    [Fact]
    public void What_is_our_own_or_unvalidated_says_so()
    {
        Assert.Contains("remains unvalidated", Cadss6.Scale.Title, StringComparison.Ordinal);
        Assert.Contains("[K]", LongTermSafety.Scale.Source, StringComparison.Ordinal);
        Assert.All(LongTermSafety.Scale.Items, item => Assert.NotEqual("", item.Text));
    }

    [Fact]
    public void A_LOINC_is_one_by_its_form_and_check_digit_and_stands_for_one_thing()
    {
        string[] codes = [.. ScaleCatalogue.All.SelectMany(s => s.Items.Select(i => i.Loinc).Append(s.Loinc).Append(s.ResultLoinc)).Where(c => c.Length > 0)];
        Assert.All(codes, code => Assert.True(LoincForm().IsMatch(code) && CheckDigit(code[..^2]) == code[^1] - '0', code));
        Assert.Distinct(codes);
        foreach (var kind in (ScaleKind[])[ScaleKind.Madrs, ScaleKind.QidsSr16, ScaleKind.Cadss6, ScaleKind.LongTermSafety, ScaleKind.Moaas])
            Assert.All(ScaleCatalogue.Get(kind).Items, item => Assert.Equal("", item.Loinc));
    }

    /// <summary>Mod 10 (Luhn) over the digits, as the LOINC users' guide says.</summary>
    private static int CheckDigit(string digits)
    {
        var sum = digits.Reverse().Select((c, i) => i % 2 == 0 ? 2 * (c - '0') : c - '0').Sum(d => (d / 10) + (d % 10));
        return (10 - (sum % 10)) % 10;
    }

    [GeneratedRegex("^[0-9]{4,5}-[0-9]$")]
    private static partial Regex LoincForm();
}
