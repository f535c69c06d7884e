using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>
/// Random paths of sessions, each decision compared with a model that shares nothing with the domain: none is discharged without its readings, no dose is told through a hard stop,
/// and nothing is refused that may be done. CLINICNETWORK_TEST_SEED replays a run.
/// </summary>
public sealed class SessionPathTests(ITestOutputHelper output)
{
    private const int Paths = 100_000;
    private const int StepsMax = 16;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly DateTimeOffset FirstDay = new(2025, 3, 28, 6, 0, 0, TimeSpan.Zero);

    /// <summary>By protocol: enrolled, consulted, planned.</summary>
    private static readonly (TreatmentProtocol Protocol, PatientState State, ConsultationRecorded Consulted)[] Patients = [.. ProtocolCatalogue.All.Select(Plan)];

    private readonly ConcurrentDictionary<string, int> _reached = new();

    [Fact]
    public void In_100_000_paths_nobody_is_discharged_without_the_readings_and_no_dose_is_told_through_a_hard_stop()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Parallel.For(0, Paths, new ParallelOptions { MaxDegreeOfParallelism = 2 }, path => Walk(seed, path));

        foreach (var (what, times) in _reached.OrderBy(r => r.Key, StringComparer.Ordinal))
            output.WriteLine($"{what}: {times}");
        var (accepted, refused) = (Sum("accepted "), Sum("refused "));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Paths} paths, {accepted + refused} commands, {(double)refused / (accepted + refused):P1} refused"));
        Assert.True(refused >= 0.30 * (accepted + refused), "Too few commands were refused for the run to count.");
        Assert.Equal("", string.Join(", ", MustReach().Where(what => !_reached.ContainsKey(what))));
    }

    private static IEnumerable<string> MustReach()
    {
        foreach (var protocol in ProtocolCatalogue.All)
        {
            var asksMore = protocol.Rules.AsksForDischarge;
            foreach (var stage in Enum.GetValues<SessionStage>().Where(s => asksMore || s != SessionStage.Emergency))
                yield return $"stage {stage}, {protocol.Id.Value} {protocol.Version}";
        }

        foreach (var reason in (string[])
        [
            "TREATMENT_CONSENT_MISSING", "CONTRAINDICATED", "SETTING_NOT_CERTIFIED", "ENROLMENT_MISSING", "WEIGHT_MISSING", "ESCORT_MISSING", "OXYGEN_SATURATION_MISSING",
            "OXYGEN_SATURATION_LOW", "FASTING_MISSING", "FASTING_TOO_SHORT", "SPACING_TOO_SHORT", "BLOOD_PRESSURE_HOLD", "OVERRIDE_NOT_ALLOWED", "PREGNANT",
        ])
            yield return $"refused StartSession {reason}";
        foreach (var reason in (string[])
        [
            "OBSERVATION_TOO_SHORT", "EMERGENCY_OPEN", "VITALS_MISSING", "SIDE_EFFECT_UNRESOLVED", "CHECKLIST_INCOMPLETE", "BLOOD_PRESSURE_NOT_FALLING", "BLOOD_PRESSURE_NOT_NEAR_BASELINE",
        ])
            yield return $"refused CompleteSession {reason}";
        foreach (var gate in (GateKind[])[GateKind.BloodPressure, GateKind.Fasting, GateKind.Spacing, GateKind.Pregnancy])
            yield return $"overridden {gate}";
        foreach (var phase in (PhaseKind[])[PhaseKind.Induction, PhaseKind.Optimisation, PhaseKind.Maintenance])
        {
            yield return $"started in {phase}";
            yield return $"not started in {phase}";
        }

        yield return "dose outside the plan";
    }

    private void Walk(int seed, int number)
    {
        var random = new Random(unchecked(seed + (number * 7919)));
        var (protocol, state, consulted) = Patients[random.Next(Patients.Length)];
        var oracle = new SessionOracle(protocol.Id.Value, protocol.Version, Zone);
        oracle.Saw([consulted]);
        var path = new SessionPath(random, protocol);
        path.Begin(FirstDay.AddMinutes(random.Next(4 * 24 * 60)));
        for (var step = 0; step < StepsMax; step++)
        {
            var command = path.Next(state);
            var attempt = UseCases.Decide(state, command, path.Now);
            try
            {
                Compare(oracle, state, command, attempt);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Path {number} of seed {seed}, step {step}, {protocol.Id.Value} {protocol.Version}: {exception.Message}", exception);
            }

            state = UseCases.Fold(state, attempt);
            oracle.Saw(attempt.Events);
            Count(protocol, state, attempt);
            if (command is StartSession start && state.Sessions.FirstOrDefault(s => s.DosedAt is not null && s.Id != start.Session) is { } first)
                Add($"{(attempt.Accepted ? "started" : "not started")} in {protocol.PhaseOn(state.DayOf(start.OccurredAt).DayNumber - state.DayOf(first.DosedAt!.Value).DayNumber)?.Kind.ToString() ?? "no phase"}");
        }
    }

    private static void Compare(SessionOracle oracle, PatientState state, object command, Attempt attempt)
    {
        switch (command)
        {
            case StartSession start:
                Same(oracle.MayStart(start), attempt, "a dose may be told");
                Assert.All(attempt.Events.OfType<SessionCleared>().SelectMany(e => e.Overridden), o => Assert.Equal("clinician-1", o.By));
                break;
            case CompleteSession complete:
                Same(oracle.MayComplete(complete), attempt, "the session may be completed");
                Assert.All(attempt.Events.OfType<SessionDischarged>(), e => Assert.True(oracle.HasReadings(e.Session, state.FindSession(e.Session)!.DosedAt!.Value)));
                break;
            case RecordDose dose when attempt.Answer is DoseAnswer answer:
                Assert.Equal(oracle.IsOutside(dose, state.FindSession(dose.Session)!.PlannedDoseMg), answer.OutsidePlan);
                break;
        }
    }

    private static void Same(bool may, Attempt attempt, string what) =>
        Assert.True(may == attempt.Accepted, $"The model says that {what}: {may}; decided: {attempt.Refusal?.Reason ?? "accepted"}.");

    private void Count(TreatmentProtocol protocol, PatientState state, Attempt attempt)
    {
        Add(attempt.Refusal is { } refusal ? $"refused {attempt.UseCase} {refusal.Reason}" : $"accepted {attempt.UseCase}");
        if (!state.Sessions.IsEmpty)
            Add($"stage {SessionCourse.StageOf(state, state.Sessions[^1])}, {protocol.Id.Value} {protocol.Version}");
        foreach (var overridden in attempt.Events.OfType<SessionCleared>().SelectMany(e => e.Overridden))
            Add($"overridden {overridden.Gate}");
        if (attempt.Answer is DoseAnswer { OutsidePlan: true })
            Add("dose outside the plan");
    }

    private void Add(string what) => _reached.AddOrUpdate(what, 1, (_, n) => n + 1);

    private int Sum(string begin) => _reached.Where(r => r.Key.StartsWith(begin, StringComparison.Ordinal)).Sum(r => r.Value);

    private static (TreatmentProtocol, PatientState, ConsultationRecorded) Plan(TreatmentProtocol protocol)
    {
        var chart = LaterSession.Planned(protocol);
        return (protocol, chart.State, new ConsultationRecorded(Given.Consultation, chart.At(-40)));
    }
}
