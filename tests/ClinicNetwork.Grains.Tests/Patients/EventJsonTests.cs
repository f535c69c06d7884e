using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>An exported event is what is stored, whole, and nothing that is computed from it.</summary>
public sealed class EventJsonTests
{
    [Fact]
    public void Stored_members_by_name_instants_with_offset_choices_as_words() => Assert.Equal(
        """{"session":"s-1","doseMg":40.5,"durationMinutes":40,"outsidePlan":true,"occurredAt":"2025-01-06T09:00:00+00:00"}""",
        EventJson.Of(new DoseGiven(new("s-1"), 40.5, 40, true, Commands.OnDay(0))));

    [Fact]
    public void What_is_computed_from_a_plan_is_not_in_it()
    {
        var plan = new Plan(ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 6, [new("sleep \"again\" & well", 9, new DateOnly(2025, 3, 1))], 1, 3, "") { Supervision = null };
        var json = EventJson.Of(new PlanCreated(plan));
        Assert.StartsWith(
            """{"plan":{"protocol":"protocols/ketamine-iv-induction","protocolVersion":1,"setting":"Clinic","doseMgPerKg":0.5,"doseMg":null,"inductionSessions":6,"goals":[{"text":"sleep \"again\" & well","targetPhq9":9,"targetDate":"2025-03-01",""",
            json,
            StringComparison.Ordinal);
        Assert.DoesNotContain("madeFrom", json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_missing_outcome_says_why() => Assert.Contains(
        "\"missing\":\"BaselineMissing\"",
        EventJson.Of(new MilestoneClosed(new(Milestone.Week4, MissingReason.BaselineMissing, null, null, false, false, false, []))),
        StringComparison.Ordinal);
}
