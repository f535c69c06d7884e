using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Whether rows may be a class, straight from the definitions; shares nothing with the engine's own rule.</summary>
/// <param name="compared">Rows that t compares a class with.</param>
internal sealed class PlainRule(Microdata data, PrivacyModel model, IReadOnlyCollection<int> compared)
{
    /// <summary>Room for the rounding of a sum of shares.</summary>
    private const double Rounding = 1e-9;

    private readonly Dictionary<int, double> _whole = data.Sensitive is { } sensitive ? compared.CountBy(row => sensitive[row]).ToDictionary(pair => pair.Key, pair => (double)pair.Value / compared.Count) : [];

    public bool Holds(List<int> rows) => rows.Count >= model.K && Persons(rows) >= model.K && (!model.AsksForSensitive || IsDiverse(rows));

    private int Persons(List<int> rows) => data.Persons is { } persons ? rows.Select(row => persons[row]).Distinct().Count() : rows.Count;

    private bool IsDiverse(List<int> rows)
    {
        var counts = rows.CountBy(row => data.Sensitive![row]).ToDictionary();
        return counts.Count >= model.DistinctL && counts.Sum(c => Math.Max(0, ((double)c.Value / rows.Count) - _whole[c.Key])) <= model.T + Rounding;
    }
}
