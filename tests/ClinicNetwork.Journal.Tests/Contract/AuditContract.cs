using System.Security.Cryptography;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Tests.Postgres;
using ClinicNetwork.Verification.Audit;
using static ClinicNetwork.Journal.Tests.Contract.AuditTools;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Everything committed is placed once and in order, and the tree is the one that RFC 9162 says.</summary>
public abstract class AuditContract(IStoreFactory stores)
{
    [Fact]
    public async Task Changes_and_accesses_are_placed_once_and_in_the_order_of_their_commits()
    {
        await using var store = await stores.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var heads = Heads(key);
        Assert.Null(await store.Audit.ReadHeadAsync(default));
        Assert.Equal(0, (await store.Audit.PlaceAsync(heads, default)).Placed);

        var anna = new StreamDriver(store.Journal, "pt-a");
        var first = await anna.AcceptAsync();
        await PlaceAsync(store.Audit, heads, 1);
        await store.Audit.RecordAsync([Access(1), Access(2)], default);
        await PlaceAsync(store.Audit, heads, 2);
        await store.RestartAsync();
        anna = new StreamDriver(store.Journal, "pt-b");
        await anna.AcceptAsync();
        await PlaceAsync(store.Audit, heads, 1);
        Assert.Equal(0, (await store.Audit.PlaceAsync(Heads(key, TimeSpan.FromHours(1)), default)).Placed);

        var entries = await store.Audit.ReadEntriesAsync(0, 100, default);
        Assert.Equal([0, 1, 2, 3], entries.Select(entry => entry.Position));
        Assert.Equal(["pt-a", "pt-1", "pt-2", "pt-b"], entries.Select(entry => entry.Entry!.Subject));
        Assert.Equal([1L, 0, 0, 1], entries.Select(entry => entry.Entry!.Version));
        Assert.Equal(("Note", first.RecordedAt, 32), (entries[0].Entry!.Action, entries[0].Entry!.At, entries[0].Entry!.Content.Length));
        Assert.Equal(("nurse-1", "harbour", "TREAT", "OK", 2, At), (entries[1].Entry!.Actor, entries[1].Entry!.Site, entries[1].Entry!.Purpose, entries[1].Entry!.Outcome, entries[1].Entry!.Count, entries[1].Entry!.At));
        Assert.All(entries, entry => Assert.Equal(AuditLeaf.Of(entry.Entry!), entry.Leaf));
        Assert.Equal([2L], (await store.Audit.ReadOfSubjectAsync("pt-2", 0, 10, default)).Select(entry => entry.Position));
        Assert.Empty(await store.Audit.ReadOfSubjectAsync("pt-2", 3, 10, default));
    }

    [Fact]
    public async Task Of_a_refusal_the_subject_is_kept_if_there_is_such_a_stream_and_else_as_a_hash_that_is_equal_for_equal_ones()
    {
        await using var store = await stores.CreateAsync();
        await new StreamDriver(store.Journal, "pt-there").AcceptAsync();
        AccessRecord Refused(string subject, string outcome = "NotFound PATIENT_NOT_FOUND") => Access(0) with { Subject = subject, Outcome = outcome };
        await store.Audit.RecordAsync(
            [Refused("pt-there"), Refused("pt-anna-smith"), Refused("pt-anna-smith", "PermissionDenied ROLE_NOT_ALLOWED"), Refused("pt-bert"), Refused("")], default);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await PlaceAsync(store.Audit, Heads(key), 6);
        var subjects = (await store.Audit.ReadEntriesAsync(1, 10, default)).Select(entry => entry.Entry!.Subject).ToList();
        Assert.Equal(("pt-there", ""), (subjects[0], subjects[4]));
        Assert.Matches("^unknown-[0-9a-f]{32}$", subjects[1]);
        Assert.Equal(subjects[1], subjects[2]);
        Assert.NotEqual(subjects[1], subjects[3]);
        Assert.Equal([2L, 3L], (await store.Audit.ReadOfSubjectAsync("pt-anna-smith", 0, 10, default)).Select(entry => entry.Position));
    }

    /// <summary>A database refuses such texts, and with them all that are written beside them.</summary>
    [Theory]
    [InlineData('\0')]
    [InlineData((char)0xD800)]
    [InlineData((char)0xDC00)]
    public async Task Texts_that_no_database_takes_are_kept_as_far_as_they_can_be(char unit)
    {
        await using var store = await stores.CreateAsync();
        var (text, stored) = ($"Ana \U0001F600 {unit}", "Ana \U0001F600 \uFFFD");
        AccessRecord[] accesses = [Access(1), Access(2) with { EntryId = Guid.CreateVersion7() }, new(At, text, text, text, text, text, text, 1)];
        await store.Audit.RecordAsync(accesses, default);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await PlaceAsync(store.Audit, Heads(key), 3);
        var kept = (await store.Audit.ReadEntriesAsync(2, 1, default)).Single().Entry!;
        Assert.Equal([stored, stored, stored, stored, stored], [kept.Action, kept.Actor, kept.Site, kept.Purpose, kept.Outcome]);
    }

    [Fact]
    public void Texts_of_an_access_are_bounded_and_stay_well_formed()
    {
        var text = new string('x', AccessRecord.TextMax - 1) + "\U0001F600" + new string('y', 10_000);
        var access = new AccessRecord(At, text, "", "", "", "", "", 1);
        Assert.Equal(new string('x', AccessRecord.TextMax - 1), access.Action);
        Assert.Same(access.Action, (access with { Count = 2 }).Action);
    }

    [Fact]
    public async Task An_access_that_is_kept_twice_under_one_id_stands_there_once()
    {
        await using var store = await stores.CreateAsync();
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Audit.RecordAsync([Access(1) with { EntryId = one }, Access(2)], default);
        await store.Audit.RecordAsync([Access(1) with { EntryId = one }, Access(3) with { EntryId = other }, Access(3) with { EntryId = other }], default);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await PlaceAsync(store.Audit, Heads(key), 3);
        Assert.Equal(["pt-1", "pt-2", "pt-3"], (await store.Audit.ReadEntriesAsync(0, 10, default)).Select(entry => entry.Entry!.Subject));
    }

    [Fact]
    public void Heads_are_a_minute_apart_at_most_while_entries_come_and_ten_when_none_do()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var time = new StandingTime { Now = At };
        var heads = new AuditHeads("incarnation", key, time);
        Assert.False(heads.IsDue(null, 0, isGrowing: false));
        var last = heads.Sign(null, 5, new byte[32]);
        foreach (var (seconds, quiet, growing, unchanged) in ((int, bool, bool, bool)[])[(9, false, false, false), (10, true, false, false), (49, true, false, false), (50, true, true, false), (599, true, true, false), (600, true, true, true)])
        {
            time.Now = At.AddSeconds(seconds);
            Assert.Equal((quiet, growing, unchanged), (heads.IsDue(last, 6, isGrowing: false), heads.IsDue(last, 6, isGrowing: true), heads.IsDue(last, 5, isGrowing: false)));
        }

        // Signed by a clock that was wrong.
        time.Now = At.AddSeconds(-6);
        Assert.True(heads.IsDue(last, 5, isGrowing: true));
    }

    [Fact]
    public async Task A_head_is_signed_when_it_is_due_and_says_the_root()
    {
        await using var store = await stores.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        for (var size = 1; size <= 20; size++)
        {
            await store.Audit.RecordAsync([Access(size)], default);
            var head = (await PlaceAsync(store.Audit, Heads(key), 1))!;
            var entries = await store.Audit.ReadEntriesAsync(0, 100, default);
            Assert.Equal(
                ["clinicnetwork-audit/incarnation", $"{size}", Convert.ToBase64String(Root([.. entries.Select(entry => entry.Leaf)])), $"{head.At.ToUnixTimeMilliseconds()}", ""],
                head.Note.Split('\n'));
            Assert.True(key.VerifyData(System.Text.Encoding.UTF8.GetBytes(head.Note), head.Signature, HashAlgorithmName.SHA256));
            var read = (await store.Audit.ReadHeadAsync(default))!;
            Assert.Equal((head.Number, head.Note), (read.Number, read.Note));
            Assert.Equal(head.Signature, read.Signature);
        }

        // Not due: nothing is signed, whether it has grown or not.
        await store.Audit.RecordAsync([Access(0)], default);
        Assert.Null(await PlaceAsync(store.Audit, Heads(key, TimeSpan.FromHours(1)), 1));
        Assert.Equal(20, (await store.Audit.ReadHeadsAsync(0, 100, default)).Count);
        Assert.Equal([19L, 20], (await store.Audit.ReadHeadsAsync(18, 100, default)).Select(head => head.Number));
    }

    [Fact]
    public async Task Every_proof_of_a_small_tree_and_some_of_a_large_one_hold()
    {
        await using var store = await stores.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        const int Small = 40;
        const int Large = 70_000;
        for (var done = 0; done < Large; done += 5_000)
        {
            await store.Audit.RecordAsync([.. Enumerable.Range(done, 5_000).Select(Access)], default);
        }

        await PlaceAsync(store.Audit, Heads(key, TimeSpan.FromHours(1)), Large);
        var leaves = new List<byte[]>();
        while (leaves.Count < Large)
        {
            leaves.AddRange((await store.Audit.ReadEntriesAsync(leaves.Count, 10_000, default)).Select(entry => entry.Leaf));
        }

        var proofs = new MerkleProofs(store.Audit);
        for (var size = 1; size <= Small; size++)
        {
            for (var other = 1; other <= size; other++)
            {
                await HoldsAsync(proofs, leaves, other, size);
            }
        }

        foreach (var (first, second) in ((int, int)[])[(1, Large), (255, Large), (256, 257), (65_536, Large), (65_537, 69_999), (Large - 1, Large), (12_345, 54_321), (Large, Large)])
        {
            await HoldsAsync(proofs, leaves, first, second);
        }
    }

    /// <summary>Both proofs hold for an independent verifier, and not with anything else.</summary>
    private static async Task HoldsAsync(MerkleProofs proofs, List<byte[]> leaves, int first, int second)
    {
        var (firstRoot, secondRoot) = (Root([.. leaves.Take(first)]), Root([.. leaves.Take(second)]));
        var consistency = await proofs.ConsistencyAsync(first, second, default);
        Assert.True(MerkleProof.IsConsistent(first, firstRoot, second, secondRoot, consistency));
        Assert.True(first == second || !MerkleProof.IsConsistent(first, secondRoot, second, secondRoot, consistency));
        var inclusion = await proofs.InclusionAsync(first - 1, second, default);
        Assert.True(MerkleProof.Includes(leaves[first - 1], first - 1, second, inclusion, secondRoot));
        Assert.False(MerkleProof.Includes(leaves[first % leaves.Count], first - 1, second, inclusion, secondRoot));
    }
}

/// <summary>What tests of the audit share.</summary>
internal static class AuditTools
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static AccessRecord Access(int number) => new(At, "care.v1.PatientService/GetPlan", "nurse-1", "harbour", $"pt-{number % 7}", "TREAT", "OK", 1 + number % 3);

    public static AuditHeads Heads(ECDsa key, TimeSpan? apart = null) => new("incarnation", key, TimeProvider.System, new(apart ?? TimeSpan.Zero, apart ?? TimeSpan.Zero, apart ?? TimeSpan.FromDays(1)));

    /// <summary>Rounds until so many are placed: a transaction anywhere on the database's server holds them back for a while.</summary>
    public static async Task<SignedHead?> PlaceAsync(IAuditLog audit, AuditHeads heads, int count)
    {
        var placed = 0;
        SignedHead? head = null;
        await Until.TrueAsync("everything is placed", async () =>
        {
            var round = await audit.PlaceAsync(heads, default);
            (placed, head) = (placed + round.Placed, round.Head ?? head);
            return placed >= count;
        });
        Assert.Equal(count, placed);
        return head;
    }

    /// <summary>RFC 9162, section 2.1.1, word for word.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 1)
        {
            return leaves[0];
        }

        var left = 1;
        while (left * 2 < leaves.Count)
        {
            left *= 2;
        }

        return SHA256.HashData([1, .. Root([.. leaves.Take(left)]), .. Root([.. leaves.Skip(left)])]);
    }
}

/// <summary>Stands where it is put.</summary>
internal sealed class StandingTime : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
