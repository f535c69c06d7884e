using System.Collections.Immutable;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Benchmarks.Patients;

/// <summary>Decides one command on a state: the product's own use case.</summary>
/// <param name="version">The version the command will make.</param>
internal delegate (IReadOnlyList<IEvent> Events, object Answer) Decide(PatientState state, long version, DateTimeOffset now);

/// <summary>
/// The patient that figures are about: 6 sessions, 60 readings, 10 scales. Vital signs are no commands yet, so a reading is a side effect
/// noted in a session, which is of the same size; when they exist, they take the readings' place.
/// </summary>
internal static class PatientInUse
{
    public const int Sessions = 6;
    public const int Readings = 60;
    public const int Scales = 10;

    /// <summary>Enrolment, consultation, plan; start, dose and end of each session; readings; scales.</summary>
    public const int CommandCount = 3 + (3 * Sessions) + Readings + Scales;

    public const string Composition = "6 sessions (start, dose, end), 60 readings (side effects: vital signs are no commands yet), 10 scales (PHQ-9), 1 plan: 91 commands";

    private const double DoseMg = 42;
    private const double WeightKg = 84;

    public static IEnumerable<(string Command, Decide Decide)> Commands(string patient, string clinic, string timeZone, DateTimeOffset now)
    {
        var home = new ClinicId(clinic);
        // One session a day up to yesterday: no follow-up closes while something is measured.
        var first = now.AddDays(-Sessions);
        yield return Of((state, at) => EnrolPatient.Decide(
            state, new(new(patient), home, timeZone, "Maren", "Musterfrau", new(1980, 5, 17), Sex.Female, "mrn-" + patient, first.AddDays(-1)), at), nameof(EnrolPatient));
        yield return Of((state, at) => RecordConsultation.Decide(state, new(Consultation, first.AddDays(-1)), at), nameof(RecordConsultation));
        yield return (nameof(CreatePlan), (state, version, at) => Accept(CreatePlan.Decide(
            state, new(ProtocolCatalogue.KetamineIvInduction.Id, Setting.Clinic, null, null, [new Goal("Back to work, four days a week", 9, null)], version), at)));
        for (var number = 0; number < Sessions; number++)
        {
            var (session, start) = (new SessionId($"s-{number + 1}"), first.AddDays(number));
            yield return Of((state, at) => StartSession.Decide(state, new(session, home, true, new(124, 78), WeightKg, "", start), at), nameof(StartSession));
            yield return Of((state, at) => RecordDose.Decide(state, new(session, DoseMg, 40, start.AddMinutes(5)), at), nameof(RecordDose));
            for (var reading = 0; reading < Readings / Sessions; reading++)
            {
                var effect = new SideEffect(session, SideEffectKind.BloodPressureIncreased, SideEffectSeverity.Mild, start.AddMinutes(10 + (5 * reading)), 5, "132/84, 98 %");
                yield return Of((state, at) => RecordSideEffect.Decide(state, new(effect), at), nameof(RecordSideEffect));
            }

            yield return Of((state, at) => CompleteSession.Decide(state, new(session, new(126, 80), start.AddMinutes(100)), at), nameof(CompleteSession));
        }

        for (var scale = 0; scale < Scales; scale++)
        {
            var (id, at) = (new AssessmentId($"phq-{scale + 1}"), first.AddHours(12 * scale));
            ImmutableArray<int> items = [3, 2, 3, 2, 2, 3, 1, 2, scale % 2];
            yield return Of((state, instant) => RecordAssessment.Decide(state, new(id, items, at), instant), nameof(RecordAssessment));
        }
    }

    private static Consultation Consultation => new(
        "F33.2",
        "Recurrent since 2009; two admissions",
        [new("sertraline", true, TreatmentResponse.Partial), new("venlafaxine", true, TreatmentResponse.None), new("lithium augmentation", true, TreatmentResponse.None)],
        ["dissociation", "sedation", "raised blood pressure", "misuse"],
        true,
        []);

    private static (string, Decide) Of<TAnswer>(Func<PatientState, DateTimeOffset, Decision<TAnswer>> decide, string command)
        where TAnswer : class =>
        (command, (state, _, now) => Accept(decide(state, now)));

    private static (IReadOnlyList<IEvent>, object) Accept<TAnswer>(Decision<TAnswer> decision)
        where TAnswer : class =>
        decision.Refusal is { } refusal
            ? throw new InvalidOperationException($"the domain refuses the benchmark's patient: {refusal.Reason}")
            : (decision.Events, decision.Answer!);
}
