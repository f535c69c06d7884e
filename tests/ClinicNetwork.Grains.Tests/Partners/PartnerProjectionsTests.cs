using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Partners;

/// <summary>What delivery judges by stands in the same transaction as what was decided.</summary>
public sealed class PartnerProjectionsTests
{
    private static readonly DateTimeOffset At = NetworkUnderTest.Start;
    private static readonly AgreementId One = new(new("eu"), "one");
    private static readonly ApprovalId Approval = new("a-1");

    private static readonly AgreementTerms Terms = new(
        "public-outcomes", ResearchPurpose.SafetyMonitoring, [.. ReleaseProfiles.Always, "response"], At, At.AddDays(30), 5_000, "DUA 2025-17", "");

    [Fact]
    public void Every_step_of_an_agreement_sets_its_row_and_its_end_is_due_while_it_holds()
    {
        var state = PartnerState.Empty;
        var set = Step(RegisterPartner.Decide(state, new(One.Partner, "Industry", RecipientClass.Industry), At));
        Assert.Equal([new Projection.FollowUpSet(PartnerProjections.List, "partner", At, DateTimeOffset.MaxValue)], set);
        AssertSet("DRAFT", 1, Step(DraftAgreement.Decide(state, new(One, Terms, 0), At)));
        AssertSet("PROPOSED", 1, Step(ProposeAgreement.Decide(state, new(One, 1, Approval, "Signed", 0), new("first", "first"), At)));
        var active = Step(ActivateAgreement.Decide(state, new(One, 1, Approval), At));
        AssertSet("ACTIVE", 1, active);
        Assert.Equal(new Projection.DueSet("expire-agreement:eu.one", Terms.ValidTo), active[^1]);
        Assert.Equal(One, DueKinds.ExpiryOf("expire-agreement:eu.one"));
        var rekeyed = Step(RekeyAgreement.Decide(state, new(One, 1, "Leaked"), At));
        AssertSet("ACTIVE", 2, rekeyed);
        Assert.Equal(new Projection.DueSet("rekey:2:eu.one", At), rekeyed[^1]);
        Assert.Equal((One, 2), DueKinds.RekeyOf("rekey:2:eu.one"));
        Assert.Equal([new Projection.DueDone("rekey:2:eu.one")], Step(ConfirmRekey.Decide(state, new(One, 2), At)));
        Assert.Contains(new Projection.BatchAcknowledged("eu.one", 3, At), Step(AcknowledgeBatch.Decide(state, new(One, 3), At)));
        AssertSet("SUSPENDED", 2, Step(SuspendAgreement.Decide(state, new(One, "Asked for"), At)));
        var ended = Step(EndAgreement.Decide(state, new(One, "Asked for"), At));
        AssertSet("ENDED", 2, ended);
        Assert.Equal(new Projection.DueDone("expire-agreement:eu.one"), ended[^1]);

        IReadOnlyList<Projection> Step<TAnswer>(Decision<TAnswer> decision)
            where TAnswer : class
        {
            Assert.Null(decision.Refusal);
            var before = state;
            state = decision.Events.Aggregate(state, PartnerState.Evolve);
            return PartnerProjections.Of(before, state, decision.Events);
        }
    }

    private static void AssertSet(string status, int epoch, IReadOnlyList<Projection> rows)
    {
        var set = Assert.Single(rows.OfType<Projection.AgreementSet>()).Agreement;
        Assert.Equal(Terms.Fields, set.Fields);
        Assert.Equal(new("eu.one", "eu", "public-outcomes", 8 + 64, set.Fields, Terms.ValidFrom, Terms.ValidTo, 5_000, epoch, status), set);
    }
}
