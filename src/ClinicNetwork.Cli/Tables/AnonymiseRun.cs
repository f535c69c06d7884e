using System.Diagnostics;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;

namespace ClinicNetwork.Cli.Tables;

/// <summary>What <c>clinicnet anonymise</c> was asked for.</summary>
/// <param name="Prior">The table that a grid is learnt from; null: tight.</param>
/// <param name="Delay">Rows of a stream; null: no stream.</param>
internal sealed record AnonymiseSettings(
    string Data, string Hierarchies, char Delimiter, ColumnNames Columns, PrivacyModel Model, string? Prior, int? Delay, string Out, string? Report, string? Regions)
{
    internal string Mode => Prior is not null ? "fixed" : Delay is not null ? "stream" : "tight";
}

/// <summary>From a file to a file: read, anonymise, write aside, put in place.</summary>
internal sealed class AnonymiseRun(AnonymiseSettings settings, Terminal terminal, CancellationToken cancellationToken)
{
    /// <exception cref="InputException">The input cannot be used, the model not be met, or the output not be written; nothing was written then.</exception>
    internal async Task<AnonymiseReport> RunAsync()
    {
        var total = Stopwatch.StartNew();
        var hierarchies = HierarchyFiles.Read(settings.Hierarchies, settings.Columns.Quasi, settings.Delimiter);
        using var output = new AsideFile("--out", settings.Out);
        using var report = settings.Report is { } r ? new AsideFile("--report", r) : null;
        using var regions = settings.Regions is { } g ? new AsideFile("--regions", g) : null;
        var prior = settings.Prior is { } path ? await PriorAsync(path, hierarchies) : null;
        using var table = await StageAsync("reading", progress => LoadedTable.Read(
            settings.Data, settings.Delimiter, settings.Columns, hierarchies, settings.Model.Ordered, progress, cancellationToken));
        Check(table);
        WarmUp.Run((data, model, delay) => Anonymise(data, data, model, delay, null), settings.Model, table.Data);
        var compute = Stopwatch.StartNew();
        var anonymised = await StageAsync("anonymising", progress =>
        {
            try
            {
                compute.Restart();
                var result = Anonymise(table.Data, prior, settings.Model, settings.Delay ?? 0, progress);
                compute.Stop();
                return result();
            }
            catch (NotReachableException error)
            {
                throw new InputException(settings.Data, $"{error.Message} See --suppression-limit, --k, --distinct-l and --t.");
            }
        });
        return await StageAsync("writing", progress =>
        {
            AnonymisedFile.Write(output.Content, settings.Delimiter, table, anonymised, progress, cancellationToken);
            output.Finish();
            if (regions is not null)
            {
                AnonymisedFile.WriteRegions(regions.Content, settings.Delimiter, settings.Columns.Quasi, anonymised.Regions!);
                regions.Finish();
            }
            using var process = Process.GetCurrentProcess();
            var reached = new AnonymiseReport(
                anonymised.Measures, settings.Model.K, settings.Mode, compute.Elapsed.TotalSeconds, total.Elapsed.TotalSeconds, process.PeakWorkingSet64);
            if (report is not null)
            {
                reached.WriteTo(report.Content);
                report.Finish();
            }
            cancellationToken.ThrowIfCancellationRequested();
            regions?.Place();
            output.Place();
            // The last: where the new report is, all of it is.
            report?.Place();
            return reached;
        });
    }

    private async Task<Microdata> PriorAsync(string path, IReadOnlyList<LeafHierarchy> hierarchies)
    {
        using var prior = await StageAsync("reading the prior", progress => LoadedTable.Read(
            path, settings.Delimiter, new(settings.Columns.Quasi, null, settings.Columns.Sensitive, [], SensitiveMayLack: true), hierarchies, settings.Model.Ordered, progress, cancellationToken));
        return prior.Data;
    }

    private void Check(LoadedTable table)
    {
        var persons = table.Data.Persons?.Distinct().Count() ?? table.Data.Rows;
        if (persons < settings.Model.K)
            throw new InputException(settings.Data, $"has {persons} {(table.Data.Persons is null ? "rows" : "persons")}, fewer than --k {settings.Model.K}; give more, or ask for a smaller k");
        if (settings.Delay is not null && table.Columns.Written.Any(column => table.Columns.Names[column] == AnonymisedFile.BatchColumn))
            throw new InputException(settings.Data, $"a column that is written is called {AnonymisedFile.BatchColumn}, as --stream's own; rename it");
    }

    /// <summary>What is measured afterwards is no part of the engine's time.</summary>
    private Func<AnonymisedTable> Anonymise(Microdata data, Microdata? prior, PrivacyModel model, int delay, IProgress<double>? progress)
    {
        switch (settings.Mode)
        {
            case "stream":
                var stream = TableStream.Run(data, model, delay, progress, cancellationToken);
                return () => new(stream.ValueAt, stream.BatchOf, null, stream.Measure(model.K, model.Ordered));
            case "fixed":
                var grid = RegionGrid.Learn(prior!, model, data.Rows, cancellationToken);
                var placed = grid.Place(data, model, cancellationToken);
                return () => new(
                    placed.ValueAt, null, [.. grid.Regions.Select(region => region.Select((label, a) => data.Attributes[a].Labels[label]).ToArray())], placed.Measure(model.K, model.Ordered));
            default:
                var table = TableAnonymiser.Tight(data, model, progress, cancellationToken);
                return () => new(table.ValueAt, null, null, table.Measure(model.K, model.Ordered));
        }
    }

    /// <summary>A bar where somebody watches.</summary>
    private Task<T> StageAsync<T>(string title, Func<IProgress<double>?, T> work) => terminal.Live
        ? Progress.ShowAsync(terminal, title, progress => Task.Run(
            () =>
            {
                var share = new Share(progress);
                var result = work(share);
                share.Report(1);
                return result;
            },
            cancellationToken))
        : Task.Run(() => work(null), cancellationToken);

    private sealed class Share(IProgress<(long Done, long Total)> of) : IProgress<double>
    {
        private const long Whole = 1_000;

        public void Report(double value) => of.Report(((long)(value * Whole), Whole));
    }
}
