namespace ClinicNetwork.Simulation;

/// <summary>The fixed facts of one patient.</summary>
/// <param name="BirthdayAgoDays">Days since the last birthday on the day of enrolment, 0-364.</param>
internal sealed record DrawnPerson(
    BaselineRow Row, int ClinicIndex, string GivenName, string FamilyName, int BirthdayAgoDays, int WeightTenthsKg, VirtualTreatment Treatment,
    UsualPressure Pressure);

internal static class PersonDraw
{
    private static readonly string[] FemaleNames =
    [
        "Ada", "Amina", "Beatriz", "Carla", "Clara", "Daria", "Elena", "Esther", "Farah", "Grace", "Hanna", "Ines", "Ivy", "Jana", "Keiko",
        "Lea", "Lucia", "Mara", "Mei", "Nadia", "Nora", "Olga", "Paula", "Rosa", "Ruth", "Sana", "Sofia", "Tessa", "Uma", "Vera",
    ];

    private static readonly string[] MaleNames =
    [
        "Abel", "Ali", "Anton", "Bruno", "Carlos", "Dario", "David", "Emil", "Felix", "Hugo", "Ivan", "Jakob", "Jonas", "Kenji", "Leo",
        "Luis", "Marco", "Milan", "Nils", "Noah", "Omar", "Oscar", "Pablo", "Rafael", "Samir", "Simon", "Tariq", "Theo", "Viktor", "Yusuf",
    ];

    private static readonly string[] FamilyNames =
    [
        "Abbott", "Aguilar", "Ahmed", "Baker", "Becker", "Bianchi", "Brandt", "Castro", "Chen", "Clarke", "Costa", "Dahl", "Diaz", "Dubois",
        "Eriksen", "Farrell", "Fischer", "Fuentes", "Garcia", "Haddad", "Hansen", "Hoffman", "Ibrahim", "Ito", "Jansen", "Jensen", "Kaur",
        "Keller", "Khan", "Kim", "Kowalski", "Larsen", "Lee", "Lopez", "Marino", "Meyer", "Mendez", "Mori", "Murphy", "Nguyen", "Novak",
        "Okafor", "Olsen", "Ortiz", "Park", "Patel", "Peeters", "Perez", "Quinn", "Ramos", "Reyes", "Rossi", "Santos", "Schmidt", "Silva",
        "Singh", "Tanaka", "Torres", "Vargas", "Walker", "Weber", "Wong", "Yilmaz", "Zhang",
    ];

    internal static DrawnPerson Draw(CohortSpec spec, SeededGenerator random)
    {
        var row = spec.Baseline.Draw(random);
        return new DrawnPerson(
            row,
            random.Below(spec.Clinics),
            random.Pick(row.Sex == VirtualSex.Female ? FemaleNames : MaleNames),
            random.Pick(FamilyNames),
            random.Below(365),
            WeightTenthsKg(row.Sex, random),
            Treatment(spec.Course.Treatments, random),
            spec.Course.Pressure.DrawUsual(random));
    }

    /// <summary>The person is <see cref="BaselineRow.AgeYears"/> old on the day of enrolment; 80 and over is drawn as 80.</summary>
    internal static DateOnly BirthDate(DateOnly enrolled, DrawnPerson person) =>
        enrolled.AddYears(-person.Row.AgeYears).AddDays(-person.BirthdayAgoDays);

    /// <summary>US adults: women 77 kg, men 89 kg, SD 17 kg, cut at 45 and 160. [K]</summary>
    private static int WeightTenthsKg(VirtualSex sex, SeededGenerator random) =>
        Math.Clamp((sex == VirtualSex.Female ? 770 : 890) + (int)Math.Round(170 * random.Normal()), 450, 1600);

    private static VirtualTreatment Treatment(TreatmentMix mix, SeededGenerator random)
    {
        var (drug, detail) = (random.Fraction(), random.Fraction());
        return drug < mix.Esketamine
            ? VirtualTreatment.Esketamine(detail < mix.Esketamine84Mg ? 84 : 56)
            : VirtualTreatment.Intravenous(detail < mix.ThriceWeekly ? 3 : 2);
    }
}
