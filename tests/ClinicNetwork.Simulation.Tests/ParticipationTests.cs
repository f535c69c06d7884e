namespace ClinicNetwork.Simulation.Tests;

public class ParticipationTests
{
    [Fact]
    public void Consent_is_withdrawn_only_after_it_was_given_and_the_first_dose() => Specs.ForEveryPatient((patient, _) =>
    {
        var given = patient.All<ResearchConsentGiven>().SingleOrDefault();
        var withdrawn = patient.All<ResearchConsentWithdrawn>().SingleOrDefault();
        if (withdrawn is null)
            return;
        Assert.NotNull(given);
        Assert.True(withdrawn.Day > patient.All<SessionGiven>().First().Day);
    });

    [Fact]
    public void A_second_clinic_is_another_one_and_a_transfer_follows_the_last_session() => Specs.ForEveryPatient((patient, spec) =>
    {
        var shared = patient.All<PlanShared>().SingleOrDefault();
        var transferred = patient.All<Transferred>().SingleOrDefault();
        Assert.False(shared is not null && transferred is not null);
        if ((shared?.ClinicIndex ?? transferred?.ClinicIndex) is not { } second)
            return;
        Assert.NotEqual(patient.ClinicIndex, second);
        Assert.InRange(second, 0, spec.Clinics - 1);
        Assert.True((shared?.Day ?? transferred!.Day) > patient.All<SessionGiven>().First().Day);
        Assert.InRange(transferred is null ? 1 : patient.DaysAfterLastDose(transferred.Day), 1, 13);
    });

    [Fact]
    public void Shares_are_those_of_the_model()
    {
        var cohort = Cohort.Draw(Specs.Demo with { Patients = 20_000 });
        InRange<ResearchConsentGiven>(0.85);
        InRange<ResearchConsentWithdrawn>(0.85 * 0.03);
        InRange<PlanShared>(0.92 * 0.04);
        InRange<Transferred>(0.92 * 0.03);
        InRange<TreatmentLeft>(0.08);
        Assert.InRange(cohort.Count(patient => patient.Treatment.Drug == VirtualDrug.EsketamineNasal) / 20_000.0, 0.188, 0.212);

        void InRange<T>(double share) where T : VirtualEvent
        {
            var fourErrors = 4 * Math.Sqrt(share * (1 - share) / cohort.Count);
            Assert.InRange(cohort.Count(patient => patient.All<T>().Any()) / (double)cohort.Count, share - fourErrors, share + fourErrors);
        }
    }
}
