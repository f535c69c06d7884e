using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>Rows that someone moved or altered in the file are found when read; nothing wrong is ever taken for a record.</summary>
public sealed class DamageTests
{
    private static async Task<SqliteStoreUnderTest> DamagedAsync(string script)
    {
        var store = await SqliteStoreUnderTest.CreateAsync();
        foreach (var name in (string[])["pt-a", "pt-b"])
        {
            var stream = new StreamDriver(store.Journal, name);
            for (var i = 0; i < 3; i++)
            {
                await stream.AcceptAsync(new Noted($"{name} {i}", []));
            }
        }

        await store.RestartAsync(() =>
        {
            using var session = SqliteSession.Open(Path.Combine(store.Folder, "journal.db"), SqliteOpenMode.ReadWrite);
            session.RunScript(script);
        });
        return store;
    }

    [Theory]
    [InlineData("UPDATE journal SET events = (SELECT events FROM journal AS o WHERE o.stream = 'pt-b' AND o.version = journal.version) WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET events = (SELECT events FROM journal AS o WHERE o.stream = 'pt-a' AND o.version = 3) WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET events = answer WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET answer = events WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET actor = 'somebody else' WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET site = 'south' WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET recorded_at = recorded_at - 1 WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET command = 'Other' WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET request_id = 'other' WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("UPDATE journal SET payload_hash = x'00' WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("DELETE FROM journal WHERE stream = 'pt-a' AND version = 2")]
    [InlineData("DELETE FROM journal WHERE stream = 'pt-a' AND version = 1")]
    [InlineData("UPDATE key_wrap SET wrapped = (SELECT wrapped FROM key_wrap AS o WHERE o.stream = 'pt-b') WHERE stream = 'pt-a'")]
    [InlineData("DELETE FROM data_key WHERE stream = 'pt-a'")]
    [InlineData("DELETE FROM key_wrap WHERE stream = 'pt-a'")]
    public async Task Altered_moved_and_missing_rows_are_found(string script)
    {
        await using var store = await DamagedAsync(script);
        await Assert.ThrowsAsync<StoreDamagedException>(() => store.Journal.ReadAsync("pt-a", 0, 10, default));
        Assert.Equal(3, (await store.Journal.ReadAsync("pt-b", 0, 10, default)).Count);
    }

    [Fact]
    public async Task A_row_left_out_is_found_at_the_edge_of_a_page_too()
    {
        await using var store = await DamagedAsync("DELETE FROM journal WHERE stream = 'pt-a' AND version = 2");
        Assert.Single(await store.Journal.ReadAsync("pt-a", 0, 1, default));
        await Assert.ThrowsAsync<StoreDamagedException>(() => store.Journal.ReadAsync("pt-a", 1, 1, default));
        await Assert.ThrowsAsync<StoreDamagedException>(() => store.Journal.ReadAsync("pt-a", 2, 1, default));
    }

    [Fact]
    public async Task An_unknown_event_stops_its_own_stream_only()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "pt-known").AppendAsync(Of("pt-known", new Domain.Patients.ResearchConsentSet([], DateTimeOffset.UnixEpoch)));
        await new StreamDriver(store.Journal, "pt-unknown").AppendAsync(Of("pt-unknown", new Noted("a", [])));
        await store.Store.DisposeAsync();

        await using var older = await SqliteStore.OpenAsync(SqliteStoreUnderTest.Options(store.Folder) with { TypeAssemblies = [] }, default);
        Assert.Single(await older.Journal.ReadAsync("pt-known", 0, 10, default));
        var stopped = await Assert.ThrowsAsync<UnknownEventException>(() => older.Journal.ReadAsync("pt-unknown", 0, 10, default));
        Assert.Contains("test-noted", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(1, await older.Journal.ReadHeadAsync("pt-unknown", default));

        static Append Of(string stream, Domain.IEvent one) =>
            new(stream, 1, [], new("request-1", [1], "tester", new ClinicId("north")), "Note", [one], Domain.Accepted.Instance, []);
    }
}
