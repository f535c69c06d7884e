using System.Security.Cryptography;
using ClinicNetwork.Journal.Audit;
using static ClinicNetwork.Journal.Tests.Contract.AuditTools;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Whoever may write to the database cannot have the network's servers place or sign on what it wrote; changes and accesses are kept meanwhile.</summary>
public abstract class AuditAttackContract(IStoreFactory stores)
{
    private const string Row = "its row was not written";
    private const string Back = "it was put back";

    /// <summary>Statements both databases know, what is told on the running store, and what on one that is started afterwards; null: only who kept a head can tell.</summary>
    public static TheoryData<string, string, string?, string?> Attacks => new()
    {
        { "a smaller tree", "UPDATE audit_tree SET size = 1, frontier = (SELECT leaf FROM audit_leaf WHERE position = 0)", Row, Row },
        { "a tree made anew", "DELETE FROM audit_leaf; DELETE FROM audit_head; UPDATE audit_tree SET size = 0, frontier = (SELECT frontier FROM old_tree WHERE size = 0)", Row, Row },
        { "a forged root", "UPDATE audit_tree SET frontier = (SELECT leaf FROM audit_leaf WHERE position = 0)", Row, Row },
        { "entries passed over", "UPDATE audit_tree SET {passed}", Row, Row },
        { "no MAC", "UPDATE audit_tree SET mac = (SELECT frontier FROM old_tree WHERE size = 0)", Row, Row },
        { "an older row", OlderRow, Back, Back },
        { "an older row, without its later leaves", OlderRow + "; DELETE FROM audit_leaf WHERE position >= 1", Back, Back },
        { "an older row, without its later leaves and heads", OlderRow + "; DELETE FROM audit_leaf WHERE position >= 1; DELETE FROM audit_head WHERE size > 1", Back, null },
        { "a leaf changed", "UPDATE audit_leaf SET leaf = (SELECT leaf FROM audit_leaf WHERE position = 0) WHERE position = 2", null, "its hashes are not" },
        { "a leaf gone", "DELETE FROM audit_leaf WHERE position = 1", null, "hashes are missing" },
        { "the newest head another's", "UPDATE audit_head SET note = (SELECT note FROM audit_head WHERE number = 1) WHERE number = 2", "another tree's", "another tree's" },
        { "the row gone", "DELETE FROM audit_tree", "its row is gone", "its row is gone" },
    };

    private const string OlderRow = "DELETE FROM audit_tree; INSERT INTO audit_tree SELECT * FROM old_tree WHERE size = 1";

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Nothing_is_placed_or_signed_on_what_others_wrote(string what, string sql, string? running, string? started)
    {
        await using var store = await stores.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await store.SqlAsync("DROP TABLE IF EXISTS old_tree; CREATE TABLE old_tree AS SELECT * FROM audit_tree");
        await store.Audit.RecordAsync([Access(0)], default);
        await PlaceAsync(store.Audit, Heads(key), 1);
        await store.SqlAsync("INSERT INTO old_tree SELECT * FROM audit_tree");
        await store.Audit.RecordAsync([Access(1), Access(2)], default);
        await PlaceAsync(store.Audit, Heads(key), 2);
        Assert.Null(await store.Audit.FindProblemAsync(default));

        await store.SqlAsync(sql.Replace("{passed}", PassedOver, StringComparison.Ordinal));
        await RefusedAsync(store, key, what, running);
        await store.RestartAsync();
        await RefusedAsync(store, key, what, started);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        await store.Audit.RecordAsync([Access(3)], default);
        await store.SqlAsync("DROP TABLE old_tree");
    }

    /// <summary>What the columns of the store are set to, so that what waits is never placed.</summary>
    protected abstract string PassedOver { get; }

    private static async Task RefusedAsync(IStoreUnderTest store, ECDsa key, string what, string? told)
    {
        if (told is null)
        {
            Assert.Null((await store.Audit.PlaceAsync(Heads(key, TimeSpan.FromDays(1)), default)).Problem);
            return;
        }

        var heads = (await store.Audit.ReadHeadsAsync(0, 10, default)).Count;
        var round = await store.Audit.PlaceAsync(Heads(key), default);
        Assert.True(round.Problem?.Contains(told, StringComparison.Ordinal) == true, $"{what}: {round.Problem}");
        Assert.Equal((0, (SignedHead?)null), (round.Placed, round.Head));
        Assert.Equal(round.Problem, await store.Audit.FindProblemAsync(default));
        Assert.Equal(heads, (await store.Audit.ReadHeadsAsync(0, 10, default)).Count);
    }
}
