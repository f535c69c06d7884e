using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The one due row of what has to be there by a time. The clinic is in Berlin: midnight is 23:00Z.</summary>
public sealed class LapseProjectionTests
{
    private static readonly PatientEnrolled Enrolled =
        new(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7));

    /// <summary>By version 2, induction doses come at most 4 days apart: twice that after day 0 and after day 3.</summary>
    [Fact]
    public void The_time_for_the_next_dose_moves_with_a_dose_and_goes_once_it_was_noticed_or_treatment_has_ended()
    {
        IEvent[] dosed = [Enrolled, Planned(2), Started(0), Dosed(0)];
        Assert.Equal(["DueSet(Kind=\"lapse\", At=2025-01-14T23:00:00Z)"], LapsesOf(dosed));
        Assert.Equal(["DueDone(Kind=\"lapse\")", "DueSet(Kind=\"lapse\", At=2025-01-17T23:00:00Z)"], LapsesOf([.. dosed, Started(3), Dosed(3)]));
        Assert.Equal(["DueDone(Kind=\"lapse\")"], LapsesOf([.. dosed, new TreatmentEnded("moved", Commands.OnDay(5))]));
        Assert.Equal(["DueDone(Kind=\"lapse\")"], LapsesOf([.. dosed, new LapseNoticed(Commands.OnDay(9))]));
        Assert.Empty(LapsesOf([Enrolled, Planned(1), Started(0), Dosed(0)]));
    }

    [Fact]
    public void A_request_asks_for_safety_items_that_have_to_be_there_within_a_pattern()
    {
        var asked = new DoseRequested(new(new("r"), DoseRequestKind.Early, DoseRequester.Patient, DoseRequestDecision.Refused, "too early", "c", Commands.OnDay(30)), Commands.OnDay(30));
        Assert.Equal(["DueSet(Kind=\"lapse\", At=2025-02-17T23:00:00Z)"], LapsesOf([Enrolled, Planned(1), Started(0), Dosed(0), asked]));
    }

    private static PlanCreated Planned(int version) =>
        new(new(ProtocolCatalogue.KetamineIvInduction.Id, version, Setting.Clinic, 0.5, null, 6, [new("sleep", null, null)], 1, 2, ""));

    private static SessionStarted Started(int day) => new(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day));

    private static DoseGiven Dosed(int day) => new(new("s" + day), 40, 40, false, Commands.OnDay(day, 5));

    /// <summary>Rows of this kind that the last event writes.</summary>
    private static IEnumerable<string> LapsesOf(IReadOnlyList<IEvent> events)
    {
        var before = events.SkipLast(1).Aggregate(PatientState.Empty, PatientState.Evolve);
        return PatientProjections.Of(before, PatientState.Evolve(before, events[^1]), [events[^1]])
            .Where(p => p is Projection.DueDone { Kind: "lapse" } or Projection.DueSet { Kind: "lapse" }).Select(Structure.Describe);
    }
}
