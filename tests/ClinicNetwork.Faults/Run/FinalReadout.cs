using ClinicNetwork.Cli.Commands.Audit;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Load;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Verification.Audit;
using Grpc.Core;
using HistoryEntry = ClinicNetwork.Faults.History.HistoryEntry;
using Patient = ClinicNetwork.Faults.Load.Patient;

namespace ClinicNetwork.Faults.Run;

/// <summary>Reads at the end, when nothing strikes any more, what the network holds: confirmed histories, whole feeds, worklists, the store's time.</summary>
internal sealed class FinalReadout(HistoryWriter history, Gateways gateways)
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(20);
    private const int TriesMax = 20;
    private const int DefiniteTriesMax = 3;
    private const int AtOnce = 8;
    private const int PageSize = 500;
    private const int PagesMax = 10_000;

    /// <summary>What was committed is in the audit tree within a second, and under a signed head within ten; longer is a defect.</summary>
    private static readonly TimeSpan AuditMax = TimeSpan.FromSeconds(40);

    private readonly Random _random = new(1);

    /// <summary>Of all patients.</summary>
    private long _versions;

    public async Task<DateTimeOffset> ReadAsync(IReadOnlyCollection<Patient> patients, CancellationToken stop)
    {
        // Worklists first: what is not on them any more is in the histories that are read after them.
        foreach (var site in Workload.Sites)
        {
            await ReadWorklistAsync(site, stop);
        }

        await Parallel.ForEachAsync(patients, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (patient, _) =>
        {
            try
            {
                await ReadHistoryAsync(patient.Name, stop);
            }
            catch (RigException)
            {
                // The history has no end, and I1 says so.
            }
        });
        var status = await TryAsync(g => g.Admin.GetStatusAsync(new(), null, Deadline, stop), stop);
        return status.StoreTime.ToDateTimeOffset();
    }

    /// <summary>The feed from its start to its end, in one piece.</summary>
    public async Task ReadFeedsAsync(int seed, CancellationToken stop) =>
        await Task.WhenAll(Workload.Sites.Select(site => new FeedReader(history, gateways, site, "whole", seed).DrainAsync(TimeSpan.FromSeconds(60), stop)));

    /// <summary>The whole audit, once every version that was read has its place under a head, or the time for that is over.</summary>
    public async Task ReadAuditAsync(CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (report, placed) = await VerifyAuditAsync(stop);
            if (TimeProvider.System.GetElapsedTime(began) > AuditMax || report.Finding is not null || placed.Count(p => p.Position < report.SignedSize) >= _versions)
            {
                placed.ForEach(one => history.Write(one));
                history.Write(new AuditRead(report.Size, report.SignedSize, report.Finding is { } finding ? $"{finding.Rule}: {finding.Message}" : null));
                return;
            }

            await Pause.ForAsync(TimeSpan.FromSeconds(1), stop);
        }
    }

    private async Task<(AuditReport Report, List<AuditPlaced> Placed)> VerifyAuditAsync(CancellationToken stop)
    {
        var key = (await TryAsync(g => g.Audit.GetAuditKeyAsync(new(), null, Deadline, stop), stop)).PublicKeyPem;
        var heads = new List<AuditHead>();
        for (var token = ""; ;)
        {
            var page = await TryAsync(g => g.Audit.ListHeadsAsync(new() { PageSize = 1_000, PageToken = token }, null, Deadline, stop), stop);
            heads.AddRange(page.Heads.Select(AuditMessages.Of));
            token = page.NextPageToken;
            if (token.Length == 0)
            {
                break;
            }
        }

        using var verifier = new AuditVerifier(key, null, heads, []);
        var placed = new List<AuditPlaced>();
        using var call = gateways.Pick(_random).Audit.StreamEntries(new(), null, Deadline, stop);
        await foreach (var page in call.ResponseStream.ReadAllAsync(stop))
        {
            foreach (var one in page.Entries)
            {
                verifier.Add(AuditMessages.Of(one));
                if (one.Entry is { Version: > 0 } change && change.Subject.StartsWith("pt-", StringComparison.Ordinal))
                {
                    placed.Add(new(one.Position, "patients/" + change.Subject[3..], change.Version));
                }
            }
        }

        return (verifier.Finish(), placed);
    }

    private static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime + CallMax;

    private async Task ReadHistoryAsync(string patient, CancellationToken stop)
    {
        var (token, entries) = ("", 0);
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await TryAsync(g => g.Patients.ListHistoryAsync(new() { Parent = patient, PageSize = PageSize, PageToken = token }, null, Deadline, stop), stop);
            foreach (var entry in answer.Entries)
            {
                history.Write(new HistoryEntry(patient, entry.Version, entry.RequestId, entry.Command, entry.RecordedAt.ToDateTimeOffset()));
            }

            entries += answer.Entries.Count;
            Interlocked.Add(ref _versions, answer.Entries.Count);
            token = answer.NextPageToken;
            if (token.Length == 0)
            {
                history.Write(new HistoryComplete(patient, entries));
                return;
            }
        }
    }

    private async Task ReadWorklistAsync(string site, CancellationToken stop)
    {
        var token = "";
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await TryAsync(g => g.Clinics.ListWorklistAsync(new ListWorklistRequest { Parent = site, PageSize = PageSize, PageToken = token }, null, Deadline, stop), stop);
            foreach (var entry in answer.Entries.Where(e => e.Overdue))
            {
                history.Write(new OverdueListed(entry.Patient, entry.Milestone.ToString()));
            }

            token = answer.NextPageToken;
            if (token.Length == 0)
            {
                return;
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<Gateway, AsyncUnaryCall<T>> call, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            Gateway gateway;
            lock (_random)
            {
                gateway = gateways.Pick(_random);
            }

            try
            {
                return await call(gateway);
            }
            catch (RpcException exception) when (!stop.IsCancellationRequested)
            {
                if (tries == TriesMax || (Sender.IsDefinite(exception) && tries > DefiniteTriesMax))
                {
                    throw new RigException($"{gateway.Name} refused the reading at the end: {Sender.ReasonOf(exception)}");
                }

                await Pause.ForAsync(TimeSpan.FromMilliseconds(300), stop);
            }
        }
    }
}
