using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Advising;

/// <summary>One random patient with a plan, doses, answers, side effects and readings: folded from events, so that no use case keeps it from what may come. Some lack data.</summary>
internal static class RandomCourse
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Melbourne", "Africa/Cairo"];

    private static readonly DateTimeOffset Start = new(2025, 1, 6, 9, 0, 0, TimeSpan.Zero);

    public static (PatientState State, DateTimeOffset Now) Draw(Random random)
    {
        var protocol = ProtocolCatalogue.All[random.Next(ProtocolCatalogue.All.Count)];
        var zero = Start.AddDays(random.Next(365)).AddMinutes(random.Next(24 * 60));
        var state = Fold(
            PatientState.Empty,
            new PatientEnrolled(new("p-1"), Given.Home, Zones[random.Next(Zones.Length)], "Ada", "Okafor", new(1980, 5, 17), Sex.Female, "R-1", zero.AddDays(-40)),
            new ConsultationRecorded(Given.Consultation, zero.AddDays(-40)),
            new PlanCreated(PlanOf(protocol, random)));
        var days = DoseDays(random).ToArray();
        state = days.Select((day, i) => (day, i)).Aggregate(state, (s, dose) => Dosed(s, random, zero.AddDays(dose.day), dose.i));
        state = Answered(state, random, zero, days);
        if (random.Next(3) == 0)
            state = Fold(state, new PlanRevised(Spaced(state.Plan!, random)));
        if (random.Next(40) == 0)
            state = Fold(state, new TreatmentEnded("Moved away", zero.AddDays(days[^1] + 1)));
        return (state, zero.AddDays(days[^1]).AddHours(random.Next(24 * (random.Next(3) == 0 ? 70 : 10))));
    }

    private static Plan PlanOf(TreatmentProtocol protocol, Random random) => new(
        protocol.Id,
        protocol.Version,
        protocol.Settings[random.Next(protocol.Settings.Length)],
        protocol.DoseMgPerKg is null ? null : Steps(protocol, random),
        protocol.DosesMg.IsEmpty ? null : protocol.DosesMg[random.Next(protocol.DosesMg.Length)],
        random.Next(3) == 0 ? 1 + random.Next(12) : protocol.InductionSessions,
        [Given.Goal],
        Revision: 1,
        Version: 3,
        RevisionReason: "")
    {
        Supervision = protocol.Settings.Contains(Setting.Home) ? "A friend, by telephone" : null,
        Support = Series(random),
    };

    /// <summary>Often at a limit, or just inside.</summary>
    private static double Steps(TreatmentProtocol protocol, Random random) => random.Next(4) switch
    {
        0 => protocol.DoseMgPerKgMin,
        1 => protocol.DoseMgPerKgMax,
        2 => Math.Round(protocol.DoseMgPerKgMax - (0.01 * random.Next(15)), 2),
        _ => Math.Round(protocol.DoseMgPerKgMin + (random.NextDouble() * (protocol.DoseMgPerKgMax - protocol.DoseMgPerKgMin)), 2),
    };

    private static ImmutableArray<PlannedSupport> Series(Random random) =>
    [
        .. Enum.GetValues<SupportKind>().Where(_ => random.Next(4) == 0)
            .Select(kind => new PlannedSupport(kind, "Dr A", 7, new(2025, 1, 1), random.Next(2) == 0 ? null : new(2025, random.Next(1, 13), 1))),
    ];

    /// <summary>Any phase and any interval that its spacing permits, often a bound.</summary>
    private static Plan Spaced(Plan plan, Random random)
    {
        var revised = plan with { Revision = 2, Version = 1_000, RevisionReason = "By response" };
        if (plan.MadeFrom.Phases.IsEmpty)
            return revised;
        var phase = plan.MadeFrom.Phases[random.Next(plan.MadeFrom.Phases.Length)];
        var days = random.Next(3) switch { 0 => phase.SpacingDaysMin, 1 => phase.SpacingDaysMax, _ => random.Next(phase.SpacingDaysMin, phase.SpacingDaysMax + 1) };
        return revised with { ChosenPhase = random.Next(2) == 0 ? phase.Kind : null, Interval = new(phase.Kind, days) };
    }

    private static IEnumerable<int> DoseDays(Random random)
    {
        var (day, doses, late) = (0, 1 + random.Next(random.Next(2) == 0 ? 9 : 24), random.Next(5) == 0);
        for (var i = 0; i < doses; i++)
        {
            yield return day;
            day += i < 8 ? random.Next(2, 6) : random.Next(4, late ? 60 : 22);
        }
    }

    private static PatientState Dosed(PatientState state, Random random, DateTimeOffset at, int number)
    {
        var id = new SessionId($"s-{number + 1}");
        var before = random.Next(8) == 0 ? new BloodPressure(random.Next(130, 160), random.Next(80, 100)) : Given.Calm;
        state = Fold(state, new SessionStarted(id, Given.Home, before, 80, 40, "", at), new DoseGiven(id, 40, 40, false, at.AddMinutes(5)));
        if (random.Next(6) == 0)
        {
            state = Fold(state, new SideEffectRecorded(new(
                id, (SideEffectKind)random.Next(1, 9), (SideEffectSeverity)random.Next(1, 4), at.AddMinutes(30), 20, "") { TreatmentGiven = random.Next(2) == 0 ? "ondansetron" : null }));
        }

        if (random.Next(12) == 0)
            state = Fold(state, new VitalsRecorded(id, new(at.AddMinutes(40), new(random.Next(150, 200), random.Next(80, 120)), SpO2Percent: random.Next(85, 100), Moaas: random.Next(6))));
        return Fold(state, new SessionCompleted(id, Given.Calm, at.AddHours(2)));
    }

    /// <summary>A baseline, mostly; then a course that gets better, or not, or is lost again.</summary>
    private static PatientState Answered(PatientState state, Random random, DateTimeOffset zero, int[] days)
    {
        var baseline = random.Next(12) == 0 ? random.Next(3) : random.Next(8, 28);
        if (random.Next(12) > 0)
            state = Answer(state, baseline, zero.AddDays(-random.Next(1, random.Next(6) == 0 ? 40 : 20)));
        var (shape, lost) = (random.Next(4), random.Next(days[^1] + 1));
        foreach (var day in days.Skip(1).Append(days[^1] + random.Next(10)).Where(_ => random.Next(4) > 0))
        {
            var share = shape switch { 0 => 0.3, 1 => 0.65, 2 => 0.95, _ => day < lost ? 0.3 : 0.8 } + ((random.NextDouble() - 0.5) * 0.2);
            state = Answer(state, random.Next(20) == 0 ? random.Next(28) : Math.Clamp((int)(baseline * share), 0, 27), zero.AddDays(day).AddMinutes(-random.Next(-60, 600)));
        }

        return random.Next(6) == 0 && days.Length > 1 ? Fold(state, Madrs(zero.AddDays(days[^1] + 1))) : state;
    }

    private static ScaleRecorded Madrs(DateTimeOffset at) => new(new(new("m-1"), ScaleKind.Madrs, 1, at, [], 12, "MILD", null, false));

    private static PatientState Answer(PatientState state, int total, DateTimeOffset at) =>
        Fold(state, new AssessmentRecorded(new($"a-{state.Assessments.Length + 1}"), Given.Items(total), total, Phq9.Severity(total), at));

    private static PatientState Fold(PatientState state, params IEvent[] events) => events.Aggregate(state, PatientState.Evolve);
}
