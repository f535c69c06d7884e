using System.Collections.Concurrent;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Partners;

/// <summary>Random moves of two administrators on two agreements for one profile and their approvals: what holds whatever they do. CsCheck prints the seed of a failure.</summary>
public sealed class AgreementLawTests(ITestOutputHelper output)
{
    private static readonly AgreementId[] Agreements = [Partnership.One, Partnership.Two];

    private static readonly Person[] Admins = [new("anna", "anna"), new("bert", "bert")];

    private static readonly Gen<(int Move, int Agreement, int Approval, int Admin, int Hours)[]> Moves = Gen.Select(
        Gen.Int[0, 11], Gen.Int[0, 1], Gen.Int[0, 3], Gen.Int[0, 1], Gen.Frequency((20, Gen.Int[0, 9]), (1, Gen.Int[60, 80]), (1, Gen.Int[1_000, 4_000])),
        (move, agreement, approval, admin, hours) => (Move: move, Agreement: agreement, Approval: approval, Admin: admin, Hours: hours)).Array[1, 60];

    [Fact]
    public void Nothing_is_given_but_by_terms_that_two_persons_wanted_and_by_one_agreement_of_a_profile()
    {
        var seen = new ConcurrentDictionary<string, int>();
        Moves.Sample(moves => Run(moves, seen), iter: 20_000, threads: 2, writeLine: output.WriteLine);
        output.WriteLine(string.Join(", ", seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}")));
        Assert.Equal(
            ["AgreementActivated", "AgreementDrafted", "AgreementEnded", "AgreementExpired", "AgreementProposed", "AgreementRekeyed", "AgreementSuspended"],
            seen.Keys.Where(name => name.StartsWith("Agreement", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("resumed", seen.Keys);
    }

    private static void Run((int Move, int Agreement, int Approval, int Admin, int Hours)[] moves, ConcurrentDictionary<string, int> seen)
    {
        var (state, now, approvals) = (Partnership.Registered, Partnership.At, new Dictionary<ApprovalId, ApprovalState>());
        foreach (var (move, which, number, admin, hours) in moves)
        {
            now = now.AddHours(hours);
            // Mostly the latest; a new one for a proposal, or now and then one that is there.
            var latest = move is 1 or 2 or 3 && number > 0 ? approvals.Count : Math.Max(0, approvals.Count - 1 - number / 2);
            var (id, approval, by) = (Agreements[which], new ApprovalId($"a-{latest}"), Admins[admin]);
            var known = state.Find(id);
            var asked = approvals.GetValueOrDefault(approval, ApprovalState.Empty);
            var terms = Partnership.Terms with { Quota = 1_000 + hours, ValidFrom = now, ValidTo = now.AddDays(100) };
            IReadOnlyList<IEvent> events = [];
            switch (move)
            {
                case 0:
                    events = DraftAgreement.Decide(state, new(id, terms, known?.Revision ?? 0), now).Events;
                    break;
                case 1 or 2 or 3:
                    events = ProposeAgreement.Decide(state, new(id, known?.Revision ?? 1, approval, "Signed", 0), by, now).Events;
                    // As the gateway does it: the approval holds what the partner's stream says now.
                    if (events.Count > 0 && Propose.Decide(
                        asked, new(approval, ApprovalKind.Agreement, id.Name, "Signed", 0), default, by, now, offer: new(id, known!.Revision, state.Class, known.Terms)) is { Refusal: null } opened)
                    {
                        asked = opened.Events.Aggregate(asked, ApprovalState.Evolve);
                    }

                    break;
                case 4 or 5 or 6:
                    asked = Approve.Decide(asked, new(1), by, now).Events.Aggregate(asked, ApprovalState.Evolve);
                    break;
                case 7 or 8 or 9 when asked.Status == ApprovalStatus.Approved:
                    events = ActivateAgreement.Decide(state, new(asked.Offer!.Agreement, asked.Offer.Revision, approval), now).Events;
                    asked = CloseApproval.Decide(asked, new(events.Count > 0 ? "" : "AGREEMENT_CHANGED"), now).Events.Aggregate(asked, ApprovalState.Evolve);
                    break;
                case 8:
                    events = ExpireAgreement.Decide(state, new(id), now).Events;
                    break;
                case 9:
                    events = RekeyAgreement.Decide(state, new(id, known?.Epoch ?? 1, "Leaked"), now).Events;
                    break;
                case 10:
                    events = SuspendAgreement.Decide(state, new(id, "Asked for"), now).Events;
                    break;
                default:
                    events = hours > 7 ? EndAgreement.Decide(state, new(id, "Asked for"), now).Events : [];
                    break;
            }

            if (asked.Exists)
            {
                approvals[approval] = asked;
            }

            var before = state;
            state = events.Aggregate(state, PartnerState.Evolve);
            Hold(before, state, approvals, events, now, seen);
        }
    }

    /// <summary>By what happened, without looking at how it was decided.</summary>
    private static void Hold(
        PartnerState before, PartnerState after, Dictionary<ApprovalId, ApprovalState> approvals, IReadOnlyList<IEvent> events, DateTimeOffset now, ConcurrentDictionary<string, int> seen)
    {
        foreach (var @event in events)
        {
            seen.AddOrUpdate(@event.GetType().Name, 1, (_, n) => n + 1);
            if (@event is AgreementActivated given)
            {
                var (approval, agreement) = (approvals[given.Approval], after.Find(given.Agreement)!);
                Assert.Equal((ApprovalKind.Agreement, given.Agreement), (approval.Kind, approval.Offer!.Agreement));
                Assert.NotEqual(approval.ProposedBy!.Name, approval.DecidedBy!.Name);
                Assert.Same(agreement.Terms, approval.Offer.Terms);
                Assert.True(now < agreement.Terms.ValidTo);
                if (before.Find(given.Agreement)!.Status == AgreementStatus.Suspended)
                {
                    seen.AddOrUpdate("resumed", 1, (_, n) => n + 1);
                }
            }
        }

        Assert.True(after.Agreements.Count(one => one.StatusAt(now) is AgreementStatus.Active or AgreementStatus.Suspended) <= 1);
        foreach (var was in before.Agreements)
        {
            var later = after.Find(was.Id)!;
            Assert.True(later.Epoch >= was.Epoch && later.Epoch <= was.Epoch + 1);
            Assert.True(was.Status is not (AgreementStatus.Ended or AgreementStatus.Expired) || later.Status == was.Status);
            Assert.True(was.Status is AgreementStatus.Draft or AgreementStatus.Proposed || ReferenceEquals(was.Terms, later.Terms));
            Assert.True(later.Status != AgreementStatus.Active || was.Status == AgreementStatus.Active || events is [AgreementActivated]);
        }
    }
}
