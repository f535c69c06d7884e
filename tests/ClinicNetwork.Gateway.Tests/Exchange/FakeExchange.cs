using System.Text;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>What recipients were given, in memory: one agreement of the partner registry-a, batches of its own, and rows that may be withdrawn while they are read.</summary>
internal sealed class FakeExchange(ReleaseSecrets secrets) : IExchangeStore
{
    public const string Recipient = "registry-a.dua-1";

    private readonly Dictionary<(string Recipient, int Batch), long> _rows = [];

    public AgreementRecord Agreement { get; set; } = new(
        Recipient,
        "registry-a",
        "public-outcomes",
        ReleasePermission.Of(RecipientClass.ResearchRegistry, ResearchPurpose.Research),
        ReleaseProfiles.Always,
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.MaxValue,
        Quota: 0,
        Epoch: 1,
        "ACTIVE");

    public Dictionary<string, List<DeliveryBatch>> Batches { get; } = [];

    public List<ExchangeDocument> Documents { get; } = [];

    /// <summary>Rows sent by day.</summary>
    public Dictionary<int, long> Used { get; } = [];

    /// <summary>Called before each read of rows, with the first row.</summary>
    public Action<long> Reading { get; set; } = _ => { };

    public int MostRowsRead { get; private set; }

    public void Publish(string recipient, long rows, DateTimeOffset at, string tombstones = "[]", DateTimeOffset? acknowledgedAt = null)
    {
        var batches = Batches.TryGetValue(recipient, out var known) ? known : Batches[recipient] = [];
        var manifest = Encoding.UTF8.GetBytes($$"""{"waiting":"fewer than 11","promised":410,"tombstones":{{tombstones}}}""");
        batches.Add(new(batches.Count + 1, batches.Count + 1, at, rows, new byte[32], manifest, new byte[64], acknowledgedAt));
        _rows[(recipient, batches.Count)] = rows;
    }

    public Task<IReadOnlyList<DeliveryBatch>> ReadBatchesAsync(string recipient, int afterNumber, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeliveryBatch>>([.. Batches.GetValueOrDefault(recipient, []).Where(b => b.Number > afterNumber).Take(limit)]);

    public Task<IReadOnlyList<DeliveryRow>> ReadBatchRowsAsync(
        string recipient, int batch, long startRow, int limit, int required, int k, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Reading(startRow);
        MostRowsRead = Math.Max(MostRowsRead, limit);
        var form = recipient == IExchangeStore.LocalRecipient ? RecipientForm.Local(secrets) : RecipientForm.Of(secrets, Agreement with { Agreement = recipient });
        var count = (int)Math.Min(limit, _rows[(recipient, batch)] - startRow);
        return Task.FromResult<IReadOnlyList<DeliveryRow>>([.. Enumerable.Range(0, count).Select(i => RowOf(form, batch, startRow + i))]);
    }

    public Task<IReadOnlyList<AgreementRecord>> ReadAgreementsAsync(string? partner, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AgreementRecord>>(partner is null || partner == Agreement.Partner ? [Agreement] : []);

    public Task<long> AddUseAsync(string recipient, int day, long rows, CancellationToken cancellationToken) =>
        Task.FromResult(Used[day] = Used.GetValueOrDefault(day) + rows);

    public Task<IReadOnlyList<ExchangeDocument>> ReadDocumentsAsync(string kind, string name, int afterNumber, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExchangeDocument>>([.. Documents.Where(d => d.Kind == kind && d.Name == name && d.Number > afterNumber).OrderBy(d => d.Number).Take(limit)]);

    public Task<int> ReadPublishedAsync(string stream, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<WaitingPerson>> ReadWaitingAsync(string after, int limit, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(IReadOnlyList<string> persons, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, WaitingOutcome>> ReadOutcomesAsync(IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<CellMilestone>> ReadRevisedAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> CountPreparedAsync(int publication, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, (string Person, string Milestone)? after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<DeliveredRow>> ReadUntoldAsync(string recipient, int required, int k, int publication, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Every fifth is withdrawn.</summary>
    private static DeliveryRow RowOf(RecipientForm form, int batch, long row)
    {
        string[] values = ["c-00000000000000aa", "WEEK_4", "female", "30-34", "ketamine-iv", "SEVERE", "MEASURED", "", "yes", "no", "no", "MILD", "4-8", "NONE", "1", "none", "0", "7"];
        var person = $"pt-{row}";
        var leaf = form.Seal(batch, 1, person, values[1], values).Leaf;
        return new(row, person, values[0], values[1], 1, 1, row % 5 == 4 ? null : values, leaf, null);
    }
}
