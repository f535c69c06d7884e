namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Counts and dependences of the Adult extract without missing values (UCI, Kohavi and Becker 1996), rounded; a weight is relative within its row. Leaves are in order of frequency.</summary>
internal static class CensusFigures
{
    public const int AgeLeaves = 100;

    /// <summary>Power of the pairwise weights that stands for dependences of three and more columns; chosen so that the plain sweep loses what it loses on the original (NCP 0.0801 at k = 11, 0.0523 at k = 5).</summary>
    public const double Sharpness = 1.3;
    public const double SalaryBase = -3.3;
    public const double SalaryOfMen = 0.2;

    public static readonly string[] Sexes = ["Male", "Female"];
    public static readonly string[] Races = ["White", "Black", "Asian", "American-Indian", "Other"];
    public static readonly string[] Salaries = ["<=50K", ">50K"];
    public static readonly string[] Maritals =
    [
        "Married;Spouse present", "Never-married;Spouse not present", "Divorced;Spouse not present", "Separated;Spouse not present", "Widowed;Spouse not present",
        "Spouse-absent;Spouse not present", "Married-armed-forces;Spouse present",
    ];

    public static readonly string[] Educations =
    [
        "HS-grad;High school;Secondary", "Some-college;Undergraduate;Higher", "Bachelors;Undergraduate;Higher", "Masters;Graduate;Higher", "Assoc-voc;Professional;Higher",
        "11th;High school;Secondary", "Assoc-acdm;Professional;Higher", "10th;High school;Secondary", "7th-8th;High school;Secondary", "Prof-school;Professional;Higher",
        "9th;High school;Secondary", "12th;High school;Secondary", "Doctorate;Graduate;Higher", "5th-6th;Primary school;Primary", "1st-4th;Primary school;Primary", "Preschool;Primary school;Primary",
    ];

    public static readonly string[] Workclasses =
    [
        "Private;Non-government", "Self-employed;Non-government", "Local;Government", "State;Government", "Self-employed-inc;Non-government", "Federal;Government", "Without-pay;Unemployed", "Never-worked;Unemployed",
    ];

    public static readonly string[] Occupations =
    [
        "Professional;Technical", "Craft;Technical", "Executive;Nontechnical", "Clerical;Other", "Sales;Nontechnical", "Other-service;Other", "Machine;Technical", "Transport;Other",
        "Handlers;Nontechnical", "Farming;Other", "Tech-support;Technical", "Protective;Other", "House-service;Other", "Armed-forces;Other",
    ];

    public static readonly string[] Countries =
    [
        "United-States;North America", "Mexico;North America", "Philippines;Asia", "Germany;Europe", "Puerto-Rico;North America", "Canada;North America", "India;Asia", "El-Salvador;North America",
        "Cuba;North America", "England;Great Britain", "Jamaica;North America", "South;Africa", "China;Asia", "Italy;Europe", "Dominican-Republic;North America", "Vietnam;Asia", "Guatemala;North America",
        "Japan;Asia", "Poland;Europe", "Colombia;South America", "Iran;Asia", "Taiwan;Asia", "Haiti;North America", "Portugal;Europe", "Nicaragua;South America", "Peru;South America", "Greece;Europe",
        "Ecuador;South America", "France;Europe", "Ireland;Europe", "Hong-Kong;Asia", "Cambodia;Asia", "Trinidad;South America", "Laos;Asia", "Thailand;Asia", "Yugoslavia;Europe", "Outlying-US;North America",
        "Hungary;Europe", "Honduras;North America", "Scotland;Europe", "Netherlands;Europe",
    ];

    public static readonly double[] SexCounts = [20_380, 9_782];
    public static readonly double[] RaceCounts = [25_933, 2_817, 895, 286, 231];
    public static readonly double[] EducationCounts = [9_840, 6_678, 5_044, 1_627, 1_307, 1_048, 1_008, 820, 557, 542, 455, 377, 375, 288, 151, 45];
    public static readonly double[] WorkclassCounts = [22_286, 2_499, 2_067, 1_279, 1_074, 943, 14];
    public static readonly double[] OccupationCounts = [4_038, 4_030, 3_992, 3_721, 3_584, 3_212, 1_966, 1_572, 1_350, 989, 912, 644, 143, 9];

    /// <summary>By year from 17 on.</summary>
    public static readonly double[] AgeCounts =
    [
        328, 447, 594, 629, 621, 674, 824, 752, 799, 744, 796, 821, 773, 820, 845, 787, 837, 847, 836, 855, 820, 789, 783, 759, 773, 743, 736, 694, 702, 708, 678, 515, 555, 577, 563, 455, 436,
        388, 386, 337, 328, 335, 323, 277, 265, 221, 195, 171, 140, 118, 122, 92, 84, 69, 55, 52, 52, 40, 36, 36, 22, 19, 17, 16, 16, 8, 5, 8, 3, 1, 1, 2, 0, 35,
    ];

    /// <summary>First age of each band; the last is beyond the end.</summary>
    public static readonly int[] BandFrom = [17, 20, 25, 30, 40, 50, 60, 91];

    public static readonly double[] BandMiddle = [18.2, 22.2, 27, 34.5, 44.2, 54, 67];

    public static readonly double[] FemaleByOccupation = [0.364, 0.054, 0.284, 0.673, 0.347, 0.545, 0.28, 0.055, 0.12, 0.065, 0.374, 0.117, 0.944, 0];

    public static readonly double[][] EducationByOccupation =
    [
        [6, 10, 36.5, 21, 4.2, 0.5, 3.4, 0.3, 0.2, 11, 0.2, 0.25, 7.8, 0.1, 0.08, 0.03],
        [47, 21, 5.5, 0.55, 6.2, 4.3, 2.8, 4.2, 2.8, 0.15, 2.3, 1.4, 0.05, 1.1, 0.55, 0.1],
        [20, 22, 34, 12.5, 3.7, 0.85, 3.6, 0.6, 0.5, 1.3, 0.3, 0.35, 1.4, 0.1, 0.05, 0],
        [37, 36, 13.5, 1.8, 4.4, 1.8, 5.1, 1, 0.3, 0.25, 0.4, 1, 0.1, 0.15, 0, 0.05],
        [29.5, 24.5, 22.5, 3.7, 3, 3.8, 3.5, 2.2, 0.9, 0.5, 0.7, 1, 0.3, 0.35, 0.15, 0],
        [39, 19.5, 5.5, 0.6, 3.6, 7.3, 2.3, 5.8, 2.9, 0.15, 2.9, 2.2, 0.02, 1.9, 1.2, 0.4],
        [51, 15, 3.5, 0.4, 3.1, 4.8, 1.5, 4.9, 4.3, 0.05, 3.4, 1.6, 0.02, 2.9, 1.1, 0.5],
        [51, 17.5, 4.3, 0.6, 3.2, 5.5, 2, 5.2, 3.9, 0.1, 2.8, 1.4, 0.02, 1.2, 0.4, 0],
        [45, 19, 3.7, 0.35, 2.1, 9, 1.9, 5.5, 3.6, 0, 3.2, 3, 0, 2.1, 1.2, 0.3],
        [41, 17.5, 7.7, 1, 5.3, 4.4, 1.8, 4.4, 7.2, 0.4, 2.9, 1.6, 0.1, 3.6, 1.8, 0.7],
        [17, 26.5, 25, 5, 12.5, 0.6, 8.1, 0.3, 0.3, 0.8, 0.2, 0.3, 1.2, 0.1, 0, 0],
        [33, 32, 15.5, 2.3, 4.4, 2, 4.9, 1.2, 1.1, 0.3, 0.5, 0.9, 0.15, 0.15, 0.15, 0],
        [33, 12, 4.8, 0.7, 2.8, 9.5, 1.4, 6, 12, 0, 6, 3.4, 0, 10, 8, 1.4],
        [44, 22, 11, 11, 0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 0],
    ];

    public static readonly double[][] WorkclassByOccupation =
    [
        [56, 9.2, 17, 10, 3.8, 4.2, 0], [78, 13, 3.5, 1.4, 2.5, 1.6, 0.02], [66, 9.6, 5.3, 4.7, 9.9, 4.4, 0], [75.5, 1.3, 7.6, 6.7, 0.8, 8.4, 0.08], [80.6, 10.3, 0.2, 0.3, 7.9, 0.4, 0],
        [83, 5.4, 5.9, 3.8, 0.8, 1, 0.03], [94.5, 1.8, 0.6, 0.7, 0.5, 0.7, 0.05], [79, 7.6, 7.3, 2.6, 1.7, 1.6, 0.05], [92.5, 1.1, 3.4, 0.7, 0.15, 1.6, 0.06], [45.7, 43.5, 2.9, 1.5, 5.3, 0.8, 0.6],
        [79, 2.9, 4.1, 6.1, 0.3, 7.4, 0], [29, 0.9, 47, 18, 0.8, 4.3, 0], [100, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 100, 0],
    ];

    public static readonly double[][] BandByOccupation =
    [
        [0.15, 0.6, 1, 1.1, 1.2, 1, 1], [0.3, 0.75, 1.05, 1.15, 1.1, 1, 0.75], [0.1, 0.5, 0.9, 1.1, 1.25, 1.2, 1], [0.9, 1.35, 1.05, 0.9, 0.95, 0.95, 0.95], [1.8, 1.2, 1, 0.9, 0.9, 0.9, 1.1],
        [3.3, 1.5, 0.9, 0.8, 0.75, 0.85, 1.2], [0.6, 1.1, 1.1, 1.05, 1, 1.05, 0.7], [0.4, 0.75, 0.95, 1.05, 1.1, 1.15, 1.05], [3.2, 2.1, 1.3, 0.85, 0.5, 0.5, 0.5], [1.2, 0.9, 0.9, 0.85, 0.85, 1.1, 2],
        [0.25, 1, 1.4, 1.2, 1, 0.7, 0.4], [0.5, 0.75, 1.15, 1.1, 1.15, 0.8, 0.9], [1.5, 1, 0.6, 0.7, 0.8, 1.2, 2.5], [0, 1, 2, 1, 0.5, 0, 0],
    ];

    public static readonly double[][] BandByEducation =
    [
        [1, 1, 1, 1, 0.95, 1.1, 1.15], [1.6, 1.9, 1, 0.9, 0.95, 0.8, 0.75], [0.02, 0.7, 1.35, 1.15, 1.1, 0.9, 0.8], [0, 0.1, 0.5, 1, 1.7, 1.4, 1], [0.1, 0.8, 1, 1.2, 1.1, 0.8, 0.5],
        [6, 1.3, 0.9, 0.8, 0.5, 0.7, 0.8], [0.1, 1, 1.1, 1.2, 1.1, 0.7, 0.5], [4, 0.9, 0.6, 0.7, 0.7, 1.2, 1.4], [0.5, 0.4, 0.5, 0.6, 0.7, 1.6, 3.5], [0, 0.03, 0.6, 1.1, 1.4, 1.3, 1.4],
        [2, 0.9, 0.9, 0.8, 0.7, 1.2, 1.4], [5, 1.5, 0.9, 0.7, 0.6, 0.6, 0.7], [0, 0.02, 0.2, 0.8, 1.5, 1.7, 1.6], [0.3, 0.7, 1, 1, 0.9, 1.2, 1.6], [0.2, 0.5, 0.8, 0.9, 0.9, 1.4, 2.2], [0.5, 0.8, 0.9, 0.9, 1, 1.2, 1.5],
    ];

    public static readonly double[][] BandByWorkclass =
    [
        [1.2, 1.2, 1.1, 1, 0.9, 0.85, 0.8], [0.2, 0.3, 0.6, 1, 1.2, 1.5, 2.5], [0.4, 0.5, 0.8, 1, 1.3, 1.2, 1.1], [0.8, 1, 0.9, 1, 1.2, 1, 0.8], [0.05, 0.2, 0.4, 1, 1.4, 1.7, 2], [0.1, 0.4, 0.8, 1.1, 1.3, 1.1, 0.8],
        [5, 2, 0.3, 0.3, 0.3, 1, 5],
    ];

    public static readonly double[] BandOfWomen = [1.35, 1.25, 1.05, 0.9, 0.95, 0.95, 0.95];

    /// <summary>Index into <see cref="WorkclassByEducation"/>: left school, high school, college, associate, bachelor, master, professional, doctor.</summary>
    public static readonly int[] EducationGroup = [1, 2, 4, 5, 3, 0, 3, 0, 0, 6, 0, 0, 7, 0, 0, 0];

    /// <summary>Beyond what the occupation tells: teachers are in local government, professors in the states', doctors and lawyers are their own masters.</summary>
    public static readonly double[][] WorkclassByEducation =
    [
        [1.08, 1.1, 0.6, 0.4, 0.55, 0.25, 1], [1.05, 1.05, 0.75, 0.65, 0.85, 0.95, 1], [1, 0.9, 0.9, 1.1, 0.95, 1.2, 1], [1.03, 0.9, 0.85, 0.75, 0.8, 1.1, 0], [0.97, 0.9, 1.2, 1, 1.15, 1.1, 0],
        [0.7, 0.75, 2.2, 1.4, 0.9, 1.2, 0], [0.5, 2.5, 0.3, 0.5, 3.5, 0.8, 0], [0.65, 0.9, 0.4, 3, 1, 1.1, 0],
    ];

    public static readonly double[][] WorkclassBySex = [[1, 1.12, 0.88, 0.95, 1.2, 0.97, 1], [1.04, 0.65, 1.2, 1.2, 0.55, 0.95, 1]];

    /// <summary>Rounded; by sex.</summary>
    public static readonly double[][] MaritalCounts = [[12_486, 5_490, 1_700, 360, 140, 195, 9], [1_579, 4_236, 2_514, 579, 687, 175, 12]];

    public static readonly double[] MaritalOfBlack = [0.65, 1.3, 1, 2, 1.2, 1.3, 0.5];

    /// <summary>By sex and age band.</summary>
    public static readonly double[][][] MaritalByBand =
    [
        [
            [1, 98.6, 0.1, 0.1, 0, 0.2, 0], [14, 82, 2, 1, 0.05, 0.9, 0.1], [45, 46, 6.2, 1.6, 0.05, 1, 0.1], [66.5, 19.5, 10.7, 2, 0.2, 1.1, 0.05], [75, 8.3, 13, 1.9, 0.6, 1.2, 0.02], [80, 5, 10.5, 1.8, 1.6, 1.1, 0], [78, 4.5, 8, 1.5, 7, 1, 0],
        ],
        [
            [1.2, 97.5, 0.4, 0.6, 0, 0.3, 0], [9, 82, 5, 2.4, 0.3, 1.1, 0.2], [18, 55, 18, 5.5, 0.9, 2.4, 0.2], [18.5, 31.5, 35.5, 9.5, 2.4, 2.5, 0.1], [18, 16.5, 48.5, 8, 6, 3, 0], [15, 10, 46.5, 6, 20, 2.5, 0], [10, 10.5, 28, 3, 47, 1.5, 0],
        ],
    ];

    public static readonly double[][] RaceBySex = [[1.04, 0.74, 1, 0.95, 0.97], [0.92, 1.54, 1, 1.1, 1.06]];

    /// <summary>By <see cref="EducationGroup"/>.</summary>
    public static readonly double[][] RaceByEducation =
    [
        [0.97, 1, 0.99, 1.02, 1.02, 1.03, 1.05, 1.05], [1.3, 1.15, 1.15, 0.85, 0.65, 0.5, 0.25, 0.25], [0.7, 0.6, 0.8, 0.8, 1.7, 1.8, 1.8, 2.4], [1.4, 1.2, 1.1, 1, 0.5, 0.3, 0.3, 0.4], [2, 1, 0.8, 0.8, 0.7, 0.5, 0.5, 0.5],
    ];

    public static readonly double[] EducationOfMen = [0.95, 0.85, 0.85, 0.85, 1.08, 1.03, 1.2, 1.18];
    public static readonly double[] EducationOfWomen = [1.1, 1.35, 1.3, 1.35, 0.82, 0.85, 0.45, 0.5];

    /// <summary>Share born in the United States.</summary>
    public static readonly double[] NativeShare = [0.942, 0.94, 0.33, 0.985, 0.57];

    public static readonly double[] NativeByEducation = [1.015, 1.02, 1, 0.97, 1, 0.98, 1, 0.99, 0.87, 0.95, 0.86, 0.91, 0.9, 0.4, 0.36, 0.33];

    /// <summary>By race, in the order of <see cref="Countries"/>.</summary>
    public static readonly double[][] ForeignByRace =
    [
        [0, 560, 8, 115, 95, 105, 12, 90, 88, 82, 1, 10, 1, 68, 40, 1, 58, 10, 55, 48, 38, 0, 1, 34, 28, 24, 29, 21, 25, 24, 1, 0, 2, 0, 0, 16, 3, 13, 9, 11, 1],
        [0, 5, 0, 8, 5, 2, 2, 2, 3, 5, 76, 2, 0, 0, 15, 0, 1, 1, 0, 2, 0, 0, 41, 0, 3, 0, 0, 1, 1, 0, 0, 0, 14, 0, 0, 0, 7, 0, 2, 0, 0],
        [0, 0, 178, 1, 0, 1, 80, 0, 0, 1, 1, 58, 67, 0, 0, 63, 0, 46, 0, 0, 2, 41, 0, 0, 0, 0, 0, 0, 0, 0, 18, 17, 1, 16, 16, 0, 2, 0, 0, 0, 0],
        [0, 3, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 35, 0, 0, 12, 0, 8, 6, 0, 0, 2, 0, 0, 0, 10, 0, 2, 0, 0, 6, 2, 0, 0, 0, 1, 4, 0, 6, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0],
    ];

    public static readonly double[] SalaryByMarital = [2.4, -0.55, 0, -0.2, -0.1, 0, 2.2];
    public static readonly double[] SalaryByEducation = [0, 0.4, 1.2, 1.65, 0.5, -0.9, 0.55, -0.8, -1.1, 2.3, -1.1, -0.7, 2.4, -1.3, -1.7, -4];
    public static readonly double[] SalaryByOccupation = [0.5, 0.05, 0.8, 0, 0.25, -0.85, -0.3, -0.1, -0.7, -1, 0.6, 0.55, -2, 0];
    public static readonly double[] SalaryByBand = [-4, -1.8, -0.6, 0, 0.35, 0.45, 0];
    public static readonly double[] SalaryByWorkclass = [0, -0.5, -0.1, -0.2, 0.2, 0.5, -3];

    private static readonly string[] _latin = ["Mexico", "El-Salvador", "Guatemala", "Dominican-Republic", "Nicaragua", "Honduras", "Puerto-Rico", "Portugal"];

    /// <summary>Those who left school early come from few countries, graduates from few others.</summary>
    public static double ForeignByEducation(int education, int country)
    {
        var isLatin = Array.IndexOf(_latin, Countries[country].Split(';')[0]) >= 0;
        return education is 8 or 10 or 13 or 14 or 15 ? isLatin ? 4 : 0.5 : education is 2 or 3 or 9 or 12 ? isLatin ? 0.15 : 1.5 : 1;
    }

    /// <summary>In professions, management and sales women are nurses and teachers rather than doctors and lawyers, and fewer of them are graduates.</summary>
    public static double EducationBySex(int occupation, int sex, int education) =>
        occupation is not (0 or 2 or 4) ? 1 : (sex == 0 ? EducationOfMen : EducationOfWomen)[EducationGroup[education]] * (occupation == 0 && education == 3 && sex == 1 ? 1.4 : 1);

    /// <summary>Of one age and sex, those in services and unskilled work are more often single, those in crafts and management married.</summary>
    public static double MaritalByOccupation(int occupation, int marital) => marital switch
    {
        0 => occupation is 1 or 2 or 9 or 11 ? 1.2 : occupation is 5 or 8 ? 0.7 : 1,
        1 => occupation is 5 or 8 ? 1.25 : occupation is 1 or 2 ? 0.85 : 1,
        6 => occupation is 13 ? 20 : 1,
        _ => 1,
    };

    /// <summary>Black people are over-represented in services, Asian people in professions.</summary>
    public static double RaceByOccupation(int occupation, int race) => race switch
    {
        1 => occupation is 5 or 12 ? 1.7 : occupation is 3 or 6 or 7 or 8 or 11 ? 1.3 : occupation is 9 or 10 ? 0.8 : 0.6,
        2 => occupation is 0 or 10 ? 1.5 : occupation is 1 or 7 or 9 ? 0.5 : 1,
        _ => 1,
    };
}
