namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A table as it is published: in the rows' order, nothing about who is whose.</summary>
/// <param name="Data">What it was made from.</param>
/// <param name="Regions">The published tuples: for each a label of every attribute. Suppressed rows are in none.</param>
/// <param name="RegionOf">For each row its region; −1: suppressed, the root in every attribute.</param>
public sealed record Published(Microdata Data, IReadOnlyList<int[]> Regions, int[] RegionOf)
{
    /// <summary>The published value of a cell.</summary>
    public string ValueAt(int row, int attribute) =>
        RegionOf[row] < 0 ? LeafHierarchy.Root : Data.Attributes[attribute].Labels[Regions[RegionOf[row]][attribute]];

    /// <summary>Measures by the formulas of docs/anonymisation.md, section "Measures".</summary>
    /// <param name="k">Of C_AVG.</param>
    /// <param name="ordered">Of t: sensitive values are ranks.</param>
    public TableMeasures Measure(int k, bool ordered = false)
    {
        var rows = new int[Regions.Count];
        var suppressed = 0;
        foreach (var region in RegionOf)
        {
            if (region < 0)
            {
                suppressed++;
            }
            else
            {
                rows[region]++;
            }
        }

        var (loss, level, squares) = ((double)suppressed, (double)suppressed, 0.0);
        for (var region = 0; region < rows.Length; region++)
        {
            var (lost, high) = (0.0, 0.0);
            for (var a = 0; a < Data.Attributes.Count; a++)
            {
                var (attribute, label) = (Data.Attributes[a], Regions[region][a]);
                lost += attribute.Loss(label);
                high += attribute.Height == 0 ? 0 : (double)attribute.LevelOf(label) / attribute.Height;
            }

            loss += rows[region] * lost / Data.Attributes.Count;
            level += rows[region] * high / Data.Attributes.Count;
            squares += (double)rows[region] * rows[region];
        }

        var released = Data.Rows - suppressed;
        var least = rows.Where(r => r > 0).DefaultIfEmpty(0).Min();
        var classes = rows.Count(r => r > 0);
        var (distinct, distance) = Sensitive(rows, released, ordered);
        return new(
            Data.Rows,
            Data.Persons?.Distinct().Count() ?? Data.Rows,
            classes,
            Data.Persons is null ? least : LeastPersons(),
            suppressed,
            Data.Rows == 0 ? 0 : loss / Data.Rows,
            Data.Rows == 0 ? 0 : level / Data.Rows,
            squares + ((double)Data.Rows * suppressed),
            classes == 0 ? 0 : (double)released / classes / k,
            least == 0 ? 0 : 1.0 / least,
            released == 0 ? 0 : (double)classes / released,
            distinct,
            distance);
    }

    private int LeastPersons()
    {
        var seen = new HashSet<(int Region, int Person)>();
        var persons = new int[Regions.Count];
        for (var row = 0; row < RegionOf.Length; row++)
        {
            if (RegionOf[row] >= 0 && seen.Add((RegionOf[row], Data.Persons![row])))
            {
                persons[RegionOf[row]]++;
            }
        }

        return persons.Where(p => p > 0).DefaultIfEmpty(0).Min();
    }

    private (int? Distinct, double? Distance) Sensitive(int[] rows, int released, bool ordered)
    {
        if (Data.Sensitive is not { } sensitive || released == 0)
        {
            return (null, null);
        }

        var values = sensitive.Where((_, row) => RegionOf[row] >= 0).Distinct().Order().ToArray();
        var (whole, members) = (new int[values.Length], new List<int>[rows.Length]);
        for (var row = 0; row < RegionOf.Length; row++)
        {
            if (RegionOf[row] >= 0)
            {
                var rank = Array.BinarySearch(values, sensitive[row]);
                whole[rank]++;
                (members[RegionOf[row]] ??= []).Add(rank);
            }
        }

        var (distinct, distance, counts) = (int.MaxValue, 0.0, new int[values.Length]);
        foreach (var ranks in members.Where(m => m is not null))
        {
            Array.Clear(counts);
            ranks.ForEach(rank => counts[rank]++);
            distinct = Math.Min(distinct, counts.Count(c => c > 0));
            distance = Math.Max(distance, SensitiveDistance.Of(counts, ranks.Count, whole, released, ordered));
        }

        return (distinct, distance);
    }
}

/// <summary>Formulas: docs/anonymisation.md. Classes are the groups of equal published quasi-identifiers among the released rows.</summary>
/// <param name="MinClass">Persons of the smallest class; 0 without classes.</param>
/// <param name="Ncp">Mean loss over all cells of quasi-identifiers, 0 to 1; of suppressed rows 1.</param>
/// <param name="GeneralisationIntensity">Mean of level / maximum level over these cells, 0 to 1.</param>
/// <param name="Discernibility">Σ |class|² + rows · suppressed.</param>
/// <param name="AverageClass">C_AVG: mean class size / k.</param>
/// <param name="RiskMax">1 / rows of the smallest class.</param>
/// <param name="RiskAverage">classes / released rows.</param>
/// <param name="DistinctL">Fewest distinct sensitive values in a class; null without a sensitive attribute.</param>
/// <param name="T">Largest <see cref="SensitiveDistance"/> between a class and the released table; null without a sensitive attribute.</param>
public sealed record TableMeasures(
    int Rows,
    int Persons,
    int Classes,
    int MinClass,
    int Suppressed,
    double Ncp,
    double GeneralisationIntensity,
    double Discernibility,
    double AverageClass,
    double RiskMax,
    double RiskAverage,
    int? DistinctL,
    double? T);
