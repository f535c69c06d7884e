using System.Globalization;
using ClinicNetwork.Client;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Faults.Releases;

/// <summary>A withdrawal to be raced.</summary>
/// <param name="Permitted">What stays permitted.</param>
internal sealed record Withdrawal(Person Person, RecipientClass[] Permitted, TimeSpan After);

/// <summary>One publication, with everything that happens in it at once: withdrawals, readers, a kill.</summary>
internal sealed class RaceDay(ReleaseNetwork network, LeakJudge judge, PageReader reader, IReadOnlyDictionary<string, string> environment)
{
    private static readonly TimeSpan PublishMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PlantedMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(100);

    private bool _isOver;

    /// <summary>Withdrawals that began before the publication was over.</summary>
    public int Races { get; private set; }

    public int Kills { get; private set; }

    /// <summary>A planted defect may have kept the publication from being made.</summary>
    public bool IsMade { get; private set; }

    /// <summary>From the due time until it was committed.</summary>
    public TimeSpan Took { get; private set; }

    /// <param name="expected">Number of the publication.</param>
    /// <param name="killAfter">Null: the server is not killed from outside.</param>
    /// <param name="nextPoint">Environment of the server's next start after a kill.</param>
    public async Task RunAsync(
        DateTimeOffset day, int expected, IReadOnlyList<Withdrawal> withdrawals, TimeSpan? killAfter, Func<IReadOnlyDictionary<string, string>> nextPoint, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var newest = Math.Max(0, expected - 3);
        Task[] reading = [.. network.Recipients.Select(r => reader.ReadOnAsync(r, newest, over.Token))];
        var watching = WatchAsync(nextPoint, over.Token);
        try
        {
            var withdrawing = withdrawals.Select(w => WithdrawAsync(w, day.AddHours(-1), stop)).ToArray();
            var killing = KillAsync(killAfter, stop);
            await PublishAsync(day, expected, stop);
            await killing;
            await Task.WhenAll(withdrawing);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll([.. reading, watching]);
        }
    }

    private async Task WithdrawAsync(Withdrawal withdrawal, DateTimeOffset at, CancellationToken stop)
    {
        await Pause.ForAsync(withdrawal.After, stop);
        if (!_isOver)
        {
            Races++;
        }

        await network.Client.Patients.SetResearchConsentAsync(
            new() { RequestId = RequestIds.New(), Patient = withdrawal.Person.Name, Recipients = { withdrawal.Permitted }, OccurredAt = at.ToTimestamp() }, cancellationToken: stop);
        var acknowledged = TimeProvider.System.GetTimestamp();
        foreach (var recipient in network.Recipients.Where(r => !withdrawal.Permitted.Contains(r.Class)))
        {
            judge.Withdrew(withdrawal.Person.Stream, recipient.Id, acknowledged);
        }
    }

    /// <summary>Asks for the day until it is held: of a kill, or of withdrawals that came in between, nobody else tells the server.</summary>
    private async Task PublishAsync(DateTimeOffset day, int expected, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        var to = day;
        while (await network.ReadPublishedAsync(stop) < expected)
        {
            if (environment.Count > 0 && TimeProvider.System.GetElapsedTime(began) > PlantedMax)
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > PublishMax)
            {
                throw new RigException(string.Create(CultureInfo.InvariantCulture, $"publication {expected} was not made within {PublishMax.TotalMinutes} minutes"));
            }

            try
            {
                await network.Client.Network.AdvanceClockAsync(new() { RequestId = RequestIds.New(), To = to.ToTimestamp() }, cancellationToken: stop);

                // Blocked: tried again an hour later.
                to = await network.ReadPublishedAsync(stop) < expected ? to.AddHours(1) : to;
            }
            catch (Exception exception) when (exception is RpcException or ClinicNetworkException && !stop.IsCancellationRequested)
            {
                await Pause.ForAsync(AgainAfter, stop);
            }
        }

        (IsMade, Took, _isOver) = (true, TimeProvider.System.GetElapsedTime(began), true);
    }

    private async Task KillAsync(TimeSpan? after, CancellationToken stop)
    {
        if (after is { } delay)
        {
            await Pause.ForAsync(delay, stop);
            if (network.Server.ProcessId is var id and not 0)
            {
                Owned.Kill(id);
            }
        }
    }

    /// <summary>Starts the server again whenever it was killed, from outside or at a point.</summary>
    private async Task WatchAsync(Func<IReadOnlyDictionary<string, string>> nextPoint, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(AgainAfter);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (!network.Server.IsRunning)
                {
                    Kills++;
                    await StartAgainAsync(new Dictionary<string, string>(environment.Concat(nextPoint())));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The day is over.
        }
    }

    private async Task StartAgainAsync(Dictionary<string, string> environment)
    {
        try
        {
            await network.Server.StartAsync(environment, wanted: true, CancellationToken.None);
        }
        catch (RigException) when (network.Server.EndedBySigKill)
        {
            // Killed before it told that it serves: one kill more.
        }
    }
}
