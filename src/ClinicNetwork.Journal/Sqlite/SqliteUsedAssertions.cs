namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IUsedAssertions"/>
internal sealed class SqliteUsedAssertions(WriteQueue queue) : IUsedAssertions
{
    public async Task<bool> TryUseAsync(byte[] id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        try
        {
            return await queue.RunAsync(new UseJob(id, until), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    private sealed class UseJob(byte[] id, DateTimeOffset until) : WriteJob<bool>
    {
        private bool _taken;

        public override bool IsRefusal => false;

        protected override bool Result => _taken;

        public override void Write(SqliteSession writer)
        {
            writer.Execute(
                "DELETE FROM used_assertion WHERE id IN (SELECT id FROM used_assertion WHERE until < unixepoch() * 1000 ORDER BY until LIMIT $limit)",
                ("$limit", IUsedAssertions.ForgottenMax));
            _taken = writer.Execute(
                "INSERT INTO used_assertion (id, until) VALUES ($id, $until) ON CONFLICT (id) DO NOTHING", ("$id", id), ("$until", StoredTime.ToStored(until))) == 1;
        }
    }
}
