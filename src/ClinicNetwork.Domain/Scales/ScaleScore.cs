using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Scales;

/// <summary>The answer to one item.</summary>
[GenerateSerializer, Immutable, Alias("item-answer")]
public sealed record ItemAnswer([property: Id(0)] string Key, [property: Id(1)] int Value);

/// <summary>What answers come to by their scale.</summary>
/// <param name="Total">Null when the scale has none.</param>
/// <param name="Band">Empty when the scale has none.</param>
/// <param name="Triage">Null when the scale is no screen.</param>
/// <param name="Prorated">Items were missing and filled in by the mean of the others.</param>
/// <param name="FollowUps">Each once, in the order of their values.</param>
public sealed record ScaleScore(int? Total, string Band, RiskTriage? Triage, bool Prorated, ImmutableArray<ScaleFollowUp> FollowUps)
{
    /// <summary>A message names at most so many missing items.</summary>
    private const int NamedMax = 3;

    /// <summary>Null when these can be the answers, else ITEM_UNKNOWN, ITEM_REPEATED, ITEM_OUT_OF_RANGE, ITEM_CONTRADICTS or ITEMS_INCOMPLETE with the item's field.</summary>
    public static Refusal? Check(Scale scale, IReadOnlyList<ItemAnswer> answers)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Count; i++)
        {
            if (scale.Find(answers[i].Key) is not { } item)
            {
                return Refusal.Invalid("ITEM_UNKNOWN", $"items[{i}].key", "Give the key of one of the scale's items, as ListScales tells them.");
            }

            if (!values.TryAdd(item.Key, answers[i].Value))
            {
                return Refusal.Invalid("ITEM_REPEATED", $"items[{i}].key", "Give each item once.");
            }

            if (answers[i].Value < 0 || answers[i].Value > item.Max)
            {
                return Refusal.Invalid("ITEM_OUT_OF_RANGE", $"items[{i}].value", $"Give 0 to {item.Max}.");
            }
        }

        for (var i = 0; i < answers.Count; i++)
        {
            var asked = scale.Find(answers[i].Key)!.AskedIf;
            if (asked.Length > 0 && answers[i].Value > 0 && values.GetValueOrDefault(asked) == 0)
            {
                // By its number: a message repeats nothing that was sent.
                return Refusal.Invalid("ITEM_CONTRADICTS", $"items[{i}].key", $"Correct one of the two: this can be yes only where question {scale.Find(asked)!.Number} is yes.");
            }
        }

        var missing = Missing(scale, values);
        return missing.Count > scale.ProratedItemsMax ? Refusal.Invalid("ITEMS_INCOMPLETE", "items", $"Give the items that are missing: {Named(missing)}.") : null;
    }

    /// <summary>Scores checked answers.</summary>
    public static ScaleScore Of(Scale scale, IReadOnlyList<ItemAnswer> answers)
    {
        var values = answers.ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal);
        var answered = scale.Items.Where(i => values.ContainsKey(i.Key)).ToArray();
        var domains = scale.Domains.Where(d => d.Any(i => values.ContainsKey(i.Key))).ToArray();
        var sum = domains.Sum(d => d.Max(i => values.GetValueOrDefault(i.Key)));
        var prorated = Missing(scale, values).Count > 0;
        int? total = scale.TotalMax is null ? null : prorated ? Prorate(sum, domains.Length, scale.Domains.Count()) : sum;
        var triage = TriageOf(scale, answered.Where(i => values[i.Key] > 0));
        var followUps = answered.Where(i => values[i.Key] >= i.FollowUpFrom).Select(i => i.FollowUp).Append(FollowUpOf(triage));
        return new(total, total is { } sure ? scale.BandOf(sure) : "", triage, prorated, [.. followUps.OfType<ScaleFollowUp>().Distinct().Order()]);
    }

    /// <summary>The mean of the answered for each that is missing; the total is rounded, a half upwards.</summary>
    private static int Prorate(int sum, int answered, int all) => ((2 * sum * all) + answered) / (2 * answered);

    private static List<string> Missing(Scale scale, Dictionary<string, int> values)
    {
        var missing = new List<string>();
        var groups = scale.Items.Where(i => i.OneOf.Length > 0 && values.ContainsKey(i.Key)).Select(i => i.OneOf).ToHashSet(StringComparer.Ordinal);
        foreach (var item in scale.Items.Where(i => !i.Optional && !values.ContainsKey(i.Key)))
        {
            var asked = item.AskedIf.Length == 0 || values.GetValueOrDefault(item.AskedIf) > 0;
            if (asked && (item.OneOf.Length == 0 || groups.Add(item.OneOf)))
            {
                missing.Add(item.Key);
            }
        }

        return missing;
    }

    /// <summary>The highest of what the answers above 0 come to; never a sum, never a count.</summary>
    private static RiskTriage? TriageOf(Scale scale, IEnumerable<ScaleItem> yes) =>
        scale.Items.Any(i => i.Triage is not null) ? yes.Max(i => i.Triage) ?? RiskTriage.None : null;

    /// <summary>High: an evaluation at once; low and moderate: a further evaluation (Blueprint, C-SSRS screen, scoring guide).</summary>
    private static ScaleFollowUp? FollowUpOf(RiskTriage? triage) => triage switch
    {
        RiskTriage.High => ScaleFollowUp.ImmediateRiskEvaluation,
        RiskTriage.Low or RiskTriage.Moderate => ScaleFollowUp.RiskEvaluation,
        _ => null,
    };

    private static string Named(List<string> keys) =>
        string.Join(", ", keys.Take(NamedMax)) + (keys.Count > NamedMax ? $" and {keys.Count - NamedMax} more" : "");
}
