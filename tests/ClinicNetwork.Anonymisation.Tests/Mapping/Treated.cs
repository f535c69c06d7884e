using System.Collections.Immutable;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Anonymisation.Tests.Mapping;

/// <summary>A treated patient whose record is full of what must never leave, as the fold of events.</summary>
internal static class Treated
{
    /// <summary>Planted in names, record number, birth date, free text and ids.</summary>
    public static readonly string[] Identifiers =
    [
        "Zerlina", "Quackenbush", "MRN-778812", "1961-04-23", "23.04.1961", "Anxious since the fire", "sess-4711", "asmt-0815", "clinic-nordhafen",
        "pt-geheim", "Fell asleep on Tuesday", "Moved to Oslo", "white-coat", "vortioxetine", "See the sea again", "Europe/Oslo", "2025-Q1", "F33.2",
    ];

    private static readonly DateTimeOffset FirstDose = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    /// <param name="number">Distinguishes persons.</param>
    /// <param name="doses">0 to 9, three days apart.</param>
    /// <param name="followUp">PHQ-9 at the end of induction; null: not attended.</param>
    public static PatientState Patient(
        int number, int? baseline = 20, int doses = 6, int? followUp = 8, Sex sex = Sex.Female, int bornYear = 1961, SideEffectSeverity? worst = SideEffectSeverity.Moderate)
    {
        var state = Events(number, baseline, doses, followUp, sex, bornYear, worst).Aggregate(PatientState.Empty, PatientState.Evolve);
        return OutcomeEvaluation.Evaluate(state, Milestone.EndOfInduction) is { } outcome ? PatientState.Evolve(state, new MilestoneClosed(outcome)) : state;
    }

    /// <param name="day">Clinical days after the first dose.</param>
    public static DateTimeOffset Day(int day) => FirstDose.AddDays(day);

    /// <summary>Ended, and again with ketamine IM from a day on.</summary>
    public static PatientState AnotherCourse(PatientState state, int day, int doses, int apart = 3)
    {
        var begun = Fold(
            state,
            new TreatmentEnded("Moved to Oslo", Day(day - 2)),
            new CourseBegan(2, Day(day - 1)),
            new PlanCreated(new Plan(ProtocolCatalogue.KetamineIm.Id, 1, Setting.Clinic, 0.5, null, 8, [new Goal("See the sea again", 4, null)], 2, 40, "Moved to Oslo")));
        return Enumerable.Range(0, doses).Aggregate(begun, (s, i) => Dosed(s, day + apart * i));
    }

    public static PatientState Ended(PatientState state, int day) => Fold(state, new TreatmentEnded("Moved to Oslo", Day(day)));

    public static PatientState Dosed(PatientState state, int day, string clinic = "clinic-nordhafen")
    {
        var id = new Domain.Identity.SessionId($"sess-4711-d{day}");
        return Fold(state, new SessionStarted(id, new(clinic), new(143, 88), 81.3, 40.7, "white-coat", Day(day)), new DoseGiven(id, 40.7, 40, false, Day(day)));
    }

    private static PatientState Fold(PatientState state, params IEvent[] events) => events.Aggregate(state, PatientState.Evolve);

    private static IEnumerable<IEvent> Events(int number, int? baseline, int doses, int? followUp, Sex sex, int bornYear, SideEffectSeverity? worst)
    {
        var before = FirstDose.AddDays(-2);
        yield return new PatientEnrolled(new($"pt-geheim-{number}"), new("clinic-nordhafen"), "Europe/Oslo", "Zerlina", "Quackenbush", new(bornYear, 4, 23), sex, $"MRN-778812-{number}", before);
        yield return new ConsultationRecorded(
            new Consultation("F33.2", "Anxious since the fire", [new("vortioxetine", true, TreatmentResponse.None)], ["All of the sheet"], true, []), before);
        yield return new PlanCreated(new Plan(
            ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 9, [new Goal("See the sea again", 4, null)], 1, 3, "Moved to Oslo"));
        yield return new ResearchConsentSet([RecipientClass.ResearchRegistry], before);
        if (baseline is { } total)
            yield return Answered("asmt-0815-b", total, before.AddHours(1));
        for (var i = 0; i < doses; i++)
        {
            var (id, at) = (new Domain.Identity.SessionId($"sess-4711-{i}"), FirstDose.AddDays(3 * i));
            yield return new SessionStarted(id, new("clinic-nordhafen"), new(143, 88), 81.3, 40.7, "white-coat", at);
            yield return new DoseGiven(id, 40.7, 40, false, at);
            if (i == 0 && worst is { } severity)
                yield return new SideEffectRecorded(new SideEffect(id, SideEffectKind.Sedation, severity, at, 37, "Fell asleep on Tuesday"));
            yield return new SessionCompleted(id, new(150, 91), at.AddHours(2));
        }

        if (followUp is { } score)
            yield return Answered("asmt-0815-f", score, FirstDose.AddDays(3 * Math.Max(0, doses - 1) + 20));
    }

    private static AssessmentRecorded Answered(string id, int total, DateTimeOffset at)
    {
        ImmutableArray<int> items = [.. Enumerable.Range(0, 9).Select(i => Math.Clamp(total - 3 * i, 0, 3))];
        return new(new(id), items, total, Phq9.Severity(total), at);
    }
}
