using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Releases;

/// <inheritdoc cref="IReleaseGrain"/>
public sealed class ReleaseGrain(
    GrainServices services, IExchangeStore store, ReleaseSecrets secrets, IPublicationCheck check, IDisclosureLedger ledger)
    : JournaledGrain<ReleaseState>(services), IReleaseGrain
{
    /// <summary>A publication that is blocked is tried again after this long.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    private const int RowsPage = 10_000;

    private string? _taken;

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
        // Steps of another server are taken in first: what is decided on an old state meets them one by one.
        if ((await ReadStateAsync(new ReadRequest(true, 0, null), cancellationToken)).Refusal is not null)
        {
            return Reply<Accepted>.Refused(Away);
        }

        // Decided anew when another server moved a manual clock: then it is due here too.
        if (IsEarly(State, Services.Clock.Now)
            && await HandleAsync<Accepted>(nameof(Publish), origin, (state, now) => IsEarly(state, now) ? NotDue : Changed, cancellationToken) is var early
            && early.Refusal != Changed)
        {
            return early;
        }

        var steps = new Steps(this, origin);
        try
        {
            await new PublicationRun(store, PublicOutcomes.Policy, secrets, check, ledger, secrets.Network, steps).RunAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return Reply<Accepted>.Refused(Away);
        }
        catch (StepRefusedException refused)
        {
            return Reply<Accepted>.Refused(refused.Refusal);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Nothing falls back: whatever is not as it should be keeps the whole publication back until an operator acts.
            var reason = exception is PublicationBlockedException ? exception.Message : exception.GetType().Name;
            var now = Services.Clock.Now;
            Services.Log.LogError(
                "PUBLICATION_BLOCKED: publication {Publication} is not made, it is tried again every hour: {Reason} {Failure}",
                State.LastBatch + 1, reason, exception is PublicationBlockedException ? "" : Services.Handles.Told(exception, Stream));
            try
            {
                await steps.AppendAsync(new PublicationBlocked(State.LastBatch + 1, reason, now, now + RetryAfter), null, cancellationToken);
            }
            catch (StepRefusedException refused)
            {
                return Reply<Accepted>.Refused(refused.Refusal);
            }
        }

        return steps.Last!;
    }

    public Task<Reading<ReleaseState>> Read(ReadRequest request, CancellationToken cancellationToken) => ReadStateAsync(request, cancellationToken);

    public async Task<Reply<Accepted>> Rekey(string agreement, CommandOrigin origin, CancellationToken cancellationToken)
    {
        if (!await TryLoadAsync(cancellationToken))
        {
            return Reply<Accepted>.Refused(Away);
        }

        try
        {
            var known = (await store.ReadAgreementsAsync(null, cancellationToken)).FirstOrDefault(a => a.Agreement == agreement);
            var (number, from) = State.RekeyOf(agreement) is { } last ? (last.Number + 1, last.Epoch) : (1, 0);
            if (known is null || known.Epoch <= Math.Max(1, from))
            {
                return known is null
                    ? Reply<Accepted>.Refused(Refusal.NotFound("AGREEMENT_NOT_FOUND", "agreement", "There is no such agreement."))
                    : Reply<Accepted>.Accepted(Accepted.Instance, Version, Services.Clock.Now);
            }

            var batch = State.ProgressOf(agreement)?.Batch ?? 0;
            var pairs = await ReadPairsAsync(known, from, batch, cancellationToken);
            ExchangeDocument[] signed = [.. RekeyList.WriteAll(secrets.Network, agreement, number, pairs.Values)
                .Select(one => new ExchangeDocument(RekeyList.Kind, agreement, one.Number, one.List, secrets.Sign(one.List)))];
            return await HandleAsync(
                nameof(Rekey),
                origin,
                (state, _) => (state.RekeyOf(agreement)?.Number ?? 0) == number - 1 && (state.ProgressOf(agreement)?.Batch ?? 0) == batch
                    ? Decision<Accepted>.Accept(Accepted.Instance, new RecipientRekeyed(agreement, signed[^1].Number, known.Epoch, pairs.Count))
                    : Changed,
                () => [.. signed.Select(one => new Projection.DocumentSigned(one))],
                cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return Reply<Accepted>.Refused(Away);
        }
    }

    protected override ReleaseState Evolve(ReleaseState state, IEvent @event) => ReleaseState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(ReleaseState before, ReleaseState after, IReadOnlyList<IEvent> events) => events[^1] switch
    {
        PublishingStarted or PublicationHeld => [new Projection.DueDone(DueKinds.Publish), new Projection.DueSet(DueKinds.Publish, after.NextPublication!.Value)],
        PublicationBlocked e => [new Projection.DueDone(DueKinds.Publish), new Projection.DueSet(DueKinds.Publish, e.RetryAt)],
        _ => [],
    };

    protected override Refusal RefuseTaken(string key)
    {
        _taken = key;
        return Changed;
    }

    private static bool IsEarly(ReleaseState state, DateTimeOffset now) => state.NextPublication is not { } day || now < day;

    private static Refusal Away { get; } = Refusal.Unavailable("NOT_EXECUTED", "The database does not answer; the day is tried again.");

    private static Refusal NotDue { get; } = Refusal.Precondition("PUBLICATION_NOT_DUE", "", "The publication day has not come.");

    private static Refusal Changed { get; } = Refusal.Unavailable("NOT_EXECUTED", "Somebody else changed what this relies on; it is made again.");

    /// <summary>The pseudonyms that the recipient uses now and the new ones, of everybody whose rows it may have.</summary>
    /// <param name="from">Epoch of the list before; 0: none.</param>
    /// <param name="last">Number of the recipient's last batch.</param>
    private async Task<Dictionary<string, (string Old, string New)>> ReadPairsAsync(AgreementRecord agreement, int from, int last, CancellationToken cancellationToken)
    {
        var pairs = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        for (var batch = 1; batch <= last; batch++)
        {
            IReadOnlyList<DeliveryRow> page;
            var next = 0L;
            do
            {
                page = await store.ReadBatchRowsAsync(
                    agreement.Agreement, batch, next, RowsPage, agreement.Required, PublicOutcomes.K, Services.Clock.Now, cancellationToken);
                foreach (var row in page.Where(r => r.Values is not null && Math.Max(r.Epoch, from) < agreement.Epoch))
                {
                    pairs[row.Person] = (
                        secrets.Pseudonym(agreement.Agreement, Math.Max(row.Epoch, from), row.Person), secrets.Pseudonym(agreement.Agreement, agreement.Epoch, row.Person));
                }

                next += page.Count;
            }
            while (page.Count == RowsPage);
        }

        return pairs;
    }

    /// <summary>Each step is a command of its own on this stream: its version decides, so two servers at one publication cannot both go on.</summary>
    private sealed class Steps(ReleaseGrain grain, CommandOrigin origin) : IPublicationJournal
    {
        public ReleaseState State => grain.State;

        public DateTimeOffset Now => grain.Services.Clock.Now;

        /// <summary>Of the step that ended the day.</summary>
        public Reply<Accepted>? Last { get; private set; }

        public async Task<string?> AppendAsync(IEvent step, Projection? projection, CancellationToken cancellationToken)
        {
            var ends = step is PublicationHeld or PublicationBlocked;
            var (decidedOn, version) = (grain.State, grain.Version);
            grain._taken = null;
            var reply = await grain.HandleAsync(
                ends ? nameof(Publish) : step.GetType().Name,
                ends ? origin : origin with { RequestId = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{origin.RequestId}-{grain.Version + 1}") },
                (state, _) => ReferenceEquals(state, decidedOn) ? Decision<Accepted>.Accept(Accepted.Instance, step) : Changed,
                () => projection is null ? [] : [projection],
                cancellationToken);
            if (reply.Refusal is { } refusal)
            {
                return grain._taken ?? throw new StepRefusedException(refusal);
            }

            // Another server wrote the step under the same name; it may hold something else.
            if (!ends && grain.Version == version)
            {
                throw new StepRefusedException(Changed);
            }

            Last = ends ? reply : Last;
            return null;
        }
    }
}
