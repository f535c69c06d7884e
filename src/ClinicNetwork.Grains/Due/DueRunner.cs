using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Grains.Submissions;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Due;

/// <summary>
/// Runs what is due: reads due rows in pages and calls the grain that owns each, with a request id made of kind, stream and time, so that
/// a double run does nothing. The row goes in the same transaction as what was due.
/// </summary>
public sealed class DueRunner(IProjections projections, IGrainFactory grains, CallerSeal seal, StreamHandles handles, TimeProvider time, ILogger<DueRunner> log)
{
    /// <summary>Rows read and run at a time.</summary>
    public const int PageRows = 256;

    /// <summary>Failures after which a run gives up; the next one begins again.</summary>
    private const int FailuresMax = 16 * PageRows;

    /// <summary>Grain calls under way at once.</summary>
    private const int Parallel = 16;

    /// <summary>Runs everything due until a time, in order of time by pages. Returns how many were run and how many failed (they stay due).</summary>
    /// <param name="lease">
    /// See <see cref="IProjections.ReadDueAsync"/>. A row is not begun, and no other page read, once it is over: another process may run it then.
    /// </param>
    public async Task<(int Run, int Failed)> RunAsync(DateTimeOffset until, TimeSpan lease, CancellationToken cancellationToken)
    {
        var (run, begun) = (0, time.GetTimestamp());
        var failed = new ConcurrentDictionary<DueRow, bool>();
        while (true)
        {
            // Before the answer, so that the lease here is over before the database's.
            var leased = time.GetTimestamp();

            // Without a lease what failed comes back at the head of the next page; leased rows do not come back meanwhile.
            var limit = lease > TimeSpan.Zero ? PageRows : PageRows + failed.Count;
            var rows = (await projections.ReadDueAsync(until, limit, lease, cancellationToken)).Where(row => !failed.ContainsKey(row)).ToArray();
            if (rows.Length == 0 || failed.Count > FailuresMax)
            {
                return (run, failed.Count);
            }

            await System.Threading.Tasks.Parallel.ForEachAsync(
                rows,
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
                async (row, token) =>
                {
                    if (!IsOver(lease, leased))
                    {
                        _ = await RunOneAsync(row, token) ? Interlocked.Increment(ref run) > 0 : failed.TryAdd(row, true);
                    }
                });
            if (IsOver(lease, begun))
            {
                return (run, failed.Count);
            }
        }
    }

    private bool IsOver(TimeSpan lease, long since) => lease > TimeSpan.Zero && time.GetElapsedTime(since) >= lease;

    /// <summary>The request id of a due thing: the same for every attempt.</summary>
    public static CommandOrigin OriginOf(DueRow row)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Kind}|{row.Stream}|{row.At.ToUnixTimeMilliseconds()}")));
        return new("due-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)), hash, "due-loop", null);
    }

    private async Task<bool> RunOneAsync(DueRow row, CancellationToken cancellationToken)
    {
        seal.Enter(CallerSeal.System);
        try
        {
            var reply = await CallAsync(row, OriginOf(row), cancellationToken);
            if (reply.Refusal is { } refusal && !IsPassing(refusal))
            {
                log.LogError("What was due could not be done ({Kind} of {Stream}): {Reason}", row.Kind, handles.Of(row.Stream), refusal.Reason);
            }

            return reply.Refusal is null;
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // A silo went: it stays due, as after any refusal that passes.
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("What was due could not be done ({Kind} of {Stream}); it stays due: {Failure}", row.Kind, handles.Of(row.Stream), handles.Told(exception, row.Stream));
            return false;
        }
    }

    /// <summary>What the same request id cures by itself; the loop tells once how much waits.</summary>
    private static bool IsPassing(Refusal refusal) => refusal.Reason is "NOT_EXECUTED" or "OUTCOME_UNKNOWN" or LedgerRefusal.Reason;

    private Task<Reply<Accepted>> CallAsync(DueRow row, CommandOrigin origin, CancellationToken cancellationToken) =>
        Streams.IsPatient(row.Stream) && DueKinds.MilestoneOf(row.Kind) is { } milestone
            ? grains.GetGrain<IPatientGrain>(row.Stream).CloseMilestone(new CloseMilestone(milestone.Milestone, milestone.Course), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && DueKinds.EmergencyOf(row.Kind) is { } access
            ? grains.GetGrain<IPatientGrain>(row.Stream).EndEmergencyAccess(new EndEmergencyAccess(access.Number), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && DueKinds.AlertOf(row.Kind) is { } alert
            ? grains.GetGrain<IPatientGrain>(row.Stream).EscalateAlert(new EscalateAlert(alert.Number, alert.Level), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && row.Kind == DueKinds.Lapse
            ? grains.GetGrain<IPatientGrain>(row.Stream).NoticeLapse(new NoticeLapse(), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && row.Kind == DueKinds.ConsentEnd
            ? grains.GetGrain<IPatientGrain>(row.Stream).EndResearchConsent(new EndResearchConsent(), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && DueKinds.WithdrawalOf(row.Kind) is { } withdrawal
            ? grains.GetGrain<IPatientGrain>(row.Stream).WithdrawAgain(new WithdrawAgain(withdrawal.Permitted, withdrawal.Until, row.At), origin, cancellationToken)
            : Streams.IsPatient(row.Stream) && row.Kind == DueKinds.YearlyMilestones
            ? grains.GetGrain<IPatientGrain>(row.Stream).AddYearlyMilestones(new AddYearlyMilestones(), origin, cancellationToken)
            : Streams.IsApproval(row.Stream) && row.Kind == DueKinds.ExecuteApproval
            ? grains.GetGrain<IApprovalGrain>(row.Stream).Execute(origin, cancellationToken)
            : Streams.IsApproval(row.Stream) && row.Kind == DueKinds.ExpireApproval
            ? grains.GetGrain<IApprovalGrain>(row.Stream).Expire(origin, cancellationToken)
            : Streams.IsSubmission(row.Stream) && row.Kind == DueKinds.ExpireSubmission
            ? grains.GetGrain<ISubmissionGrain>(row.Stream).Expire(origin, cancellationToken)
            : Streams.IsPartner(row.Stream) && DueKinds.ExpiryOf(row.Kind) is { } agreement
            ? grains.GetGrain<IPartnerGrain>(row.Stream).Expire(new ExpireAgreement(agreement), origin, cancellationToken)
            : Streams.IsPartner(row.Stream) && DueKinds.RekeyOf(row.Kind) is { } rekey
            ? RekeyAsync(row.Stream, rekey.Agreement, rekey.Epoch, origin, cancellationToken)
            : Streams.IsRelease(row.Stream) && row.Kind == DueKinds.Publish
                ? grains.GetGrain<IReleaseGrain>(row.Stream).Publish(origin, cancellationToken)
                : throw new InvalidOperationException($"Nothing is known about the due kind {row.Kind}.");

    /// <summary>From here and not by the partner's grain: a publication that is under way takes minutes, and the partner acknowledges meanwhile.</summary>
    private async Task<Reply<Accepted>> RekeyAsync(string partner, AgreementId agreement, int epoch, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var reply = await grains.GetGrain<IReleaseGrain>(Streams.OfProfile(PublicOutcomes.Profile)).Rekey(agreement.Recipient, origin, cancellationToken);
        return reply.Refusal is null ? await grains.GetGrain<IPartnerGrain>(partner).ConfirmRekey(new(agreement, epoch), origin, cancellationToken) : reply;
    }
}
