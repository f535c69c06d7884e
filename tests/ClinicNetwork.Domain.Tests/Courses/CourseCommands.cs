using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Courses;

/// <summary>What charts record of courses, and of what ends, interrupts or stops them.</summary>
internal static class CourseCommands
{
    public static CreatePlan NewCourse(this Chart chart) => new(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], chart.Version + 1, NewCourse: true);

    public static Chart BeginCourse(this Chart chart) => chart.Do(chart.NewCourse());

    public static Chart Die(this Chart chart, int day, int hour = 10) => chart.Do(chart.Death(day, hour));

    public static RecordDeath Death(this Chart chart, int day, int hour = 10) => new(DeathCause.Unknown, DeathSource.Family, "", chart.At(day, hour));

    public static Chart Contact(this Chart chart, ContactResult result, params int[] days) =>
        days.Aggregate(chart, (c, day) => c.Do(new RecordContact(ContactWay.Phone, result, "", c.At(day, 12))));

    /// <summary>Three attempts that failed, a week apart, the last one on the day of the declaration.</summary>
    public static Chart Lose(this Chart chart, int day) =>
        chart.Contact(ContactResult.NoAnswer, day - 14, day - 7, day).Do(new DeclareLost("", chart.At(day, 13)));

    public static Chart Find(this Chart chart, PregnancyFinding finding, int day, int hour = 8) => chart.Do(new RecordPregnancy(finding, "", chart.At(day, hour)));

    public static StartSession Start(this Chart chart, int day, string id = "s-next") => new(new(id), Given.Home, true, Given.Calm, 80, "", chart.At(day));
}
