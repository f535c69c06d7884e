using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Journal.Tests.Ledger;

/// <summary>The file that a restored store is judged by: what was appended is there, what was altered is told, a torn end is no entry.</summary>
public sealed class DisclosureLedgerTests : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly DateTimeOffset At = new(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("ledger-").FullName, "ledger");

    private static readonly LedgerEntry.Withdrawal Withdrawal = new("pt-mrn-4711-brook", "request-1", 17, DateTimeOffset.MaxValue, At);

    private static readonly LedgerEntry.Publication Publication = new(
        3,
        At,
        [new("c-1", "2025-Q3", 17, ["female", "*"], ["pt-a", "pt-b"])],
        [new("pt-a", "c-1", "WEEK_4", 3), new("pt-b", "c-1", "WEEK_4", 3)],
        [new("dua-1", 2, [1, 2], [3], [4, 5, 6], [new(1, 1, new byte[32]), new(0, 2, [.. Enumerable.Repeat((byte)7, 32)])], [(1, 5)])]);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    private IReadOnlyList<LedgerEntry> Read() => DisclosureLedger.Read(_folder, Secret);

    private string[] Files() => [.. Directory.GetFiles(_folder).Order()];

    private void Append(params LedgerEntry[] entries)
    {
        using var ledger = new DisclosureLedger(_folder, Secret);
        foreach (var entry in entries)
        {
            ledger.Append(entry);
        }
    }

    [Fact]
    public void What_was_appended_by_one_process_and_another_is_read_in_order()
    {
        Assert.Empty(Read());
        Append(Withdrawal, Publication);
        Append(new LedgerEntry.Committed(3, At));
        var read = Read();
        Assert.Equal(Withdrawal, read[0]);
        Assert.Equivalent(Publication, read[1], strict: true);
        Assert.Equal(new LedgerEntry.Committed(3, At), read[2]);
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public void Nobody_else_may_read_it_and_no_name_stands_in_it()
    {
        Append(Withdrawal, Publication);
        var file = Files().Single();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.DoesNotContain("brook", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        Assert.DoesNotContain("brook", Withdrawal.ToString(), StringComparison.Ordinal);
        Assert.Throws<StoreRefusedException>(() => DisclosureLedger.Read(_folder, [.. Secret.Reverse()]).Count.ToString());
    }

    [Fact]
    public void A_torn_end_at_any_byte_is_no_entry_and_hides_none_before_it()
    {
        Append(Withdrawal, Publication);
        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        Append(new LedgerEntry.Committed(3, At));
        File.Delete(Files().Single(f => f != file));
        int first;
        using (var one = new DisclosureLedger(_folder + "2", Secret))
        {
            one.Append(Withdrawal);
            first = (int)new FileInfo(Directory.GetFiles(_folder + "2").Single()).Length;
        }

        Directory.Delete(_folder + "2", recursive: true);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Equal(length < first ? 0 : 1, Read().Count);
        }
    }

    [Fact]
    public void Any_altered_byte_before_the_last_entry_an_entry_taken_out_and_a_renamed_file_are_refused()
    {
        Append(Withdrawal, Withdrawal with { Person = "pt-b" }, new LedgerEntry.Committed(3, At));
        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        // The empty first frame, then the first entry. An entry's length says where the file ends, so a greater one is a torn end: who writes it could cut the file as well.
        var entry = 32 + BitConverter.ToInt32(whole, 32) + 32;
        foreach (var at in Enumerable.Range(0, 32).Concat(Enumerable.Range(36, entry - 36)))
        {
            File.WriteAllBytes(file, [.. whole[..at], (byte)(whole[at] ^ 1), .. whole[(at + 1)..]]);
            Assert.Throws<StoreRefusedException>(() => Read().Count.ToString());
        }

        File.WriteAllBytes(file, whole[entry..]);
        Assert.Throws<StoreRefusedException>(() => Read().Count.ToString());
        File.WriteAllBytes(file, whole);
        File.Move(file, Path.Combine(_folder, "1" + Path.GetFileName(file)));
        Assert.Throws<StoreRefusedException>(() => Read().Count.ToString());
    }

    [Fact]
    public void Another_networks_files_are_refused_though_each_has_one_entry()
    {
        using (var other = new DisclosureLedger(_folder, [.. Secret.Reverse()]))
        {
            other.Append(Withdrawal);
        }

        Assert.Throws<StoreRefusedException>(() => Read().Count.ToString());
    }

    [Fact]
    public void A_first_frame_of_which_nothing_reached_the_disk_is_a_torn_end()
    {
        Append(Withdrawal);
        var file = Files().Single();
        File.WriteAllBytes(file, new byte[32]);
        Assert.Empty(Read());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_and_the_next_entry_is_tried_again()
    {
        using var ledger = new DisclosureLedger(_folder, Secret);
        File.WriteAllText(_folder, "");
        Assert.Throws<LedgerUnavailableException>(() => ledger.Append(Withdrawal));
        File.Delete(_folder);
        ledger.Append(Withdrawal);
        Assert.Equal([Withdrawal], Read());
    }
}
