using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <inheritdoc cref="IReleaseGrain"/>
public sealed class ReleaseGrain(GrainServices services, IReleaseStore store, ReleaseSecrets secrets, StoreIdentity identity)
    : JournaledGrain<ReleaseState>(services), IReleaseGrain
{
    /// <summary>Persons taken from the pool on one publication day; more wait for the next. Bounds the transaction.</summary>
    private const int PoolPersonsMax = 5_000;

    /// <summary>Rounds of meeting a withdrawal at commit before the day is tried again later.</summary>
    private const int ConsentRoundsMax = 5;

    private readonly PublicationBuilder _builder = new(PublicOutcomes.Policy, secrets, identity.Incarnation);

    protected override ReleaseState Empty => ReleaseState.Empty;

    public async Task<Reply<Accepted>> Start(CommandOrigin origin, CancellationToken cancellationToken) =>
        State.NextPublication is not null
            ? Reply<Accepted>.Accepted(Accepted.Instance, Version, Services.Clock.Now)
            : await HandleAsync(
                "StartPublishing",
                origin,
                (state, now) => state.NextPublication is null
                    ? Decision<Accepted>.Accept(Accepted.Instance, new PublishingStarted(PublicationDays.After(now)))
                    : Refusal.Precondition("PUBLISHING_STARTED", "", "Publishing was started already."),
                cancellationToken);

    public async Task<Reply<Accepted>> Publish(CommandOrigin origin, CancellationToken cancellationToken)
    {
        for (var round = 0; round < ConsentRoundsMax; round++)
        {
            if (await TryReadInputAsync(cancellationToken) is not { } input)
            {
                return Reply<Accepted>.Refused(Refusal.Unavailable("NOT_EXECUTED", "The database does not answer; the day is tried again."));
            }

            var built = _builder.Build(input);
            var reply = await HandleAsync(nameof(Publish), origin, (state, now) => Decide(state, now, built), () => [new Projection.Published(built.Publication)], cancellationToken);

            // A withdrawal came between reading and committing: nothing was written; decide again on what is permitted now.
            if (reply.Refusal?.Reason != ConsentChanged.Reason)
            {
                return reply;
            }
        }

        return Reply<Accepted>.Refused(ConsentChanged);
    }

    protected override ReleaseState Evolve(ReleaseState state, IEvent @event) => ReleaseState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(ReleaseState before, ReleaseState after, IReadOnlyList<IEvent> events) =>
        [new Projection.DueDone(DueKinds.Publish), new Projection.DueSet(DueKinds.Publish, after.NextPublication!.Value)];

    protected override Refusal RefuseTaken(string key) => ConsentChanged;

    private static Refusal ConsentChanged { get; } =
        Refusal.Unavailable("NOT_EXECUTED", "Consent or cells changed while the batch was made; it is made again.");

    private static Decision<Accepted> Decide(ReleaseState state, DateTimeOffset now, BuiltPublication built) =>
        state.NextPublication is not { } day || now < day
            ? Refusal.Precondition("PUBLICATION_NOT_DUE", "", "The publication day has not come.")
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                new PublicationHeld(
                    day,
                    PublicationDays.After(now),
                    built.Publication.Batch?.Number,
                    built.Root,
                    built.Rows,
                    built.CellsFormed,
                    built.CellsRetired,
                    built.Withheld));

    /// <summary>Null: the database does not answer.</summary>
    private async Task<PublicationInput?> TryReadInputAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TryLoadAsync(cancellationToken) ? await ReadInputAsync(cancellationToken) : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task<PublicationInput> ReadInputAsync(CancellationToken cancellationToken)
    {
        var pool = await store.ReadPoolAsync(PoolPersonsMax, cancellationToken);
        var cells = await store.ReadCellsAsync(cancellationToken);
        var outcomes = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>(StringComparer.Ordinal);
        foreach (var milestone in PublicOutcomes.Policy.Milestones)
        {
            string[] persons =
            [
                .. pool.Select(p => p.Person),
                .. cells.Where(c => !c.SettledMilestones.Contains(milestone, StringComparer.Ordinal)).SelectMany(c => c.Members).Select(m => m.Person),
            ];
            outcomes[milestone] = await store.ReadOutcomesAsync(persons, milestone, cancellationToken);
        }

        return new(State.LastBatch + 1, State.LastRoot, State.UntoldWithheld, State.UntoldRetired, Services.Clock.Now, pool, cells, outcomes);
    }
}
