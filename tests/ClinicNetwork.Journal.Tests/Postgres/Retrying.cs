namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>A caller that keeps its request id over failures, as clients do.</summary>
internal static class Retrying
{
    /// <summary>True once the command is accepted; false when the attempt was not executed or is unknown.</summary>
    public static async Task<bool> AcceptedAsync(IJournal journal, Append append) => await HashAsync(journal, append) is not null;

    /// <summary>The row's hash, or null when the attempt was not executed or is unknown.</summary>
    public static async Task<byte[]?> HashAsync(IJournal journal, Append append)
    {
        try
        {
            return await journal.AppendAsync(append, default) switch
            {
                AppendOutcome.Appended appended => appended.RowHash,
                AppendOutcome.AlreadyAppended { Request: { SamePayload: true } request } => Same(append, request.Row),
                var other => throw new InvalidOperationException($"{append.Stream} {append.Version}: {other}"),
            };
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            return null;
        }
    }

    private static byte[] Same(Append append, JournalRow row)
    {
        Assert.Equal((append.Version, append.Answer), (row.Version, row.Answer));
        return row.RowHash;
    }
}
