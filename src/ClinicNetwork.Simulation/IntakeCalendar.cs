namespace ClinicNetwork.Simulation;

/// <summary>Enrolment, plan, baseline questionnaire and first dose, on open days. The first dose comes 3 to 10 days after enrolment.</summary>
internal sealed record IntakeCalendar(DateOnly Enrolled, DateOnly Planned, DateOnly Baseline, DateOnly FirstDose)
{
    internal const int FirstDoseDaysMin = 3;
    internal const int FirstDoseDaysMax = 10;

    /// <summary>A baseline questionnaire that is not answered on the day of the first dose (seven in ten are) precedes it by 1-3 days.</summary>
    private const double BaselineOnFirstDoseDay = 0.7;

    internal static IntakeCalendar Draw(IReadOnlyList<DateOnly> enrolmentDays, SeededGenerator random)
    {
        var enrolled = random.Pick(enrolmentDays);
        var planned = OpenDays.AtOrAfter(enrolled.AddDays(random.Below(3)));
        var earliest = Math.Max(FirstDoseDaysMin, planned.DayNumber + 1 - enrolled.DayNumber);
        var firstDose = random.Pick(OpenDays.Of(enrolled.AddDays(earliest), FirstDoseDaysMax - earliest + 1));
        var before = firstDose.AddDays(-random.Between(1, 3));
        var baseline = random.Chance(BaselineOnFirstDoseDay) || !OpenDays.IsOpen(before) ? firstDose : before;
        return new IntakeCalendar(enrolled, planned, baseline, firstDose);
    }
}
