namespace ClinicNetwork.Simulation.Tests;

public class InductionTests
{
    [Fact]
    public void A_whole_induction_has_4_to_8_treatments_in_7_to_28_days() => Specs.ForEveryPatient((patient, _) =>
    {
        var sessions = patient.All<SessionGiven>().ToList();
        Assert.Equal(Enumerable.Range(1, sessions.Count), sessions.Select(session => session.Number));
        Assert.All(sessions.Zip(sessions.Skip(1)), pair => Assert.True(pair.Second.Day.DayNumber - pair.First.Day.DayNumber >= 2));
        if (patient.All<TreatmentLeft>().Any())
            return;
        Assert.InRange(sessions.Count, 4, 8);
        Assert.InRange(sessions[^1].Day.DayNumber - sessions[0].Day.DayNumber + 1, 7, 28);
    });

    [Fact]
    public void Doses_follow_the_treatment() => Specs.ForEveryPatient((patient, _) => Assert.All(patient.All<SessionGiven>(), session =>
    {
        Assert.InRange(session.WeightKg - patient.WeightKg, -0.5m, 0.5m);
        if (patient.Treatment.Drug == VirtualDrug.RacemicIntravenous)
        {
            Assert.InRange(session.DoseMg / session.WeightKg, 0.498m, 0.502m);
            Assert.Equal(40, session.InfusionMinutes);
            return;
        }
        Assert.Contains(session.DoseMg, session.Number == 1 ? [56m] : new[] { 56m, 84m });
        Assert.Equal(0, session.InfusionMinutes);
        Assert.True(session.ObservedMinutes >= 120);
    }));

    [Fact]
    public void Sessions_end_in_clinic_hours_after_their_reading() => Specs.ForEverySession(session =>
    {
        Assert.InRange(session.ObservedMinutes, 100, 150);
        Assert.True(session.Completed <= new TimeOnly(16, 0) && session.Completed > session.Started);
        foreach (var reading in new[] { session.Before, session.After })
        {
            Assert.InRange(reading.SystolicMmHg, 80, 240);
            Assert.InRange(reading.DiastolicMmHg, 40, 140);
            Assert.True(reading.SystolicMmHg > reading.DiastolicMmHg);
        }
    });

    [Fact]
    public void Side_effects_begin_and_end_within_their_session() => Specs.ForEveryPatient((patient, _) =>
    {
        var sessions = patient.All<SessionGiven>().ToDictionary(session => session.Number);
        Assert.All(patient.All<SideEffectNoted>(), effect =>
        {
            var session = sessions[effect.Session];
            Assert.Equal((session.Day, session.Time.AddMinutes(effect.OnsetMinutes)), (effect.Day, effect.Time));
            Assert.InRange(effect.OnsetMinutes, 1, effect.ResolvedMinutes - 1);
            Assert.InRange(effect.ResolvedMinutes, 1, session.ObservedMinutes);
            Assert.True(Enum.IsDefined(effect.Kind) && Enum.IsDefined(effect.Severity));
        });
        Assert.Distinct(patient.All<SideEffectNoted>().Select(effect => (effect.Session, effect.Kind)));
    });

    [Fact]
    public void Raised_pressure_is_noted_exactly_when_the_readings_show_it() => Specs.ForEveryPatient((patient, _) =>
    {
        var noted = patient.All<SideEffectNoted>()
            .Where(effect => effect.Kind == VirtualSideEffect.RaisedBloodPressure)
            .ToDictionary(effect => effect.Session);
        Assert.All(patient.All<SessionGiven>(), session =>
        {
            var severe = session.After.SystolicMmHg >= 180 || session.After.DiastolicMmHg >= 110;
            var high = session.After.SystolicMmHg > 160 || session.After.DiastolicMmHg > 100;
            Assert.Equal(severe, noted.TryGetValue(session.Number, out var effect) && effect.Severity == VirtualSeverity.Severe);
            Assert.True(!high || noted.ContainsKey(session.Number));
        });
    });
}
