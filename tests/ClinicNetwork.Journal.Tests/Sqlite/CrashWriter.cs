using System.Globalization;
using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>
/// A process that appends to its streams without end and says each acknowledged append on its output, until it is killed. Started again
/// on the same folder it goes on where the store, not the process, says it was.
/// </summary>
internal static class CrashWriter
{
    public const int Streams = 16;

    public static SqliteStoreOptions Options(string folder) => new() { Folder = folder, TypeAssemblies = [typeof(Noted).Assembly] };

    public static async Task<int> RunAsync(string folder)
    {
        await using var store = await SqliteStore.OpenAsync(Options(folder), default);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => Task.Run(() => AppendForeverAsync(store, $"pt-{i}", output))));
        return 0;
    }

    private static async Task AppendForeverAsync(SqliteStore store, string stream, StreamWriter output)
    {
        var version = await store.Journal.ReadHeadAsync(stream, default);
        var head = version == 0 ? [] : (await store.Journal.ReadAsync(stream, version - 1, 1, default))[0].RowHash;
        while (true)
        {
            version++;
            var request = string.Create(CultureInfo.InvariantCulture, $"{stream}-request-{version}");
            var outcome = await store.Journal.AppendAsync(
                new Append(stream, version, head, StreamDriver.Origin(request, request), "Note", [new Noted(request, [1, 2]), new Noted("second", [])], new Receipt(request),
                [
                    new Projection.SitesSet(["cl-n"]),
                    new Projection.FeedReference("cl-n", FeedKind.Changed, true),
                    new Projection.DueSet("visit", DateTimeOffset.UnixEpoch.AddSeconds(version)),
                ]),
                default);
            head = ((AppendOutcome.Appended)outcome).RowHash;
            lock (output)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stream} {version}"));
            }
        }
    }
}
