using System.Reflection;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sharing;

/// <summary>What a site may read and change of a patient, and which sections commands and events are of.</summary>
public sealed class PlanSectionTests
{
    private static readonly ClinicId Home = new("harbour");
    private static readonly ClinicId Other = new("hill");

    /// <summary>Decided beyond a section, or for the network itself: the whole plan is asked for.</summary>
    private static readonly string[] OfTheWhole =
    [
        "AcceptTransfer", "AcknowledgeAlert", "AddYearlyMilestones", "BreakGlass", "CloseMilestone", "CreatePlan", "DeclareLost", "DeclineTransfer", "DismissDouble", "EndEmergencyAccess", "EndResearchConsent", "EnrolPatient", "ErasePatient", "EscalateAlert", "NoticeLapse", "OfferTransfer", "ProposeRevision",
        "RecordAdviceDecision", "RecordConsultation", "RecordDeath", "ReopenDouble", "ResolvePlanConflict", "ReviewEmergencyAccess", "SetResearchConsent", "SetSharing", "WithdrawAgain", "WithdrawTransfer",
    ];

    [Fact]
    public void Every_command_is_of_a_section_or_of_the_whole_by_decision()
    {
        var commands = typeof(PatientState).Assembly.GetTypes()
            .Where(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(m => m.Name == "Decide" && m.GetParameters() is [{ } state, { } command, ..] && state.ParameterType == typeof(PatientState) && command.ParameterType == t))
            .Select(t => t.Name)
            .Except(["RevisePlan", "AmendFact", "MarkEnteredInError"])
            .ToArray();

        Assert.True(commands.Length > 40);
        Assert.Equal(OfTheWhole.Order(StringComparer.Ordinal), commands.Where(c => SectionsOfCommand.Of(c) == PlanSections.All).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_an_emergency_permits_is_of_sections()
    {
        Assert.All(EmergencyAccess.Commands, c => Assert.NotEqual(PlanSections.All, SectionsOfCommand.Of(c)));
    }

    [Theory]
    [InlineData(SiteAccess.Read, PlanSections.None, PlanSections.None, PlanSections.All, PlanSections.None)]
    [InlineData(SiteAccess.Write, PlanSections.None, PlanSections.None, PlanSections.All, PlanSections.All)]
    [InlineData(SiteAccess.BySection, PlanSections.Goals, PlanSections.Journal, PlanSections.Goals | PlanSections.Journal, PlanSections.Journal)]
    [InlineData(SiteAccess.BySection, PlanSections.None, PlanSections.None, PlanSections.None, PlanSections.None)]
    public void A_grant_says_what_may_be_read_and_changed(SiteAccess access, PlanSections read, PlanSections full, PlanSections readable, PlanSections writable)
    {
        var state = PatientState.Empty with { HomeClinic = Home, TimeZone = "UTC", Sites = [new(Other, access) { Read = read, Full = full }] };

        Assert.Equal((readable, writable), (state.ReadableBy(Other), state.WritableBy(Other)));
        Assert.Equal((PlanSections.All, PlanSections.All), (state.ReadableBy(Home), state.WritableBy(null)));
        Assert.Equal((PlanSections.None, PlanSections.None), (state.ReadableBy(new("quay")), state.WritableBy(new("quay"))));
        Assert.Equal((true, true, false), (state.IsOfHome(null), state.IsOfHome(Home), state.IsOfHome(Other)));
    }

    [Fact]
    public void A_revision_is_told_in_the_sections_that_it_changed_whoever_made_it()
    {
        var state = new Chart().Enrol().Consult().Do(new CreatePlan(new("ketamine-im"), Domain.Protocols.Setting.Clinic, null, null, [Given.Goal], 3)).State;
        var revised = state.Plan! with { Revision = 2, Version = 4, RevisionReason = "asked for", RevisedBy = "dr-2", RevisedFrom = Other };

        Assert.Equal(PlanSections.None, SectionsOfEvent.Of(state, new PlanRevised(revised)));
        Assert.Equal(PlanSections.Goals, SectionsOfEvent.Of(state, new PlanRevised(revised with { Goals = [new("sleep", null, null)] })));
        Assert.Equal(PlanSections.Medication, SectionsOfEvent.Of(state, new PlanRevised(revised with { InductionSessions = 9 })));
        Assert.Equal(
            PlanSections.Goals | PlanSections.Medication, SectionsOfEvent.Of(state, new PlanRevised(revised with { Goals = [new("sleep", null, null)], Supervision = "a sister" })));
    }

    [Fact]
    public void A_revision_needs_the_sections_whose_fields_it_gives()
    {
        var nothing = new RevisePlan(1, null, null, null, [], "why");
        var goals = nothing with { Goals = [new("sleep", null, null)] };

        Assert.Equal(PlanSections.Goals, SectionsOfCommand.Of(goals));
        Assert.Equal(PlanSections.Goals | PlanSections.Medication, SectionsOfCommand.Of(goals with { DoseMg = 56 }));
        Assert.Equal(PlanSections.Medication, SectionsOfCommand.Of(nothing));
        foreach (var one in (RevisePlan[])
            [
                nothing with { DoseMgPerKg = 0.5 }, nothing with { InductionSessions = 8 }, nothing with { Protocol = new("p") }, nothing with { ProtocolVersion = 2 },
                nothing with { Setting = Domain.Protocols.Setting.Home }, nothing with { Supervision = "" }, nothing with { Phase = Domain.Protocols.PhaseKind.Induction }, nothing with { PhaseByWeeks = true }, nothing with { IntervalDays = 7 },
            ])
        {
            Assert.Equal(PlanSections.Medication | PlanSections.Goals, SectionsOfCommand.Of(one with { Goals = goals.Goals }));
        }
    }
}
