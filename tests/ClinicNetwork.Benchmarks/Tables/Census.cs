using ClinicNetwork.Anonymisation.Tables;
using static ClinicNetwork.Benchmarks.Tables.CensusFigures;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>
/// A table that is like the Adult census extract (UCI, Kohavi and Becker 1996; rows with missing values left out): nine quasi-identifiers whose margins and pairwise dependence are near
/// the published ones, drawn by seed, and hierarchies of the shape that ARX publishes for it (100 ages in bands of 5, 10 and 20). No row of the original is here.
/// </summary>
internal static class Census
{
    /// <summary>Rows of the original without missing values.</summary>
    public const int RowsUsual = 30_162;

    public const int Occupation = 7;

    public static readonly IReadOnlyList<LeafHierarchy> Hierarchies =
    [
        Flat("sex", Sexes),
        new("age", [.. Enumerable.Range(1, AgeLeaves).Select(age => (string[])[$"{age}", Band(age, 5), Band(age, 10), Band(age, 20), LeafHierarchy.Root])]),
        Flat("race", Races),
        Grouped("marital-status", Maritals),
        Grouped("education", Educations),
        Grouped("native-country", Countries),
        Grouped("workclass", Workclasses),
        Grouped("occupation", Occupations),
        Flat("salary-class", Salaries),
    ];

    /// <summary>Given an occupation: weights of education, workclass and sex, fitted to their margins.</summary>
    private static readonly double[][] _education = Weights.Fitted(Sharpened(EducationByOccupation), OccupationCounts, EducationCounts);
    private static readonly double[][] _workclass = Weights.Fitted(Sharpened(WorkclassByOccupation), OccupationCounts, WorkclassCounts);
    private static readonly double[][] _sex = Weights.Fitted([.. FemaleByOccupation.Select(f => (double[])[1 - f, f])], OccupationCounts, SexCounts);
    private static readonly double[] _bands = FittedBands();

    /// <summary>By sex, age band and marital status.</summary>
    private static readonly double[][][] _marital =
    [
        Weights.Fitted(MaritalByBand[0], BandCounts, MaritalCounts[0]),
        Weights.Fitted(MaritalByBand[1], [.. BandCounts.Zip(BandOfWomen, (w, of) => w * of)], MaritalCounts[1]),
    ];

    public static Microdata Draw(int rows, int seed)
    {
        var random = new Random(seed);
        var columns = Hierarchies.Select(_ => new int[rows]).ToArray();
        for (var row = 0; row < rows; row++)
        {
            var person = Person(random);
            for (var a = 0; a < columns.Length; a++)
            {
                columns[a][row] = person[a];
            }
        }

        return new(Hierarchies, columns);
    }

    /// <summary>The same without the occupation as a quasi-identifier; it is the sensitive attribute.</summary>
    public static Microdata WithSensitiveOccupation(Microdata data) => new(
        [.. data.Attributes.Where((_, a) => a != Occupation)], [.. data.Leaves.Where((_, a) => a != Occupation)], null, data.Leaves[Occupation]);

    private static double[] BandCounts => [.. Enumerable.Range(0, BandFrom.Length - 1).Select(b => AgeCounts[(BandFrom[b] - BandFrom[0])..(BandFrom[b + 1] - BandFrom[0])].Sum())];

    private static int[] Person(Random random)
    {
        var occupation = random.Draw(OccupationCounts);
        var sex = random.Draw(_sex[occupation]);
        var education = random.Draw([.. _education[occupation].Select((w, e) => w * EducationBySex(occupation, sex, e))]);
        var workclass = random.Draw([.. _workclass[occupation].Select((w, i) => w * WorkclassByEducation[EducationGroup[education]][i] * WorkclassBySex[sex][i])]);
        var band = random.Draw(BandsOf(_bands, occupation, education, workclass, sex));
        var age = BandFrom[band] + random.Draw(AgeCounts.AsSpan(BandFrom[band] - BandFrom[0], BandFrom[band + 1] - BandFrom[band]));
        var race = random.Draw([.. RaceCounts.Select((w, r) => w * RaceBySex[sex][r] * RaceByOccupation(occupation, r) * RaceByEducation[r][EducationGroup[education]])]);
        var marital = random.Draw([.. MaritalAt(sex, age).Select((w, m) => w * (race == 1 ? MaritalOfBlack[m] : 1) * MaritalByOccupation(occupation, m))]);
        var native = NativeShare[race] * NativeByEducation[education];
        var country = random.NextDouble() < native ? 0 : random.Draw([.. ForeignByRace[race].Select((w, c) => c == 0 ? 0 : w * ForeignByEducation(education, c))]);
        var odds = SalaryBase + SalaryByMarital[marital] + SalaryByEducation[education] + SalaryByOccupation[occupation] + SalaryByBand[band] + SalaryByWorkclass[workclass] + (sex == 0 ? SalaryOfMen : 0);
        var salary = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0;
        return [sex, age - 1, race, marital, education, country, workclass, occupation, salary];
    }

    /// <summary>Between the middles of two bands by their distance: the share of the single falls from year to year.</summary>
    private static double[] MaritalAt(int sex, int age)
    {
        var upper = Array.FindIndex(BandMiddle, middle => middle > age);
        if (upper <= 0)
        {
            return _marital[sex][upper == 0 ? 0 : BandMiddle.Length - 1];
        }

        var share = (age - BandMiddle[upper - 1]) / (BandMiddle[upper] - BandMiddle[upper - 1]);
        var (from, to) = (_marital[sex][upper - 1], _marital[sex][upper]);
        var (sumFrom, sumTo) = (from.Sum(), to.Sum());
        return [.. from.Zip(to, (f, t) => ((1 - share) * f / sumFrom) + (share * t / sumTo))];
    }

    private static double[] BandsOf(double[] bands, int occupation, int education, int workclass, int sex)
    {
        var weights = new double[bands.Length];
        for (var b = 0; b < bands.Length; b++)
        {
            weights[b] = bands[b] * BandByOccupation[occupation][b] * BandByEducation[education][b] * BandByWorkclass[workclass][b] * (sex == 0 ? 1 : BandOfWomen[b]);
        }

        return weights;
    }

    /// <summary>Weights of the age bands that give the published ones once they are bent by the other columns.</summary>
    private static double[] FittedBands()
    {
        const int Rounds = 30;
        var (bands, rows) = (BandCounts, OccupationCounts.Sum());
        for (var round = 0; round < Rounds; round++)
        {
            var reached = new double[bands.Length];
            foreach (var (o, e, w, s) in from o in Enumerable.Range(0, Occupations.Length) from e in Enumerable.Range(0, Educations.Length) from w in Enumerable.Range(0, WorkclassCounts.Length) from s in (int[])[0, 1] select (o, e, w, s))
            {
                var share = OccupationCounts[o] * (_education[o][e] / OccupationCounts[o]) * (_workclass[o][w] / OccupationCounts[o]) * (_sex[o][s] / OccupationCounts[o]);
                var weights = BandsOf(bands, o, e, w, s);
                var sum = weights.Sum();
                for (var b = 0; b < bands.Length; b++)
                {
                    reached[b] += sum == 0 ? 0 : share * weights[b] / sum;
                }
            }

            bands = [.. bands.Select((w, b) => w * BandCounts[b] / BandCounts.Sum() * rows / reached[b])];
        }

        return bands;
    }

    private static double[][] Sharpened(double[][] table) => [.. table.Select(row => row.Select(w => Math.Pow(w, Sharpness)).ToArray())];

    private static string Band(int age, int years) => $"{((age - 1) / years * years) + 1}-{((age - 1) / years * years) + years}";

    private static LeafHierarchy Flat(string name, string[] leaves) => new(name, [.. leaves.Select(leaf => (string[])[leaf, LeafHierarchy.Root])]);

    private static LeafHierarchy Grouped(string name, string[] rows) => new(name, [.. rows.Select(row => (string[])[.. row.Split(';'), LeafHierarchy.Root])]);
}
