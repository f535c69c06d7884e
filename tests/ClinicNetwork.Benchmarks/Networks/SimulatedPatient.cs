using System.Globalization;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>
/// A patient of a simulated cohort as the release engine meets one: leaves of the grid, milestones in released form with the days on which they close, consent and its end. The cohort ends
/// at week 12; what follows is drawn here, by the rates below.
/// </summary>
internal sealed class SimulatedPatient
{
    /// <summary>Measured at week 26, at week 52 and later, of those who were measured the milestone before. Assumption.</summary>
    internal const double StaysPercent = 75;

    /// <summary>Go on with single doses after induction, and begin a second course before week 26. Assumptions.</summary>
    private const int MaintainedPercent = 30, SecondCoursePercent = 20;

    /// <summary>Per cent of milestones whose answer is another category than the one before, from week 26 on. Assumption.</summary>
    private const int ChangedPercent = 15;

    public SimulatedPatient(VirtualPatient patient, int recipients)
    {
        Drawn = patient;
        var random = new Random(patient.Index);
        DateOnly[] sessions = [.. patient.Events.OfType<SessionGiven>().Select(s => s.Day)];
        var first = sessions[0];
        Recipients = patient.Events.OfType<ResearchConsentGiven>().Any() ? recipients : 0;
        WithdrawsOn = patient.Events.OfType<ResearchConsentWithdrawn>().Select(e => (DateOnly?)e.Day).SingleOrDefault();
        Person = new(
            string.Create(CultureInfo.InvariantCulture, $"pt-{patient.Index:000000}"),
            string.Create(CultureInfo.InvariantCulture, $"{first.Year}-Q{(first.Month + 2) / 3}"),
            [
                patient.Sex == VirtualSex.Female ? "female" : "male",
                PublicOutcomes.AgeLeaf(patient.AgeYears),
                Leaf(patient),
                Phq9.Name(Phq9.Severity(patient.Truth.BaselinePhq9)),
            ])
        {
            EnteredAt = At(MilestoneSchedule.ClosesOn(Milestone.EndOfInduction, first)),
        };
        Outcomes = [.. Closed(patient, sessions, random)];
    }

    /// <summary>As the cohort has the patient, up to week 12.</summary>
    public VirtualPatient Drawn { get; }

    public VirtualPerson Person { get; }

    /// <summary>0: never consented.</summary>
    public int Recipients { get; }

    public DateOnly? WithdrawsOn { get; }

    /// <summary>Goes on at another clinic from this day on, as a <see cref="TransferredPatient"/>; null: stays.</summary>
    public DateOnly? MovesOn { get; set; }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<(string Milestone, DateOnly ClosesOn, IReadOnlyList<string> Values)> Outcomes { get; }

    public static DateTimeOffset At(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string Leaf(VirtualPatient patient) => patient.Treatment.Drug == VirtualDrug.EsketamineNasal ? "esketamine-nasal" : "ketamine-iv";

    private static IEnumerable<(string, DateOnly, IReadOnlyList<string>)> Closed(VirtualPatient patient, DateOnly[] sessions, Random random)
    {
        var (maintained, again) = (random.Next(100) < MaintainedPercent, random.Next(100) < SecondCoursePercent);
        var worst = patient.Events.OfType<SideEffectNoted>().Select(e => (int)e.Severity).DefaultIfEmpty(0).Max();
        var (last, seen) = (patient.Truth.EndpointPhq9, true);
        foreach (var (at, milestone) in MilestoneSchedule.All.Index())
        {
            var course = patient.Events.OfType<TreatmentLeft>().Any() ? "LEFT_TREATMENT" : null;
            int? total = null;
            var reason = course;
            if (course is null && at < (int)VirtualMilestone.Week12)
            {
                total = patient.Events.OfType<Phq9Answered>().FirstOrDefault(e => e.Purpose == Phq9Purpose.EndOfInduction + at)?.Total;
                reason = patient.Events.OfType<VisitMissed>().FirstOrDefault(e => (int)e.Milestone == at + 1) is { } missed ? Name(missed.Reason) : null;
            }
            else if (course is null)
            {
                seen = seen && random.Next(100) < StaysPercent;
                total = seen ? random.Next(100) < ChangedPercent ? random.Next(2, 20) : last : null;
                reason = seen ? null : "UNREACHABLE";
            }

            last = total ?? last;
            var second = again && milestone >= Milestone.Week26;
            yield return (ReleaseMapper.Name(milestone), MilestoneSchedule.ClosesOn(milestone, sessions[0]),
            [
                .. Judged(total, patient.Truth.BaselinePhq9, reason),
                sessions.Length switch { <= 3 => "1-3", <= 8 => "4-8", _ => "9+" },
                worst switch { 0 => "NONE", 1 => "MILD", 2 => "MODERATE", _ => "SEVERE" },
                second ? "2" : "1",
                maintained || second ? Leaf(patient) : "none",
                maintained || second ? "1-3" : "0",
                total?.ToString(CultureInfo.InvariantCulture) ?? "",
            ]);
        }
    }

    /// <summary>Response, remission and worsening by McInnes 2022, as the catalogue has them.</summary>
    private static string[] Judged(int? total, int baseline, string? reason) => total is not { } score
        ? ["MISSING", reason ?? "NOT_ATTENDED", "", "", "", ""]
        : ["MEASURED", "", YesNo(score * 2 <= baseline), YesNo(score < 5), YesNo(score > baseline), Phq9.Name(Phq9.Severity(score))];

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Name(MissedReason reason) => reason switch
    {
        MissedReason.Unreachable => "UNREACHABLE",
        MissedReason.Declined => "DECLINED",
        _ => "NOT_ATTENDED",
    };
}
