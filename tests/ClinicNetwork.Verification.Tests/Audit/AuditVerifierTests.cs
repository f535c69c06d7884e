using System.Diagnostics;
using System.Security.Cryptography;
using ClinicNetwork.Verification.Audit;
using Xunit.Abstractions;

namespace ClinicNetwork.Verification.Tests.Audit;

/// <summary>Whatever was done to the audit is named, with the first bad entry wherever the audit alone can tell it.</summary>
public sealed class AuditVerifierTests(ITestOutputHelper output)
{
    private const int Entries = 100;
    private const int HeadEvery = 10;

    [Fact]
    public void A_whole_audit_is_accepted_also_beyond_its_last_head_and_after_earlier_runs()
    {
        using var audit = AuditUnderTest.Of(Entries + 3, HeadEvery);
        var report = audit.Verify(audit.Pem, audit.Seen(10), audit.Seen(37), audit.Seen(Entries));
        Assert.Equal((null, Entries + 3L, Entries, Entries / HeadEvery, AuditUnderTest.Origin), (report.Finding, report.Size, report.SignedSize, report.Heads, report.Origin));
        Assert.Equal(audit.Seen(Entries).Root, report.Root);
        using var empty = new AuditUnderTest();
        Assert.Null(empty.Verify().Finding);
    }

    public static TheoryData<string, int> Fields()
    {
        var data = new TheoryData<string, int>();
        foreach (var field in (string[])["time", "action", "actor", "site", "subject", "version", "purpose", "outcome", "count", "content", "boundary"])
        {
            foreach (var position in (int[])[0, 48, 51, 99])
            {
                data.Add(field, position);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_changed_field_is_named_with_its_entry(string field, int position)
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        var (leaf, entry) = (audit.Leaves[position].Leaf, audit.Leaves[position].Entry!);
        var changed = field switch
        {
            "time" => entry with { AtMilliseconds = entry.AtMilliseconds + 1 },
            "action" => entry with { Action = entry.Action + "s" },
            "actor" => entry with { Actor = "nurse-9" },
            "site" => entry with { Site = "" },
            "subject" => entry with { Subject = entry.Subject + "0" },
            "version" => entry with { Version = entry.Version + 1 },
            "purpose" => entry with { Purpose = "HRESCH" },
            "outcome" => entry with { Outcome = "PermissionDenied ROLE_NOT_ALLOWED" },
            "count" => entry with { Count = 2 },
            "content" => entry with { Content = SHA256.HashData([1]) },
            // The same characters, divided otherwise.
            _ => entry with { Site = entry.Site + entry.Subject, Subject = "" },
        };
        audit.Leaves[position] = new(position, leaf, changed);
        Assert.Equal((AuditRules.Altered, (long?)position), Named(audit.Verify()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(98)]
    public void Flipped_gone_missing_put_in_taken_out_and_swapped_are_named_with_the_first_bad_entry(int position)
    {
        Assert.Equal((AuditRules.Altered, (long?)position), Named(Spoilt(leaves =>
        {
            var leaf = leaves[position].Leaf.ToArray();
            leaf[7] ^= 1;
            leaves[position] = leaves[position] with { Leaf = leaf };
        })));
        Assert.Equal((AuditRules.Altered, (long?)position), Named(Spoilt(leaves => leaves[position] = leaves[position] with { Leaf = new byte[31] })));
        Assert.Equal((AuditRules.Gone, (long?)position), Named(Spoilt(leaves => leaves[position] = leaves[position] with { Entry = null })));
        Assert.Equal((AuditRules.Gone, (long?)position), Named(Spoilt(leaves => leaves.RemoveAt(position))));
        Assert.Equal((AuditRules.Inserted, (long?)position), Named(Spoilt(leaves =>
        {
            leaves.Insert(position, AuditUnderTest.Placed(position, AuditUnderTest.Entry(1_000)));
            Renumber(leaves);
        })));
        Assert.Equal((AuditRules.Removed, (long?)position), Named(Spoilt(leaves =>
        {
            leaves.RemoveAt(position);
            Renumber(leaves);
        })));
        foreach (var other in (int[])[position + 1, Entries - 1])
        {
            Assert.Equal((AuditRules.Swapped, (long?)position), Named(Spoilt(leaves =>
            {
                (leaves[position], leaves[other]) = (leaves[other], leaves[position]);
                Renumber(leaves);
            })));
        }
    }

    [Fact]
    public void Who_makes_the_leaves_anew_is_found_by_the_next_head()
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        audit.Replace(54, AuditUnderTest.Entry(2_000));
        var report = audit.Verify();
        Assert.Equal(AuditRules.Root, report.Finding!.Rule);
        Assert.Contains("head 6", report.Finding.Message, StringComparison.Ordinal);
        Assert.Contains("50 to 59", report.Finding.Message, StringComparison.Ordinal);
        Assert.Equal(50, report.SignedSize);
    }

    [Fact]
    public void Entries_taken_from_the_end_are_found_by_the_head_or_by_who_saw_more()
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        var seen = audit.Seen(Entries);
        audit.Leaves.RemoveRange(83, 17);
        Assert.Equal((AuditRules.Truncated, (long?)83), Named(audit.Verify()));
        audit.Heads.RemoveRange(8, 2);
        Assert.Null(audit.Verify().Finding);
        Assert.Equal((AuditRules.Truncated, (long?)83), Named(audit.Verify(audit.Pem, seen)));
    }

    [Fact]
    public void Heads_that_are_missing_are_named()
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        audit.Heads.RemoveAt(4);
        Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
        audit.Heads.Clear();
        Assert.Equal((AuditRules.Unsigned, (long?)0), Named(audit.Verify()));
    }

    [Fact]
    public void A_forked_tree_signed_by_the_networks_own_key_is_found_by_who_saw_the_other()
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        SeenRoot[] seen = [audit.Seen(20), audit.Seen(60), audit.Seen(90)];
        audit.Replace(42, AuditUnderTest.Entry(3_000));
        audit.Heads.Clear();
        for (var size = HeadEvery; size <= Entries; size += HeadEvery)
        {
            audit.Sign(size);
        }

        Assert.Null(audit.Verify().Finding);
        var report = audit.Verify(audit.Pem, seen);
        Assert.Equal(AuditRules.Forked, report.Finding!.Rule);
        Assert.Contains("50 to 59", report.Finding.Message, StringComparison.Ordinal);
        Assert.Equal(AuditRules.Origin, audit.Verify(audit.Pem, [.. seen.Select(root => root with { Origin = "clinicnetwork-audit/other" })]).Finding!.Rule);
    }

    [Fact]
    public void Another_key_a_head_signed_by_it_and_heads_out_of_order_are_named()
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(AuditRules.Key, audit.Verify(thief.ExportSubjectPublicKeyInfoPem()).Finding!.Rule);
        using (var none = new AuditVerifier("no key", null, [], []))
        {
            Assert.Equal(AuditRules.Key, none.Finish().Finding!.Rule);
        }

        audit.Heads.RemoveAt(9);
        audit.Sign(Entries, thief);
        Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
        audit.Heads[9] = audit.Heads[8];
        Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
        audit.Heads.RemoveAt(9);
        (audit.Heads[2], audit.Heads[3]) = (audit.Heads[3], audit.Heads[2]);
        Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
    }

    [Fact]
    public void A_head_changed_in_any_bit_does_not_hold()
    {
        using var audit = AuditUnderTest.Of(HeadEvery, HeadEvery);
        var head = audit.Heads[0];
        for (var bit = 0; bit < head.Note.Length * 8; bit += 5)
        {
            var note = (byte[])head.Note.Clone();
            note[bit / 8] ^= (byte)(1 << bit % 8);
            audit.Heads[0] = head with { Note = note };
            Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
        }

        for (var length = 0; length < 64; length += 9)
        {
            audit.Heads[0] = head with { Signature = head.Signature[..length] };
            Assert.Equal(AuditRules.Head, audit.Verify().Finding!.Rule);
        }
    }

    [Fact]
    public void A_million_entries_are_verified_within_ten_seconds()
    {
        const int Million = 1_000_000;
        using var audit = AuditUnderTest.Of(Million, int.MaxValue);
        audit.Sign(Million);
        var began = Stopwatch.GetTimestamp();
        var report = audit.Verify();
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"{report.Size:N0} entries in {took.TotalSeconds:0.00} s");
        Assert.Equal((null, Million), (report.Finding, report.SignedSize));
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static AuditReport Spoilt(Action<List<PlacedLeaf>> spoil)
    {
        using var audit = AuditUnderTest.Of(Entries, HeadEvery);
        spoil(audit.Leaves);
        return audit.Verify();
    }

    private static void Renumber(List<PlacedLeaf> leaves)
    {
        for (var i = 0; i < leaves.Count; i++)
        {
            leaves[i] = leaves[i] with { Position = i };
        }
    }

    private static (string? Rule, long? Position) Named(AuditReport report) => (report.Finding?.Rule, report.Finding?.Position);
}
