using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Journal.Tests.Contract;
using CsCheck;

namespace ClinicNetwork.Journal.Tests.Model;

/// <summary>One random step. Its numbers mean something only against the reference's present state, so that shrinking keeps sequences sensible.</summary>
internal sealed record ModelStep(ModelStep.Kinds Kind, int Stream, int A, int B, int C)
{
    public static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly string[] Streams = ["pt-a", "pt-b", "pt-c", "pt-d"];
    public static readonly string[] Sites = ["cl-n", "cl-s"];
    public static readonly string[] Milestones = ["WEEK_4", "WEEK_8"];

    public enum Kinds
    {
        Enrol,
        Share,
        Plan,
        Consent,
        Treat,
        Repeat,
        Reuse,
        Stale,
        WrongBase,
        Publish,
        Commit,
        Revise,
        Restart,
    }

    private static readonly Gen<Kinds> GenKind = Gen.Frequency(
        (3, Gen.Const(Kinds.Enrol)), (4, Gen.Const(Kinds.Share)), (4, Gen.Const(Kinds.Plan)), (5, Gen.Const(Kinds.Consent)), (5, Gen.Const(Kinds.Treat)),
        (2, Gen.Const(Kinds.Repeat)), (1, Gen.Const(Kinds.Reuse)), (1, Gen.Const(Kinds.Stale)), (1, Gen.Const(Kinds.WrongBase)), (7, Gen.Const(Kinds.Publish)),
        (3, Gen.Const(Kinds.Commit)), (2, Gen.Const(Kinds.Revise)), (1, Gen.Const(Kinds.Restart)));

    public static readonly Gen<ModelStep> Gen1 =
        Gen.Select(
            GenKind,
            Gen.Int[0, Streams.Length - 1],
            Gen.Int[0, 99],
            Gen.Int[0, 99],
            Gen.Int[0, 99],
            (kind, stream, a, b, c) => new ModelStep(kind, stream, a, b, c));

    /// <summary>The append of this step, number <paramref name="n"/> of the sequence.</summary>
    public Append Make(ReferenceState state, int n)
    {
        var stream = Kind is Kinds.Publish or Kinds.Commit ? Releasing.Profile : Streams[Stream];
        var head = state.HeadOf(stream);
        var origin = StreamDriver.Origin(string.Create(CultureInfo.InvariantCulture, $"request-{n}"), "payload");
        IReadOnlyList<IEvent> events = [new Noted($"note {n}", [A, B, C])];
        var next = new Append(stream, head + 1, state.HashAt(stream, head), origin, Kind.ToString(), events, new Receipt($"receipt {n}"), []);
        var earlier = head == 0 ? null : state.Streams[stream][(int)(A % head)];
        return Kind switch
        {
            Kinds.Enrol => next with { Projections = [new Projection.PatientIndexed(Sites[A % 2], $"{B % 3}", "Anna", "Muster", new DateOnly(1980, 5, 17))] },
            Kinds.Share => next with
            {
                Projections =
                [
                    new Projection.SitesSet([.. Sites.Where((_, i) => (A >> i & 1) == 1)]),
                    new Projection.FeedReference(Sites[B % 2], (FeedKind)(1 + C % 3), A % 3 == 0),
                    new Projection.FeedReference(Sites[0], FeedKind.Changed, false),
                ],
            },
            Kinds.Plan => next with { Projections = [.. PlanProjections()] },
            Kinds.Consent => next with { Projections = [new Projection.ConsentSet(A % 10 == 0 ? 0 : B % 3 == 0 ? Releasing.Registries : Releasing.Both)] },
            Kinds.Treat => next with { Projections = [new Projection.PoolEntered("2025-Q1", [$"{n}"]), new Projection.OutcomeReady(Milestones[A % 2], [$"{n}"])] },
            Kinds.Repeat when earlier is not null => earlier,
            Kinds.Reuse when earlier is not null => next with { Origin = StreamDriver.Origin(earlier.Origin.RequestId, "another payload") },
            Kinds.Stale => next with { Version = Math.Max(1, head + (A % 2 == 0 ? 0 : 2)) },
            Kinds.WrongBase => next with { BaseHash = new byte[32] },
            Kinds.Publish => next with { Projections = [new Projection.PublicationPrepared(MakeStep(state))] },
            Kinds.Commit => next with { Projections = [.. MakeCommit(state)] },
            Kinds.Revise => next with { Projections = [new Projection.OutcomeRevised(Milestones[A % 2], [$"{n}"])] },
            _ => next,
        };
    }

    private IEnumerable<Projection> PlanProjections()
    {
        var at = Start.AddDays(A % 4);
        if (B % 3 == 0)
        {
            yield return new Projection.DueDone("visit");
            yield return new Projection.FollowUpDone(Milestones[C % 2]);
        }

        if (B % 2 == 0)
        {
            yield return new Projection.DueSet("visit", at);
            yield return new Projection.FollowUpSet(Sites[A % 2], Milestones[B / 2 % 2], at, at.AddDays(C % 5)) { EndsAt = A % 3 == 0 ? at.AddDays((C % 5) + (B % 3)) : null };
        }
    }

    /// <summary>Mostly fitting, and each condition broken now and then.</summary>
    private PreparedStep MakeStep(ReferenceState state)
    {
        var publication = state.Published + (B % 13 == 0 ? 2 : 1);
        if (A % 17 == 0 && state.Cells.Count > 0)
        {
            return new PreparedStep(publication, [], [], [], [state.Cells.Keys.ElementAt(B % state.Cells.Count)], []);
        }

        var seed = Streams[Stream];
        var recipients = A % 7 == 0 ? Releasing.Partners : Math.Max(1, state.ConsentOf(seed));
        var fitting = Streams.Where(person => person == seed || (state.Pool.ContainsKey(person) && !state.IsMember(person)));
        var members = fitting.Where(person => state.ConsentOf(person) == recipients || A % 11 == 0).Take(1 + B % 3).ToList();
        IReadOnlyList<NewReleaseCell> cells = C % 4 == 0 || members.Count == 0 ? [] : [new NewReleaseCell($"c-{A % 40}", "2025-Q1", recipients, ["female"], members)];
        var known = state.Cells.Values.Concat(cells).DistinctBy(one => one.Cell).ToList();
        if (known.Count == 0)
        {
            return new PreparedStep(publication, [], [], [], [], []);
        }

        var target = cells.Count > 0 ? cells[0] : known[B % known.Count];
        var milestone = Milestones[C % 2];
        var living = target.Members.Where(person => state.ConsentOf(person) != 0 || A % 5 == 0);
        IReadOnlyList<MilestoneSettled> settled = A % 3 == 0 ? [] : [new MilestoneSettled(target.Cell, milestone, B % 5 == 0 ? "WITHHELD" : "RELEASED")];
        IReadOnlyList<NewReleasedRow> rows = B % 5 == 0 && settled.Count > 0 ? [] : [.. living.Select(person => new NewReleasedRow(person, target.Cell, milestone, [$"{person}-{A}"]))];
        return new PreparedStep(publication, cells, settled, C % 8 == 0 ? [target.Cell] : [], [], rows);
    }

    /// <summary>All that is prepared, for a recipient who is judged when it is read.</summary>
    private IEnumerable<Projection> MakeCommit(ReferenceState state)
    {
        var publication = state.Published + 1;
        var rows = state.Prepared.OrderBy(row => row.Person, StringComparer.Ordinal).ThenBy(row => row.Milestone, StringComparer.Ordinal)
            .Select(row => new SealedRow(row.Person, row.Milestone, publication, 1, Releasing.Leaf(row.Person))).ToList();
        var number = state.Batches.Count + 1;
        yield return new Projection.RowsSealed(new(Releasing.Recipient, number, 0, rows));
        yield return new Projection.PublicationCommitted(new(
            publication + (A % 11 == 0 ? 1 : 0), Start, rows.Count + (B % 9 == 0 ? 1 : 0), [new(Releasing.Recipient, number + (C % 9 == 0 ? 1 : 0), rows.Count, [1], [2], [3], [])], []));
    }
}
