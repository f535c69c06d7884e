using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Treated patients written as one row each, with the projections that their grain would write: for tests that need many.</summary>
internal static class Planting
{
    private static readonly int[] DoseDays = [0, 3, 7, 10];

    /// <summary>Female, 44, severe before the first dose on day 0, four doses until day 10, a PHQ-9 on day 30 (end of induction).</summary>
    public static async Task PlantAsync(NetworkUnderTest network, string patient, Sex sex = Sex.Female, int score = 9, params RecipientClass[] consent)
    {
        IReadOnlyList<IEvent> events = [.. EventsOf(patient, sex, score, consent)];
        var state = events.Aggregate(PatientState.Empty, PatientState.Evolve);
        var append = new Append(
            "pt-" + patient, 1, [], Origins.Next(), "Plant", events, Accepted.Instance, PatientProjections.Of(PatientState.Empty, state, events));
        Assert.IsType<AppendOutcome.Appended>(await network.Store.Journal.AppendAsync(append, default));
    }

    /// <summary>A score for the n-th of many, so that no outcome is everybody's: remission, response, no change, worsening.</summary>
    public static int ScoreOf(int n) => (n % 4) switch { 0 => 4, 1 => 10, 2 => 20, _ => 27 };

    private static IEnumerable<IEvent> EventsOf(string patient, Sex sex, int score, RecipientClass[] consent)
    {
        yield return new PatientEnrolled(
            new(patient), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), sex, "R-" + patient, Commands.OnDay(-7));
        yield return new PlanCreated(new(
            ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 6, [new("sleep", null, null)], 1, 1, ""));
        yield return new ResearchConsentSet([.. consent], Commands.OnDay(-3));
        yield return Assessed("baseline", -1, 24);
        foreach (var day in DoseDays)
        {
            yield return new SessionStarted(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day));
            yield return new DoseGiven(new("s" + day), 40, 40, false, Commands.OnDay(day, 5));
            yield return new SessionCompleted(new("s" + day), new(120, 80), Commands.OnDay(day, 120));
        }

        yield return Assessed("end", 30, score);
    }

    private static AssessmentRecorded Assessed(string id, int day, int total)
    {
        ImmutableArray<int> items = Commands.Items(total);
        return new(new(id), items, total, Phq9.Severity(total), Commands.OnDay(day));
    }
}
