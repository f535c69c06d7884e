#if FAULTS
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>What this store does wrong when it is told to; compiled into configuration Faults alone.</summary>
internal static class PlantedDefects
{
    private static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Between reading consent without its lock and writing what rests on it.</summary>
    public static readonly TimeSpan ConsentDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>True when a group must be written in an explicit transaction, so that something can happen before its commit.</summary>
    public static bool SplitsCommit =>
        Faults.Has("AcknowledgesBeforeCommit") || Environment.GetEnvironmentVariable("CLINICNETWORK_FAULT_POINT") is "BeforeCommit" or "AfterCommit";

    public static async Task<HashSet<string>> WriteAsync(GroupWriter groups, NpgsqlConnection connection, IReadOnlyList<PendingAppend> group)
    {
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        var inserted = await groups.WriteAsync(connection, group).ConfigureAwait(false);
        if (Faults.Has("AcknowledgesBeforeCommit"))
        {
            foreach (var append in group.Where(append => inserted.Contains(append.Stream)))
            {
                append.Decide(new AppendOutcome.Appended(StoredTime.FromStored(append.RecordedAt), append.RowHash));
            }

            await Task.Delay(CommitDelay).ConfigureAwait(false);
        }

        Faults.Point("BeforeCommit");
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        Faults.Point("AfterCommit");
        return inserted;
    }

    /// <summary>Dropped after the store has been judged whole.</summary>
    public static async Task DropRequestIndexAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Faults.Has("MissesRequestIndex"))
        {
            await connection.ExecuteAsync("ALTER TABLE journal DROP CONSTRAINT IF EXISTS journal_stream_request_id_key", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is done after an append; an append to be tried instead, or null.</summary>
    public static async Task<Append?> AfterAsync(ReadConnections connections, PendingAppend pending, AppendVerdict verdict, CancellationToken cancellationToken)
    {
        var append = pending.Append;
        if (verdict is AppendVerdict.Decided { Outcome: AppendOutcome.Appended } && Faults.Has("StoresAnswersLater"))
        {
            Faults.Point("BeforeAnswerIsStored");
            await connections.ListAsync(
                "UPDATE journal SET answer = $3 WHERE stream = $1 AND version = $2 RETURNING 1",
                row => row.GetInt32(0),
                cancellationToken,
                Query.Text(append.Stream),
                Query.Long(append.Version),
                Query.Bytes(pending.Answer)).ConfigureAwait(false);
        }

        if (verdict is not AppendVerdict.Decided { Outcome: AppendOutcome.VersionConflict { Head: > 0 } conflict } || append.Version == 1)
        {
            return null;
        }

        if (Faults.Has("KeepsHalfOfStaleCommand"))
        {
            var references = append.Projections.OfType<Projection.FeedReference>().ToList();
            await connections.ListAsync(
                """
                INSERT INTO feed (site, stream, version, kind, plan_changed, command, recorded_at)
                SELECT n.site, $1, $2, n.kind, false, $3, $4 FROM unnest($5::text[], $6::integer[]) AS n(site, kind) RETURNING 1
                """,
                row => row.GetInt32(0),
                cancellationToken,
                Query.Text(append.Stream),
                Query.Long(append.Version),
                Query.Text(append.Command),
                Query.Long(pending.RecordedAt),
                Query.Texts(references, reference => reference.Site),
                Query.Ints(references, reference => (int)reference.Kind)).ConfigureAwait(false);
        }

        if (Faults.Has("OverwritesVersion"))
        {
            await connections.ListAsync(
                "DELETE FROM journal WHERE stream = $1 AND version >= $2 RETURNING 1",
                row => row.GetInt32(0),
                cancellationToken,
                Query.Text(append.Stream),
                Query.Long(append.Version)).ConfigureAwait(false);
        }

        if (!Faults.Has("OverwritesVersion") && !Faults.Has("RenumbersVersion"))
        {
            return null;
        }

        var version = Faults.Has("RenumbersVersion") ? conflict.Head + 1 : append.Version;
        var before = await connections.ListAsync(
            "SELECT row_hash FROM journal WHERE stream = $1 AND version = $2",
            row => row.GetFieldValue<byte[]>(0),
            cancellationToken,
            Query.Text(append.Stream),
            Query.Long(version - 1)).ConfigureAwait(false);
        return before.Count == 0 ? null : append with { Version = version, BaseHash = before[0] };
    }
}
#endif
