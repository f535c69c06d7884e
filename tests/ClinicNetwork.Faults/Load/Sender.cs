using System.Collections.Concurrent;
using System.Security.Cryptography;
using ClinicNetwork.Faults.History;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.Faults.Load;

/// <summary>What became of a command as far as its sender knows.</summary>
internal enum Ending
{
    Acknowledged,
    Refused,
    Unresolved,
}

/// <summary>Sends commands, several copies at once through different gateways, again with the same id until there is a definite answer, and writes everything down.</summary>
internal sealed class Sender(HistoryWriter history, Gateways gateways)
{
    private static readonly TimeSpan AttemptMax = TimeSpan.FromSeconds(8);
    private const int RetryMinMs = 20;
    private const int RetryMaxMs = 400;

    /// <summary>Acknowledged commands kept to be sent again later.</summary>
    private const int KeptMax = 600;

    private readonly ConcurrentDictionary<int, Command> _kept = new();
    private int _acknowledged;
    private int _sent;

    public int Acknowledged => _acknowledged;

    public IReadOnlyCollection<Command> Kept => [.. _kept.Values];

    /// <summary>Sends until accepted, refused or given up.</summary>
    /// <param name="copies">Attempts at once, the first time.</param>
    public async Task<Ending> DriveAsync(Command command, int copies, Random random, CancellationToken giveUp)
    {
        history.Write(command.Invoked);
        var retryMs = RetryMinMs;
        while (true)
        {
            var told = await Task.WhenAll(gateways.PickDifferent(copies, random).Select(gateway => AttemptAsync(command, gateway, giveUp)).ToArray());
            if (told.Any(t => t.Outcome == Outcome.Ok))
            {
                Interlocked.Increment(ref _acknowledged);
                Keep(command, random);
                return Ending.Acknowledged;
            }

            if (told.Any(t => t.Outcome == Outcome.Refused && !IsBusy(t)))
            {
                return Ending.Refused;
            }

            if (giveUp.IsCancellationRequested)
            {
                return Ending.Unresolved;
            }

            try
            {
                await Pause.ForAsync(TimeSpan.FromMilliseconds(random.Next(retryMs / 2, retryMs)), giveUp);
            }
            catch (OperationCanceledException)
            {
                return Ending.Unresolved;
            }

            (copies, retryMs) = (1, Math.Min(retryMs * 2, RetryMaxMs));
        }
    }

    /// <summary>Sends an acknowledged command once more: it gets the same answer, however long ago it was.</summary>
    public async Task AgainAsync(Random random, CancellationToken giveUp)
    {
        if (_kept.Values.ElementAtOrDefault(random.Next(Math.Max(1, _kept.Count))) is { } command)
        {
            await AttemptAsync(command, gateways.Pick(random), giveUp);
        }
    }

    public Task AgainAsync(Command command, Random random, CancellationToken giveUp) => AttemptAsync(command, gateways.Pick(random), giveUp);

    private async Task<Told> AttemptAsync(Command command, Gateway gateway, CancellationToken giveUp)
    {
        var attempt = command.NextAttempt();
        history.Write(new Sent(command.Id, attempt, gateway.Name));
        Told told;
        try
        {
            var accepted = await command.SendAsync(gateway, TimeProvider.System.GetUtcNow().UtcDateTime + AttemptMax, giveUp);
            command.Patient.See(accepted.Version);
            if (accepted is { IsPlanChanged: true, Plan: { } plan })
            {
                command.Patient.TakePlan(new(accepted.Version, plan.Etag, PlanTexts.GoalsOf(plan)));
            }

            if (accepted.Conflict is { } conflict)
            {
                command.Patient.Conflicts.TryAdd(conflict, false);
            }

            told = new(command.Id, attempt, Outcome.Ok, accepted.Version, Hash(accepted.Answer), accepted.Plan?.Revision) { Plan = PlanTexts.Of(accepted.Plan), Became = accepted.BecameName };
        }
        catch (RpcException exception)
        {
            told = new(command.Id, attempt, IsDefinite(exception) ? Outcome.Refused : Outcome.Unknown, Reason: ReasonOf(exception));
        }
        catch (OperationCanceledException)
        {
            told = new(command.Id, attempt, Outcome.Unknown, Reason: "Cancelled");
        }

        history.Write(told);
        return told;
    }

    public static string Hash(IMessage message) => Convert.ToHexStringLower(SHA256.HashData(message.ToByteArray()).AsSpan(0, 8));

    /// <summary>Status, and the reason that the server gives.</summary>
    public static string ReasonOf(RpcException exception) => $"{exception.StatusCode} {ServerReason(exception)}".TrimEnd();

    /// <summary>The server itself said that this attempt was not executed; anything else may have been.</summary>
    public static bool IsDefinite(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted
            or StatusCode.PermissionDenied or StatusCode.OutOfRange or StatusCode.Unauthenticated => true,
        StatusCode.Unavailable => ServerReason(exception) == "NOT_EXECUTED",
        _ => false,
    };

    private static bool IsBusy(Told told) => told.Reason?.StartsWith("Unavailable", StringComparison.Ordinal) == true;

    private static string ServerReason(RpcException exception) => exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "";

    private void Keep(Command command, Random random)
    {
        var number = Interlocked.Increment(ref _sent) - 1;
        _kept[number < KeptMax ? number : random.Next(KeptMax)] = command;
    }
}
