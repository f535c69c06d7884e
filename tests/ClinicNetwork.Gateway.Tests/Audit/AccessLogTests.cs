using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>Accesses are kept in groups, in bounded memory, and none that was promised is dropped.</summary>
public sealed class AccessLogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] Secret = new byte[32];

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-spool-").FullName;

    private string SpoolFile => Path.Combine(_folder, "audit-spool");

    [Fact]
    public async Task Reads_that_are_equal_within_a_second_become_one_entry_with_a_count_and_others_stay_apart()
    {
        var kept = new Keeper();
        using var spool = Spool();
        using var log = Log(kept, spool);
        for (var i = 0; i < 30; i++)
        {
            Assert.True(log.TryKeep(Read(i % 2, second: i / 20)));
        }

        await log.StartAsync(default);
        await kept.WaitAsync(4);
        await log.StopAsync(default);
        Assert.Equal([("pt-0", 5, 1), ("pt-0", 10, 0), ("pt-1", 5, 1), ("pt-1", 10, 0)], kept.Accesses.Select(one => (one.Subject, one.Count, one.At.Second)).Order());
    }

    [Fact]
    public async Task A_refusal_returns_when_it_is_durable()
    {
        var kept = new Keeper { Blocked = true };
        using var spool = Spool();
        using var log = Log(kept, spool);
        await log.StartAsync(default);
        var refusal = log.KeepAsync(Read(1), durable: false);
        await kept.Asked.Task.WaitAsync(Patience);
        Assert.False(refusal.IsCompleted);
        kept.Release();
        Assert.True(await refusal.WaitAsync(Patience));
        Assert.Single(kept.Accesses);
        await log.StopAsync(default);
    }

    [Fact]
    public async Task While_the_database_is_away_and_the_spool_full_refusals_are_answered_reads_wait_in_bounded_places_and_all_are_kept_when_it_is_back()
    {
        var kept = new Keeper { Away = true };
        using var spool = Spool(bytesMax: 0);
        using var log = Log(kept, spool);
        await log.StartAsync(default);
        Assert.True(await log.KeepAsync(Read(1_000_000), durable: false).WaitAsync(Patience));
        Assert.True(await log.KeepAsync(Read(1_000_001), durable: false).WaitAsync(Patience));
        // What is to leave the network does not, though it is kept when the database is back.
        Assert.False(await log.KeepAsync(Read(1_000_002), durable: true).WaitAsync(Patience));
        var taken = 0;
        while (log.TryKeep(Read(taken)))
        {
            taken++;
            Assert.InRange(taken, 0, AccessLog.WaitingMax);
        }

        Assert.False(await log.KeepAsync(Read(2_000_000), durable: false).WaitAsync(Patience));
        Assert.Empty(kept.Accesses);
        kept.Away = false;
        await kept.WaitAsync(taken + 3);
        Assert.Equal(taken + 3, kept.Accesses.Select(one => one.Subject).Distinct().Count());
        Assert.True(log.TryKeep(Read(3_000_000)));
        await log.StopAsync(default);
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_kept_and_nothing_is_taken_afterwards()
    {
        var kept = new Keeper();
        using var spool = Spool();
        using var log = Log(kept, spool);
        await log.StartAsync(default);
        // It runs: a service that is stopped before it was ever scheduled keeps nothing.
        Assert.True(await log.KeepAsync(Read(-1), durable: true).WaitAsync(Patience));
        for (var i = 0; i < 2_500; i++)
        {
            Assert.True(log.TryKeep(Read(i)));
        }

        await log.StopAsync(default).WaitAsync(Patience);
        Assert.Equal(2_501, kept.Accesses.Count);
        Assert.False(log.TryKeep(Read(1)));
        Assert.False(await log.KeepAsync(Read(1), durable: false).WaitAsync(Patience));
    }

    /// <summary>More than the queue takes, in the spool alone when the process ends as by a kill: the next one has each exactly once.</summary>
    [Fact]
    public async Task What_was_spooled_while_the_database_was_away_is_kept_exactly_once_after_a_kill()
    {
        const int Reads = AccessLog.WaitingMax + 2_000;
        var kept = new Keeper { Away = true };
        var (taken, copy) = (0, SpoolFile + ".copy");
        using (var spool = Spool())
        using (var log = Log(kept, spool))
        {
            await log.StartAsync(default);
            while (taken < Reads)
            {
                taken += log.TryKeep(Read(taken)) ? 1 : 0;
            }

            // Behind all of them in the queue: when it is answered, they are on the disk. A release is not begun.
            while (!await log.KeepAsync(Read(taken), durable: false).WaitAsync(Patience))
            {
                await Task.Yield();
            }

            Assert.False(await log.KeepAsync(Read(++taken), durable: true).WaitAsync(Patience));
            taken++;
            CopyAsKilled(copy);
            await log.StopAsync(default).WaitAsync(Patience);
        }

        Assert.Empty(kept.Accesses);
        File.Move(copy, SpoolFile, overwrite: true);
        Assert.True(File.ReadAllBytes(SpoolFile).AsSpan().IndexOf("PatientService"u8) < 0, "An access lies in clear.");
        kept.Away = false;
        kept.LosesAnswers = 3;
        using (var spool = Spool())
        using (var log = Log(kept, spool))
        {
            Assert.False(spool.IsEmpty);
            await log.StartAsync(default);
            await kept.WaitAsync(taken);
            Assert.True(await log.KeepAsync(Read(taken++), durable: true).WaitAsync(Patience));
            await log.StopAsync(default).WaitAsync(Patience);
            Assert.True(spool.IsEmpty);
        }

        Assert.Equal(Enumerable.Range(0, taken).Select(i => "pt-" + i), kept.Accesses.Select(one => one.Subject));
    }

    [Fact]
    public void A_torn_or_changed_group_and_what_follows_are_put_aside_and_what_came_before_is_kept()
    {
        long[] ends = new long[4];
        using (var spool = Spool())
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.True(spool.TryAppend([Read(i)]));
                ends[i] = new FileInfo(SpoolFile).Length;
            }
        }

        var whole = File.ReadAllBytes(SpoolFile);
        foreach (var (bytes, groups) in ((byte[], int)[])[
            (whole, 4), (whole[..^1], 3), (whole[..(int)(ends[2] + 2)], 3), (whole[..20], 0), (whole[..3], 0), ([], 0), ([.. whole, .. new byte[9_000]], 4),
            (Flipped(whole, (int)ends[1] + 40), 2), (Flipped(whole, 3), 0), (Flipped(whole, (int)ends[0] + 3), 1),
            ([.. whole[..(int)ends[0]], .. whole[(int)ends[1]..]], 1), ([.. whole, .. whole[(int)ends[2]..]], 4)])
        {
            File.WriteAllBytes(SpoolFile, bytes);
            using var spool = Spool();
            var found = 0;
            for (; !spool.IsEmpty; spool.Drop())
            {
                Assert.Equal("pt-" + found++, Assert.Single(spool.Peek()).Subject);
            }

            Assert.Equal(groups, found);
        }

        File.Delete(SpoolFile);
        using var one = AccessSpool.OpenIn(_folder, Secret, NullLogger<AccessSpool>.Instance);
        using var other = AccessSpool.OpenIn(_folder, Secret, NullLogger<AccessSpool>.Instance);
        Assert.Throws<IOException>(() => Spool());
        Assert.True(File.Exists(SpoolFile + "-2"));
    }

    [Fact]
    public void A_full_spool_takes_nothing_and_holds_what_it_took()
    {
        using var spool = Spool(bytesMax: 2_000);
        var taken = 0;
        while (taken < 100 && spool.TryAppend([Read(taken)]))
        {
            taken++;
        }

        Assert.InRange(taken, 2, 10);
        Assert.InRange(new FileInfo(SpoolFile).Length, 1, 2_000);
        Assert.Equal("pt-0", Assert.Single(spool.Peek()).Subject);
    }

    /// <summary>A disk that takes half of what is written, and then nothing, for a while.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void After_a_disk_that_refused_groups_are_kept_and_found_again(int before)
    {
        using (var spool = Spool())
        {
            var write = spool.Write;
            for (var i = 0; i < before; i++)
            {
                Assert.True(spool.TryAppend([Read(i)]));
            }

            spool.Write = (file, bytes) =>
            {
                write(file, bytes[..(bytes.Length / 2)]);
                throw new IOException("No space left on device");
            };
            Assert.False(spool.TryAppend([Read(100)]));
            Assert.False(spool.TryAppend([Read(101), Read(102)]));
            spool.Write = write;
            Assert.True(spool.TryAppend([Read(before)]));
        }

        using var again = Spool();
        for (var i = 0; i <= before; i++, again.Drop())
        {
            Assert.Equal("pt-" + i, Assert.Single(again.Peek()).Subject);
        }

        Assert.True(again.IsEmpty);
        Assert.False(File.Exists(SpoolFile + ".damaged"));
    }

    /// <summary>All is in the database when the disk goes: nothing of before comes back, and what comes then is kept.</summary>
    [Fact]
    public void A_disk_that_refuses_the_next_name_leaves_no_group_without_one()
    {
        using (var spool = Spool())
        {
            var write = spool.Write;
            Assert.True(spool.TryAppend([Read(0)]));
            spool.Drop();
            spool.Write = (_, _) => throw new IOException("No space left on device");
            Assert.False(spool.TryAppend([Read(1)]));
            Assert.True(spool.IsEmpty);
            spool.Write = write;
            Assert.True(spool.TryAppend([Read(2)]));
        }

        using var again = Spool();
        Assert.Equal("pt-2", Assert.Single(again.Peek()).Subject);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var flipped = bytes.ToArray();
        flipped[at] ^= 1;
        return flipped;
    }

    private AccessSpool Spool(int bytesMax = AccessSpool.BytesMax) => new(SpoolFile, Secret, NullLogger<AccessSpool>.Instance, bytesMax);

    /// <summary>What a killed process leaves, half a group at the end.</summary>
    private void CopyAsKilled(string copy)
    {
        // The lock is advisory: another kind of reader is not held up by it.
        using var process = System.Diagnostics.Process.Start("cp", [SpoolFile, copy]);
        process.WaitForExit();
        File.AppendAllBytes(copy, new byte[17]);
    }

    private static AccessLog Log(Keeper kept, AccessSpool spool) => new(kept, spool, TimeProvider.System, NullLogger<AccessLog>.Instance);

    private static AccessRecord Read(int patient, int second = 0) => new(
        new(2026, 1, 2, 3, 4, second, TimeSpan.Zero), "care.v1.PatientService/GetPlan", "nurse-1", "harbour", "pt-" + patient, "TREAT", "OK", 1);
}
