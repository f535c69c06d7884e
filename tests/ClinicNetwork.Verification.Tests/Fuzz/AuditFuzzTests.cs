using ClinicNetwork.Tests.Fuzz;
using ClinicNetwork.Verification.Audit;
using ClinicNetwork.Verification.Tests.Audit;
using Xunit.Abstractions;

namespace ClinicNetwork.Verification.Tests.Fuzz;

/// <summary>Random damage to what a network tells of its audit: a report comes back, and it is accepted only when it is what was signed.</summary>
public sealed class AuditFuzzTests(ITestOutputHelper output)
{
    private const int Entries = 24;
    private const int HeadEvery = 6;

    [Fact]
    public void Changed_entries_heads_and_roots_are_refused_and_nothing_else_happens()
    {
        using var whole = AuditUnderTest.Of(Entries, HeadEvery);
        FuzzRun.Of(output, "an audit", random =>
        {
            var (leaves, heads, seen) = (whole.Leaves.ToList(), whole.Heads.ToList(), new[] { whole.Seen(HeadEvery), whole.Seen(Entries) });
            var key = whole.Pem;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                switch (random.Next(8))
                {
                    case 0:
                        heads[random.Next(heads.Count)] = Changed(heads[random.Next(heads.Count)], random);
                        break;
                    case 1:
                        seen[random.Next(seen.Length)] = Changed(seen[random.Next(seen.Length)], random);
                        break;
                    case 2 when random.Next(4) == 0:
                        key = Mutant.Text(key, random);
                        break;
                    case 3 when leaves.Count > 1:
                        leaves.RemoveAt(random.Next(leaves.Count));
                        break;
                    case 4:
                        leaves.Insert(random.Next(leaves.Count), leaves[random.Next(leaves.Count)]);
                        break;
                    default:
                        var at = random.Next(leaves.Count);
                        leaves[at] = Changed(leaves[at], random);
                        break;
                }
            }

            using var verifier = new AuditVerifier(key, random.Next(2) == 0 ? whole.Pem : null, heads, seen);
            leaves.ForEach(verifier.Add);
            var report = verifier.Finish();
            Assert.True(report.Finding is not null || Told(leaves).SequenceEqual(Told(whole.Leaves)), "accepted what was not signed");
            return report.Finding is null;
        });
    }

    /// <summary>Whatever the verifier may learn of the entries.</summary>
    private static IEnumerable<string> Told(IEnumerable<PlacedLeaf> leaves) => leaves.Select(leaf =>
        $"{leaf.Position} {Convert.ToHexString(leaf.Leaf.Span)} {leaf.Entry} {Convert.ToHexString((leaf.Entry?.Content ?? default).Span)}");

    private static PlacedLeaf Changed(PlacedLeaf leaf, Random random)
    {
        var entry = leaf.Entry ?? AuditUnderTest.Entry(random.Next(Entries));
        return random.Next(11) switch
        {
            0 => leaf with { Entry = null },
            1 => leaf with { Position = random.NextInt64(long.MinValue, long.MaxValue) },
            2 => leaf with { Leaf = Mutant.Bytes(leaf.Leaf.ToArray(), random) },
            3 => leaf with { Entry = entry with { Action = Mutant.Odd(random) } },
            4 => leaf with { Entry = entry with { Actor = Mutant.Odd(random), Site = "\ud800" } },
            5 => leaf with { Entry = entry with { Subject = new string('s', random.Next(70_000)) } },
            6 => leaf with { Entry = entry with { Content = Mutant.Bytes(entry.Content.ToArray(), random) } },
            7 => leaf with { Entry = entry with { AtMilliseconds = random.NextInt64(long.MinValue, long.MaxValue), Version = -1 } },
            8 => leaf with { Entry = entry with { Outcome = Mutant.Odd(random), Count = random.Next(int.MinValue, int.MaxValue) } },
            9 => AuditUnderTest.Placed(leaf.Position, entry with { Purpose = Mutant.Odd(random) }),
            // The same told again.
            _ => leaf,
        };
    }

    private static AuditHead Changed(AuditHead head, Random random) => random.Next(3) switch
    {
        0 => head with { Number = random.NextInt64(long.MinValue, long.MaxValue) },
        1 => head with { Note = Mutant.Bytes(head.Note, random) },
        _ => head with { Signature = Mutant.Bytes(head.Signature, random) },
    };

    private static SeenRoot Changed(SeenRoot root, Random random) => random.Next(3) switch
    {
        0 => root with { Origin = Mutant.Text(root.Origin, random) },
        1 => root with { Size = random.NextInt64(1, long.MaxValue) },
        _ => root with { Root = Mutant.Text(root.Root, random) },
    };
}
