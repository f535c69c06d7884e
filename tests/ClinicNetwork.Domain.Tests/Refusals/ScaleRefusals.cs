using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Answers that cannot be, of every scale.</summary>
internal static class ScaleRefusals
{
    private static readonly Chart Chart = new Chart().Enrol();

    public static IEnumerable<RefusalCase> All() =>
        [.. ScaleCatalogue.All.SelectMany(Ranges), .. ScaleCatalogue.All.SelectMany(Missing), .. Contradictions(), .. Groups(), .. Ids(), .. Times()];

    private static IEnumerable<RefusalCase> Ranges(Scale scale)
    {
        var full = Full(scale);
        for (var i = 0; i < scale.Items.Length; i++)
        {
            foreach (var value in (int[])[-1, scale.Items[i].Max + 1, int.MinValue, int.MaxValue])
                yield return Invalid("ITEM_OUT_OF_RANGE", $"items[{i}].value", scale, $"{value} to {scale.Items[i].Key}", full.SetItem(i, full[i] with { Value = value }));
        }

        yield return Invalid("ITEM_UNKNOWN", $"items[{full.Length}].key", scale, "an item of no scale", full.Add(new("weather", 0)));
        yield return Invalid("ITEM_UNKNOWN", "items[0].key", scale, "no key", full.SetItem(0, new("", 0)));
        yield return Invalid("ITEM_REPEATED", $"items[{full.Length}].key", scale, "an item twice", full.Add(full[0]));
    }

    private static IEnumerable<RefusalCase> Missing(Scale scale)
    {
        var full = Full(scale);
        yield return Invalid("ITEMS_INCOMPLETE", "items", scale, "nothing answered", []);
        foreach (var (i, item) in scale.Items.Index().Where(i => !i.Item.Optional && i.Item.OneOf.Length == 0 && i.Item.AskedIf.Length == 0))
        {
            // One gap of the GAD-7 is filled in, two are not.
            var without = scale.Kind == ScaleKind.Gad7 ? full.RemoveAt(i).RemoveAt(i % (full.Length - 1)) : full.RemoveAt(i);
            yield return Invalid("ITEMS_INCOMPLETE", "items", scale, $"{item.Key} missing", without);
        }
    }

    private static IEnumerable<RefusalCase> Contradictions()
    {
        var screener = CssrsScreener.Scale;
        yield return Invalid("ITEM_CONTRADICTS", "items[2].key", screener, "a method without thoughts", ScaleAnswers.Of(screener, "1,0,1,0,0,0,0"));
        yield return Invalid("ITEM_CONTRADICTS", "items[2].key", screener, "an intent without thoughts", ScaleAnswers.Of(screener, "0,0,-,1,-,0,-"));
        yield return Invalid("ITEM_CONTRADICTS", "items[1].key", screener, "a plan, question 2 not answered", ScaleAnswers.Of(screener, "0,-,-,-,1,0,-"));
        yield return Invalid("ITEM_CONTRADICTS", "items[3].key", screener, "behaviour within 3 months, but never", ScaleAnswers.Of(screener, "0,0,-,-,-,0,1"));
        yield return Invalid("ITEMS_INCOMPLETE", "items", screener, "thoughts, but 3 to 5 not asked", ScaleAnswers.Of(screener, "0,1,-,-,-,0,-"));
        yield return Invalid("ITEMS_INCOMPLETE", "items", screener, "behaviour, but not asked when", ScaleAnswers.Of(screener, "0,0,-,-,-,1,-"));
    }

    private static IEnumerable<RefusalCase> Groups()
    {
        yield return Invalid("ITEMS_INCOMPLETE", "items", QidsSr16.Scale, "no direction of appetite", ScaleAnswers.Of(QidsSr16.Scale, "0,0,0,0,0,-,-,1,-,0,0,0,0,0,0,0"));
        yield return Invalid("ITEMS_INCOMPLETE", "items", QidsSr16.Scale, "no direction of weight", ScaleAnswers.Of(QidsSr16.Scale, "0,0,0,0,0,-,1,-,-,0,0,0,0,0,0,0"));
    }

    private static IEnumerable<RefusalCase> Ids()
    {
        var answer = Of(Gad7.Scale, Full(Gad7.Scale));
        yield return RefusalCase.Exists("ASSESSMENT_EXISTS", "assessment_id", "the id of a PHQ-9", new Chart().Enrol().Answer(0, 3), answer with { Assessment = new("a-1") });
        var answered = new Chart().Enrol().Do(answer);
        yield return RefusalCase.Exists("ASSESSMENT_EXISTS", "assessment_id", "an id twice", answered, Of(Moaas.Scale, Full(Moaas.Scale)));
        yield return RefusalCase.Exists("ASSESSMENT_EXISTS", "assessment_id", "a scale's id for a PHQ-9", answered, new RecordAssessment(new("x-1"), Given.Items(3), Chart.At(0)));
    }

    private static IEnumerable<RefusalCase> Times()
    {
        var answer = Of(Gad7.Scale, Full(Gad7.Scale));
        foreach (var one in RefusalCase.OfTime(Chart, at => answer with { OccurredAt = at }))
            yield return one;
        var born = new DateTimeOffset(1980, 5, 16, 22, 0, 0, TimeSpan.Zero);
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "a second before the day of birth in Berlin", Chart, answer with { OccurredAt = born.AddSeconds(-1) });
        Assert.True(Chart.Try(answer with { OccurredAt = born }).Accepted);
    }

    private static ImmutableArray<ItemAnswer> Full(Scale scale) => [.. scale.Items.Select(i => new ItemAnswer(i.Key, 0))];

    private static RecordScale Of(Scale scale, ImmutableArray<ItemAnswer> answers) => new(new("x-1"), scale.Kind, answers, Chart.At(0));

    private static RefusalCase Invalid(string reason, string field, Scale scale, string about, ImmutableArray<ItemAnswer> answers) =>
        RefusalCase.Invalid(reason, field, $"{scale.Id}: {about}", Chart, Of(scale, answers));
}
