namespace ClinicNetwork.Simulation.Tests;

public class PersonTests
{
    [Fact]
    public void The_birth_date_fits_the_age_at_enrolment() => Specs.ForEveryPatient((patient, _) =>
    {
        var enrolled = patient.Events[0].Day;
        Assert.True(patient.BirthDate.AddYears(patient.AgeYears) <= enrolled);
        Assert.True(patient.BirthDate.AddYears(patient.AgeYears + 1) > enrolled);
        Assert.InRange(patient.AgeYears, 18, 80);
    });

    [Fact]
    public void Clinic_weight_and_record_number_are_in_range() => Specs.ForEveryPatient((patient, spec) =>
    {
        Assert.InRange(patient.ClinicIndex, 0, spec.Clinics - 1);
        Assert.InRange(patient.WeightKg, 45m, 160m);
        Assert.Equal(patient.WeightKg, Math.Round(patient.WeightKg, 1));
        Assert.Equal($"C{patient.ClinicIndex:000}-{patient.Index:000000}", patient.RecordNumber);
        Assert.NotEmpty(patient.GivenName + patient.FamilyName);
    });

    [Fact]
    public void Everybody_is_treatment_resistant_with_risks_discussed_and_consent() => Specs.ForEveryPatient((patient, _) =>
    {
        var consulted = patient.All<Consulted>().Single();
        Assert.Contains(consulted.Diagnosis, new[] { "F32.1", "F32.2", "F33.1", "F33.2" });
        Assert.InRange(consulted.Treatments.Count, 2, 4);
        Assert.True(consulted.Treatments.Count(earlier => earlier is { Adequate: true, Response: not EarlierResponse.Full }) >= 2);
        Assert.Distinct(consulted.Treatments.Select(earlier => earlier.Drug));
        Assert.True(consulted.RisksDiscussed && consulted.TreatmentConsent);
    });

    [Fact]
    public void Index_and_record_number_are_unique()
    {
        var cohort = Cohort.Draw(Specs.Demo);
        Assert.Equal(Enumerable.Range(0, 600), cohort.Select(patient => patient.Index));
        Assert.Distinct(cohort.Select(patient => patient.RecordNumber));
        Assert.Equal([0, 1, 2, 3], cohort.Select(patient => patient.ClinicIndex).Distinct().Order());
    }
}
