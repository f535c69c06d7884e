using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;
using Npgsql;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>What the audit adds to a write: the write as it is, beside the same without the audit's index and with its sequencer kept from its row.</summary>
internal static class AuditLine
{
    private const int Callers = 256;
    private const string Without = "without the audit";
    private const string With = "with the audit";

    /// <summary>What a round without it has left is placed before the next one with it begins.</summary>
    private static readonly TimeSpan PlacedMax = TimeSpan.FromMinutes(5);

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var network = await bench.InUseAsync(Layout.CoHosted, cancellationToken);
        var turns = new Turns(bench.InUse, Callers);
        var table = await Contest.RunAsync(bench, $"RecordAssessment, {Callers} callers", "calls/s",
        [
            new(Without, "", token => WithoutAsync(bench, network, turns, token)),
            new(With, Without, token => WithAsync(bench, network, turns, token)),
        ], cancellationToken);
        return new("audit", [table], [Goal.Least("RecordAssessment with the audit", table.Ratio(table.Rows[1]), 0.9, " x without")],
        [
            "Without: the index on the transactions of journal rows is dropped, and another session holds the row that whoever places must have. With: as released; two rounds a second place what was committed.",
            "The backlog of a round without it is placed before the next round with it, outside of its window.",
        ]);
    }

    private static async Task<Sample> WithoutAsync(Bench bench, Network network, Turns turns, CancellationToken cancellationToken)
    {
        await using var source = network.Source();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "DROP INDEX IF EXISTS journal_tx", cancellationToken);
        await ExecuteAsync(connection, "SET idle_in_transaction_session_timeout = 0", cancellationToken);
        await using var holding = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT 1 FROM audit_tree FOR UPDATE", cancellationToken);
        return await LoopAsync(bench, network, turns, cancellationToken);
    }

    private static async Task<Sample> WithAsync(Bench bench, Network network, Turns turns, CancellationToken cancellationToken)
    {
        await using var source = network.Source();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "CREATE INDEX IF NOT EXISTS journal_tx ON journal (tx)", cancellationToken);
        await ExecuteAsync(connection, "ANALYZE journal", cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PlacedMax);
        while (await IsWaitingAsync(connection, patience.Token))
        {
            await Machine.Pause.ForAsync(TimeSpan.FromMilliseconds(200), patience.Token);
        }

        return await LoopAsync(bench, network, turns, cancellationToken);
    }

    private static async Task<Sample> LoopAsync(Bench bench, Network network, Turns turns, CancellationToken cancellationToken)
    {
        using var calls = new AssessmentCalls(network.Running.Door, turns);
        return await new ClosedLoop(Callers, bench.NewWindow()).RunAsync(calls.CallAsync, bench.CpuOf(network), cancellationToken);
    }

    private static async Task<bool> IsWaitingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM journal AS j, audit_tree AS t WHERE j.tx >= t.next_tx)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
