using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>What is measured. Goals are those that were set for the original census extract, on which the plain sweep loses what it loses on <see cref="Census"/>.</summary>
internal static class TableCases
{
    public const string RowsPlot = "rows (correlated, 8 quasi-identifiers, k = 11)";
    public const string AttributesPlot = "quasi-identifiers (correlated, 30,000 rows, k = 11)";
    private const int Seed = 1;
    private const int PriorSeed = 1001;
    private const int K = 11;

    public static readonly IReadOnlyList<string> Groups = ["census", "diversity", "stream", "rows", "attributes", "shapes", "nhanes", "cohort", "verify"];

    /// <param name="nhanes">The file; null: left out.</param>
    /// <param name="isShort">Small tables only.</param>
    public static IEnumerable<TableCase> All(string? nhanes, bool isShort) =>
        [.. OfCensus(), .. Streams(), .. OfRows(isShort), .. OfAttributes(isShort), .. OfShapes(isShort), .. nhanes is null ? [] : OfNhanes(nhanes), .. OfCohort(isShort)];

    private static IEnumerable<TableCase> OfCensus()
    {
        static Microdata Nine() => Census.Draw(Census.RowsUsual, Seed);
        static Microdata NinePrior() => Census.Draw(Census.RowsUsual, PriorSeed);
        static Microdata Eight() => Census.WithSensitiveOccupation(Nine());
        static Microdata EightPrior() => Census.WithSensitiveOccupation(NinePrior());
        yield return new("census", "census, k = 5", Nine, NinePrior, new(5)) { IsCensus = true };
        yield return new("census", "census, k = 10", Nine, NinePrior, new(10)) { IsCensus = true };
        yield return new("census", "census, k = 11", Nine, NinePrior, new(K), new(GoalOf.Ncp, 0.08), new(GoalOf.Seconds, 0.35), new(GoalOf.Suppressed, 0)) { IsCensus = true };
        yield return new("diversity", "census, 8 QIs, l = 3, k = 5", Eight, EightPrior, new(5, 3), new TableGoal(GoalOf.Ncp, 0.0316)) { IsCensus = true };
        yield return new("diversity", "census, 8 QIs, l = 3, k = 11", Eight, EightPrior, new(K, 3), new TableGoal(GoalOf.Ncp, 0.0462)) { IsCensus = true };
        yield return new("diversity", "census, 8 QIs, t = 0.2, k = 11", Eight, EightPrior, new(K, 1, 0.2, 1000.0 / Census.RowsUsual), new(GoalOf.Ncp, 0.4), new(GoalOf.Suppressed, 1_000), new(GoalOf.Seconds, 5));
    }

    private static IEnumerable<TableCase> Streams()
    {
        static Microdata Nine() => Census.Draw(Census.RowsUsual, Seed);
        yield return new("stream", "census stream, delay 10,000, k = 11", Nine, null, new(K), new(GoalOf.Ncp, 0.121), new(GoalOf.Suppressed, 0)) { Delay = 10_000 };
        yield return new("stream", "census stream, delay 1,000, k = 11", Nine, null, new(K)) { Delay = 1_000 };
    }

    private static IEnumerable<TableCase> OfRows(bool isShort) =>
        from rows in isShort ? (int[])[1_000, 10_000] : [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
        select Generated("rows", Shape.Correlated, rows, 8) with { Point = (RowsPlot, rows) };

    private static IEnumerable<TableCase> OfAttributes(bool isShort) =>
        from attributes in isShort ? (int[])[2, 8] : [2, 3, 5, 8, 10, 12, 15]
        select Generated("attributes", Shape.Correlated, isShort ? 3_000 : 30_000, attributes) with { Point = (AttributesPlot, attributes) };

    private static IEnumerable<TableCase> OfShapes(bool isShort) =>
        from shape in (Shape[])[Shape.Uniform, Shape.Skewed, Shape.Sparse]
        from size in isShort ? ((int, int)[])[(3_000, 5)] : [(10_000, 5), (30_000, 15), (100_000, 8), (1_000_000, 5)]
        select Generated("shapes", shape, size.Item1, size.Item2);

    private static TableCase Generated(string group, Shape shape, int rows, int attributes) => new(
        group,
        string.Create(CultureInfo.InvariantCulture, $"{shape.ToString().ToLowerInvariant()}, {rows:N0} rows, {attributes} QIs, k = {K}"),
        () => GeneratedTables.Draw(shape, rows, attributes, Seed),
        () => GeneratedTables.Draw(shape, rows, attributes, PriorSeed),
        new(K));

    private static IEnumerable<TableCase> OfNhanes(string file) =>
        from k in (int[])[5, K]
        from l in (int[])[1, 2]
        select new TableCase("nhanes", l == 1 ? $"NHANES, sex and age, k = {k}" : $"NHANES, sex and age, l = {l}, k = {k}", () => NhanesTable.Read(file), null, new(k, l));

    private static IEnumerable<TableCase> OfCohort(bool isShort)
    {
        var rows = isShort ? 10_000 : 1_000_000;
        var visits = isShort ? 10_000 : 1_000_000;
        yield return new("cohort", string.Create(CultureInfo.InvariantCulture, $"cohort, {rows:N0} persons, k = {K}"), () => CohortTable.Draw(rows, Seed, false), () => CohortTable.Draw(rows / 10, PriorSeed, false), new(K));
        yield return new("cohort", string.Create(CultureInfo.InvariantCulture, $"cohort, {visits:N0} visits by person, k = {K}"), () => CohortTable.Draw(visits, Seed, true), () => CohortTable.Draw(visits / 10, PriorSeed, true), new(K));
    }
}
