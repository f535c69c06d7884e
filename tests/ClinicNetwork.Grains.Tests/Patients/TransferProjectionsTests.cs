using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>What an acceptance writes beside itself: every row of the former home clinic's worklist moves, nothing that is released does.</summary>
public sealed class TransferProjectionsTests
{
    private static readonly TransferOffered Offered = new(new(1, Commands.North, new("east"), "moves there", SiteAccess.Read, "one", Commands.OnDay(20), Commands.OnDay(34)));

    private static readonly TransferAccepted Accepted = new(
        1, new("east"), "America/New_York", "E-1", [new(Commands.North, SiteAccess.Read)], "two", Commands.OnDay(21));

    [Fact]
    public void An_offer_stands_in_both_lists_until_its_time_is_over_and_in_no_worklist()
    {
        Assert.Equal(
            [
                "FollowUpSet(Clinic=\"transfers/east\", Milestone=\"transfer:1\", OpensAt=2025-01-26T09:00:00Z, ClosesAt=2025-02-09T09:00:00Z, EndsAt=2025-02-09T09:00:00Z)",
                "FollowUpSet(Clinic=\"transfers/north\", Milestone=\"own-transfer:1\", OpensAt=2025-01-26T09:00:00Z, ClosesAt=2025-02-09T09:00:00Z, EndsAt=2025-02-09T09:00:00Z)",
                .. PatientRows.NorthChanged,
            ],
            PatientRows.Projected([Offered], PatientRows.Treated));
        foreach (var answer in (Domain.IEvent[])[new TransferWithdrawn(1, "one", Commands.OnDay(21)), new TransferDeclined(1, "no place", "two", Commands.OnDay(21))])
        {
            Assert.Equal(
                ["FollowUpDone(Milestone=\"transfer:1\")", "FollowUpDone(Milestone=\"own-transfer:1\")", .. PatientRows.NorthChanged],
                PatientRows.Projected([answer], [.. PatientRows.Treated, Offered]));
        }
    }

    /// <summary>Kept as the store keeps them: what is not done of the former home clinic afterwards was forgotten.</summary>
    [Fact]
    public void No_open_row_stays_in_the_former_home_clinics_worklist()
    {
        var rows = new Dictionary<string, Projection.FollowUpSet>(StringComparer.Ordinal);
        var state = PatientState.Empty;
        foreach (var @event in (Domain.IEvent[])[.. Esketamine, new EmergencyAccessGranted(1, new("south"), "away-1", "found unconscious", Commands.OnDay(11), Commands.OnDay(11).AddHours(4)),
            new AlertRaised(1, AlertKind.RiskScreenDue, 1, "assessments/a12", Commands.OnDay(12), Commands.OnDay(13)), Offered])
        {
            state = Fold(rows, state, @event);
        }

        var before = rows.Values.Where(r => r.Clinic == "clinics/north").Select(r => r.Milestone).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "emergency:1:south", "rems:s0:north", "Week4" }, before);
        Assert.Contains(before, kind => kind.StartsWith("alert:1:", StringComparison.Ordinal));
        state = Fold(rows, state, Accepted);
        Assert.Empty(rows.Values.Where(r => r.Clinic == "clinics/north").Select(r => r.Milestone));
        Assert.Equal(before.Append("rems-notice:north").Order(), rows.Values.Where(r => r.Clinic == "clinics/east").Select(r => r.Milestone).Order());
        Fold(rows, state, new RemsEnrolled(new(2, RemsEnrolmentKind.TransferNotice, new("east"), "", null, "", Commands.OnDay(22))));
        Assert.DoesNotContain("rems-notice:north", rows.Keys);
    }

    [Fact]
    public void A_transfer_writes_nothing_that_is_released_and_none_that_was_is_valued_otherwise()
    {
        Domain.IEvent[] released =
        [
            .. PatientRows.Treated, PatientRows.Consented(RecipientClass.ResearchRegistry), PatientRows.Assessed(29, 10), PatientRows.Closed(Milestone.EndOfInduction, 10), Offered,
        ];
        Assert.DoesNotContain(PatientRows.Projected([Accepted], released), PatientRows.IsOfRelease);
        Assert.DoesNotContain(PatientRows.Projected([Accepted], released), row => row.StartsWith("Consent", StringComparison.Ordinal));
        string[] OfWeek4(params Domain.IEvent[] further) =>
            [.. PatientRows.Projected([PatientRows.Closed(Milestone.Week4, 9)], [.. released, .. further]).Where(PatientRows.IsOfRelease)];
        Assert.Equal(OfWeek4(), OfWeek4(Accepted));
        Assert.Single(OfWeek4());
    }

    private static Domain.IEvent[] Esketamine =>
    [
        PatientRows.Enrolled,
        new PlanCreated(new(ProtocolCatalogue.EsketamineNasalInduction.Id, 1, Setting.CertifiedClinic, null, 56, 8, [], 1, 2, "")),
        new RemsEnrolled(new(1, RemsEnrolmentKind.Form, Commands.North, "Dr Chen", RemsIndication.TreatmentResistantDepression, "", Commands.OnDay(-6))),
        PatientRows.Started(0), PatientRows.Dosed(0), new SessionCompleted(new("s0"), new(120, 80), Commands.OnDay(0, 120)),
    ];

    private static PatientState Fold(Dictionary<string, Projection.FollowUpSet> rows, PatientState state, Domain.IEvent @event)
    {
        var after = PatientState.Evolve(state, @event);
        foreach (var projection in PatientProjections.Of(state, after, [@event]))
        {
            if (projection is Projection.FollowUpSet set)
            {
                rows[set.Milestone] = set;
            }
            else if (projection is Projection.FollowUpDone done)
            {
                rows.Remove(done.Milestone);
            }
        }

        return after;
    }
}
