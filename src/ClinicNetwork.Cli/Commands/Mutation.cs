using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Option = System.CommandLine.Option;

namespace ClinicNetwork.Cli.Commands;

/// <summary>What every command that changes something shares: a request id, a time, and a receipt.</summary>
internal sealed class Mutation
{
    private readonly Option<string> requestId = Given.Option(
        "--request-id", "Request id of an earlier run whose outcome is not known; 8 to 64 of A-Z, a-z, 0-9 and dash", "ID",
        text => text.Length is >= 8 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? text : null);

    private readonly Option<Timestamp?>? occurredAt;

    /// <param name="timed">False for what has no time of its own, such as a plan.</param>
    internal Mutation(bool timed = true)
    {
        if (timed)
            occurredAt = Given.Instant(
                "--at", "When it happened, ISO 8601, for example 2025-07-03T09:30Z; without it now, by the store's clock");
    }

    /// <summary>As given; null: a new one.</summary>
    internal string? IdOf(Invocation run) => run.Of(requestId);

    /// <summary>As given; null: now.</summary>
    internal Timestamp? TimeOf(Invocation run) => occurredAt is null ? null : run.Of(occurredAt);

    internal IEnumerable<Option> Options => occurredAt is null ? [requestId] : [occurredAt, requestId];

    /// <summary>Sends, prints the receipt, and says how to repeat when the outcome is not known.</summary>
    internal async Task SendAsync(
        Invocation run, ClinicNetworkClient network, Func<string, Timestamp?, Task<(Receipt Receipt, string Told)>> send)
    {
        var id = run.Of(requestId) ?? RequestIds.New();
        var at = occurredAt is null ? null : run.Of(occurredAt) ?? await StoreTimeAsync(network, run.Cancelled);
        try
        {
            var (receipt, told) = await send(id, at);
            run.Terminal.Line($"{told}version {receipt.Version}, recorded {Show.Instant(receipt.RecordedAt)}");
        }
        catch (ClinicNetworkException error) when (error.Transient)
        {
            var time = at is null ? "" : $" --at {at.ToDateTimeOffset():yyyy-MM-ddTHH:mm:ss.fffZ}";
            throw new ClinicNetworkException(error.Code, error.Reason, $"{error.Message}: --request-id {id}{time}", error.Field, error);
        }
    }

    private static async Task<Timestamp> StoreTimeAsync(ClinicNetworkClient network, CancellationToken cancellationToken) =>
        (await network.Network.GetStatusAsync(new(), cancellationToken: cancellationToken)).StoreTime;
}
