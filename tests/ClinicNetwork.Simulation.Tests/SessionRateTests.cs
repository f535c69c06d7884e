namespace ClinicNetwork.Simulation.Tests;

/// <summary>Readings and side effects of 10,000 patients against the published means and ranges.</summary>
public class SessionRateTests
{
    private static readonly List<VirtualPatient> Patients =
        [.. Cohort.Draw(Specs.Demo with { Patients = 10_000 }).Where(patient => !patient.All<TreatmentLeft>().Any())];

    [Theory]
    [InlineData(VirtualDrug.RacemicIntravenous, 16.0, 11.0)]
    [InlineData(VirtualDrug.EsketamineNasal, 12.61, 8.49)]
    public void Pressure_rises_by_the_published_means(VirtualDrug drug, double systolic, double diastolic)
    {
        var sessions = Patients.Where(patient => patient.Treatment.Drug == drug).SelectMany(patient => patient.All<SessionGiven>()).ToList();
        Assert.InRange(sessions.Average(session => session.After.SystolicMmHg - session.Before.SystolicMmHg), systolic - 0.5, systolic + 0.5);
        Assert.InRange(sessions.Average(session => session.After.DiastolicMmHg - session.Before.DiastolicMmHg), diastolic - 0.5, diastolic + 0.5);
    }

    [Fact]
    public void A_few_percent_of_sessions_start_above_140_over_90_and_few_get_severe_hypertension()
    {
        var sessions = Patients.SelectMany(patient => patient.All<SessionGiven>()).ToList();
        Assert.InRange(Share(session => session.Before is { SystolicMmHg: > 140 } or { DiastolicMmHg: > 90 }), 0.03, 0.09);
        Assert.InRange(Share(session => session.After is { SystolicMmHg: >= 180 } or { DiastolicMmHg: >= 110 }), 0.005, 0.04);

        double Share(Func<SessionGiven, bool> rule) => sessions.Count(rule) / (double)sessions.Count;
    }

    /// <summary>The ranges of the Spravato label.</summary>
    [Fact]
    public void Esketamine_side_effects_per_patient_lie_in_the_ranges_of_the_label()
    {
        var esketamine = Patients.Where(patient => patient.Treatment.Drug == VirtualDrug.EsketamineNasal).ToList();
        InRange(VirtualSideEffect.Dissociation, PublishedFigures.EsketamineDissociation);
        InRange(VirtualSideEffect.Sedation, PublishedFigures.EsketamineSedation);

        void InRange(VirtualSideEffect kind, PublishedFigure figure)
        {
            var affected = esketamine.Count(patient => patient.All<SideEffectNoted>().Any(effect => effect.Kind == kind));
            Assert.InRange(affected / (double)esketamine.Count, figure.Value, figure.UpTo!.Value);
        }
    }

    [Fact]
    public void Every_kind_and_severity_occurs()
    {
        var effects = Patients.SelectMany(patient => patient.All<SideEffectNoted>()).ToList();
        Assert.Equal(Enum.GetValues<VirtualSideEffect>(), effects.Select(effect => effect.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<VirtualSeverity>(), effects.Select(effect => effect.Severity).Distinct().Order());
    }
}
