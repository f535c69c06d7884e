using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Who anonymises.</summary>
/// <param name="IsOurs">Its figures are held against the goals.</param>
/// <param name="IsReference">The loss of the others is a multiple of its.</param>
internal sealed record TableContender(string Name, Func<CancellationToken, TableOutcome> Run, bool IsOurs = false, bool IsReference = false)
{
    private const int CastleSeed = 1;

    /// <summary>Share of the rows that fixed regions may suppress.</summary>
    private const double FixedSuppression = 0.05;

    public static IEnumerable<TableContender> For(TableCase about, Microdata data, Microdata? prior) => about.Delay > 0 ? Streams(about, data) : Tables(about, data, prior);

    private static IEnumerable<TableContender> Tables(TableCase about, Microdata data, Microdata? prior)
    {
        var model = about.Model;
        yield return new("Mondrian", _ => OfYardstick(Mondrian.Run(data, model), model), IsReference: true);
        yield return new("tight (ours)", stop => Of(TableAnonymiser.Tight(data, model, null, stop), model), IsOurs: true);
        if (prior is not null)
        {
            var limited = model with { SuppressionLimit = FixedSuppression };
            yield return new("fixed (ours)", stop => Of(TableAnonymiser.Fixed(data, prior, limited, stop), limited));
        }

        if (about.IsCensus)
        {
            yield return new("plain sweep", _ => OfYardstick(PlainSweep.Run(data, model), model));
            yield return new("Mondrian, strict", _ => OfYardstick(Mondrian.Run(data, model, isStrict: true), model));
        }
    }

    private static IEnumerable<TableContender> Streams(TableCase about, Microdata data)
    {
        var model = about.Model;
        yield return new("CASTLE", stop => OfYardstick(Castle.Run(data, model.K, about.Delay, CastleSeed, stop), model), IsReference: true);
        yield return new("stream (ours)", stop => Of(TableStream.Run(data, model, about.Delay, null, stop), model), IsOurs: true);
        yield return new("plain sweep, micro-batches", _ => OfYardstick(MicroBatches.Run(data, model, about.Delay), model));
    }

    /// <summary>A yardstick may suppress what it likes; it shows in its loss.</summary>
    private static TableOutcome OfYardstick(Published published, PrivacyModel model) => Of(published, model with { SuppressionLimit = 1 });

    private static TableOutcome Of(Published published, PrivacyModel model) => new(() => published.Measure(model.K), () => PlainCheck.FirstFault(published, model));

    private static TableOutcome Of(PublishedStream stream, PrivacyModel model) => new(
        () => stream.Measure(model.K), () => stream.Batches.Select(batch => PlainCheck.FirstFault(batch.Table, model)).FirstOrDefault(fault => fault is not null));
}

/// <summary>What a contender published; measured and checked outside of the measured time.</summary>
internal sealed record TableOutcome(Func<TableMeasures> Measure, Func<string?> FirstFault);
