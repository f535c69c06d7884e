namespace ClinicNetwork.Domain.Patients;

/// <summary>Completed years of life.</summary>
public static class Age
{
    public static int InYears(DateOnly birthDate, DateOnly day)
    {
        var years = day.Year - birthDate.Year;
        return birthDate.AddYears(years) > day ? years - 1 : years;
    }
}
