using System.Collections.Concurrent;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Approvals;

/// <summary>Random moves of several callers on one approval: what holds whatever they do. CsCheck prints the seed of a failure.</summary>
public sealed class ApprovalLawTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2025, 2, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly Person Anna = new("anna", "anna");
    private static readonly Person AnnaSignedIn = new("hospital/anna", "anna");
    private static readonly Person Machine = new("portal", "portal");
    private static readonly Person Bert = new("hospital/bert", "portal");
    private static readonly Person Carl = new("hospital/carl", "portal");
    private static readonly Person Registered = new("clients/pacs", "pacs");

    private static readonly Person[] Callers = [Anna, AnnaSignedIn, Machine, Bert, Carl, Registered];

    /// <summary>Written by hand, not by the rule: who certainly are two humans.</summary>
    private static readonly HashSet<(Person, Person)> Two =
    [
        (Anna, Machine), (Anna, Bert), (Anna, Carl), (AnnaSignedIn, Machine), (AnnaSignedIn, Bert), (AnnaSignedIn, Carl), (Bert, Carl),
    ];

    private static readonly Gen<(int Move, int Caller, int Hours, int Version)[]> Moves = Gen.Select(
        Gen.Int[0, 5],
        Gen.Int[0, Callers.Length - 1],
        Gen.Frequency((4, Gen.Int[0, 9]), (1, Gen.Int[60, 80])),
        Gen.Frequency((5, Gen.Const(1)), (1, Gen.Int[0, 3])),
        (move, caller, hours, version) => (Move: move, Caller: caller, Hours: hours, Version: version)).Array[1, 25];

    [Fact]
    public void Nothing_is_carried_out_that_fewer_than_two_persons_wanted_and_nothing_twice()
    {
        var seen = new ConcurrentDictionary<string, int>();
        Moves.Sample(moves => Run(moves, seen), iter: 20_000, threads: 2, writeLine: output.WriteLine);
        output.WriteLine(string.Join(", ", seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}")));
        Assert.Equal(
            ["ApprovalExecuted", "ApprovalExpired", "ApprovalFailed", "ApprovalGiven", "ApprovalProposed", "ApprovalRejected"],
            seen.Keys.Where(name => name.StartsWith("Approval", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // Every pair that is two persons got through, so that the rule refuses no more than it should.
        Assert.Equal(2 * Two.Count, seen.Keys.Count(name => name.Contains(" then ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, 72)]
    [InlineData(1, 1)]
    [InlineData(168, 168)]
    public void It_can_be_approved_until_a_tick_before_its_end(int hours, int expected)
    {
        var state = Fold(ApprovalState.Empty, Propose.Decide(ApprovalState.Empty, Proposal with { Hours = hours }, Given.Home, Anna, Start).Events);
        Assert.Equal(Start.AddHours(expected), state.ExpiresAt);
        Assert.Null(Approve.Decide(state, new(1), Bert, state.ExpiresAt.AddTicks(-1)).Refusal);
        Assert.Equal("APPROVAL_EXPIRED", Approve.Decide(state, new(1), Bert, state.ExpiresAt).Refusal?.Reason);
        Assert.Equal("APPROVAL_EXPIRED", Reject.Decide(state, new("no"), Bert, state.ExpiresAt).Refusal?.Reason);
    }

    private static Propose Proposal => new(new("a-1"), ApprovalKind.Erasure, "patients/p-1", "Asked for", 0);

    private static void Run((int Move, int Caller, int Hours, int Version)[] moves, ConcurrentDictionary<string, int> seen)
    {
        var (state, now, done) = (ApprovalState.Empty, Start, new List<(IEvent Event, Person By, DateTimeOffset At)>());
        foreach (var (move, caller, hours, version) in moves)
        {
            now = now.AddHours(hours);
            var by = Callers[caller];
            var events = move switch
            {
                0 => Propose.Decide(state, Proposal, Given.Home, by, now).Events,
                1 or 2 => Approve.Decide(state, new(version), by, now).Events,
                3 => hours == 0 ? Reject.Decide(state, new("Not wanted"), by, now).Events : [],
                4 => ExpireApproval.Decide(state, new(), now).Events,
                _ => CloseApproval.Decide(state, new(hours % 2 == 0 ? "" : "PATIENT_ERASED"), now).Events,
            };
            done.AddRange(events.Select(e => (e, by, now)));
            state = Fold(state, events);
        }

        Hold(done);
        foreach (var (@event, _, _) in done)
            seen.AddOrUpdate(@event.GetType().Name, 1, (_, n) => n + 1);
        if (done is [var proposed, { Event: ApprovalGiven } given, ..])
            seen.AddOrUpdate($"{proposed.By.Name} then {given.By.Name}", 1, (_, n) => n + 1);
    }

    /// <summary>By what happened, without looking at how it was decided.</summary>
    private static void Hold(List<(IEvent Event, Person By, DateTimeOffset At)> done)
    {
        string[] courses =
        [
            "", "ApprovalProposed", "ApprovalProposed ApprovalGiven", "ApprovalProposed ApprovalRejected", "ApprovalProposed ApprovalExpired",
            "ApprovalProposed ApprovalGiven ApprovalExecuted", "ApprovalProposed ApprovalGiven ApprovalFailed",
        ];
        Assert.Contains(string.Join(' ', done.Select(d => d.Event.GetType().Name)), courses);
        if (done.Count > 0)
            Assert.NotEqual(Registered, done[0].By);
        if (done.Count < 2)
            return;
        Assert.Equal(done[1].Event is ApprovalExpired, done[1].At >= done[0].At.AddHours(72));
        if (done[1].Event is ApprovalGiven)
            Assert.True(Two.Contains((done[0].By, done[1].By)) || Two.Contains((done[1].By, done[0].By)), $"{done[0].By} and {done[1].By} were taken for two");
    }

    private static ApprovalState Fold(ApprovalState state, IReadOnlyList<IEvent> events) => events.Aggregate(state, ApprovalState.Evolve);
}
