using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>What holds for everything ever published, over any course of arrivals and withdrawals. CsCheck prints the seed of a failure.</summary>
public sealed class PublicationLawTests(ITestOutputHelper output)
{
    private const int Iterations = 30;
    private static readonly ReleasePolicy Policy = PublicOutcomes.Policy;

    [Fact]
    public void The_independent_verifier_accepts_whatever_was_published_for_every_recipient_class()
    {
        var (batches, rows, retired, tombstones, leftOut) = (0, 0, 0, 0, 0);
        Course.Any.Sample(
            course =>
            {
                var store = course.Run();
                foreach (var recipientClass in new[] { 1, 2, 4 })
                {
                    if (store.Batches.Count == 0)
                        continue;
                    var report = ReleaseFolder.Verify(store, recipientClass);
                    Assert.True(report.Accepted, string.Join('\n', report.Findings));
                    Interlocked.Add(ref tombstones, recipientClass == 1 ? report.Figures.WithdrawnRows : 0);
                }

                Interlocked.Add(ref batches, store.Batches.Count);
                Interlocked.Add(ref rows, store.Batches.Sum(b => b.Rows.Count));
                Interlocked.Add(ref retired, store.Publications.Sum(p => p.RetiredCells.Count));
                Interlocked.Add(ref leftOut, store.Persons.Values.Count(p => p.Waiting));
            },
            iter: Iterations,
            threads: 2);
        output.WriteLine($"{batches} batches, {rows} rows, {retired} retired cells, {tombstones} tombstones, {leftOut} persons without a cell");

        Assert.True(batches > 50 && rows > 3_000 && retired > 0 && tombstones > 100, "The courses reach too little.");
    }

    [Fact]
    public void Every_cell_and_milestone_is_published_with_k_persons_or_more_once_and_whole() => Course.Any.Sample(
        course =>
        {
            var released = new HashSet<(string, string)>();
            course.Run(after: (store, built) =>
            {
                Assert.All(built.Publication.Rows, r => Assert.True(released.Add((r.Person, r.Milestone)), "A milestone of a person came twice."));
                foreach (var group in built.Publication.Rows.GroupBy(r => (r.Cell, r.Milestone)))
                {
                    var persons = group.Select(r => r.Person).ToHashSet();
                    Assert.Equal(group.Count(), persons.Count);
                    Assert.True(persons.Count >= Policy.K);
                    var cell = store.Cells.Single(c => c.Cell == group.Key.Cell);
                    Assert.Equal(persons, cell.Members.Select(m => m.Person).Where(p => store.Persons[p].Recipients != 0).ToHashSet());
                }
            });
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void A_person_is_in_one_cell_for_ever_and_a_cell_is_never_topped_up() => Course.Any.Sample(
        course =>
        {
            var rows = course.Run().Batches.SelectMany(b => b.Rows.Select(r => (b.Batch.Number, Row: r))).ToArray();
            Assert.All(rows.GroupBy(r => r.Row.Person), p => Assert.Single(p.Select(r => r.Row.Cell).Distinct()));
            Assert.All(rows.GroupBy(r => r.Row.Person), p => Assert.Single(p.Select(r => string.Join('|', r.Row.Values.Skip(2).Take(4))).Distinct()));
            foreach (var cell in rows.GroupBy(r => r.Row.Cell))
            {
                var members = cell.GroupBy(r => r.Number).OrderBy(g => g.Key).Select(g => g.Select(r => r.Row.Person).ToHashSet()).ToArray();
                Assert.All(members.Zip(members.Skip(1)), pair => Assert.Subset(pair.First, pair.Second));
            }
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void Who_permits_nobody_on_the_day_is_in_no_row_and_other_recipient_sets_or_quarters_in_no_shared_cell() => Course.Any.Sample(
        course => course.Run(after: (store, built) =>
        {
            Assert.All(built.Publication.Rows, r => Assert.NotEqual(0, store.Persons[r.Person].Recipients));
            Assert.All(built.Publication.Cells, cell =>
            {
                Assert.True(cell.Members.Count >= Policy.K + Policy.Margin);
                Assert.All(cell.Members, m => Assert.Equal((cell.Recipients, cell.Quarter), (store.Persons[m].Recipients, store.Persons[m].Quarter)));
                Assert.Contains(cell.Region, value => value != "*");
            });
        }),
        iter: Iterations,
        threads: 2);

    [Fact]
    public void A_cell_that_fell_under_k_is_retired_and_says_nothing_more() => Course.Any.Sample(
        course =>
        {
            var gone = new HashSet<string>(StringComparer.Ordinal);
            course.Run(after: (store, built) =>
            {
                Assert.DoesNotContain(built.Publication.Rows, r => gone.Contains(r.Cell));
                Assert.DoesNotContain(built.Publication.Settled, s => gone.Contains(s.Cell));
                foreach (var cell in built.Publication.RetiredCells)
                {
                    var open = store.Cells.Single(c => c.Cell == cell).Members.Count(m => store.Persons[m.Person].Recipients != 0);
                    Assert.True(open < Policy.K);
                    Assert.Equal(Policy.Milestones.Order(StringComparer.Ordinal), store.Cells.Single(c => c.Cell == cell).SettledMilestones.Order(StringComparer.Ordinal));
                    gone.Add(cell);
                }
            });
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void The_same_input_gives_the_same_bytes_in_whatever_order_it_is_read() => Course.Any.Sample(
        course => course.Run(before: (store, day, random) =>
        {
            var input = store.Input(Course.Day(day));
            var builder = new PublicationBuilder(Policy, store.Secrets, "net-1");
            var (first, again) = (builder.Build(input), builder.Build(Shuffled(input, random)));
            Assert.Equal(first.Root, again.Root);
            Assert.Equal(first.Publication.Batch?.Manifest, again.Publication.Batch?.Manifest);
            Assert.Equal(first.Publication.Rows.Select(r => Convert.ToHexString(r.Leaf)), again.Publication.Rows.Select(r => Convert.ToHexString(r.Leaf)));
            Assert.Equal(
                first.Publication.Settled.Select(s => s.ToString()).Order(StringComparer.Ordinal),
                again.Publication.Settled.Select(s => s.ToString()).Order(StringComparer.Ordinal));
        }),
        iter: 20,
        threads: 2);

    [Fact]
    public void Rows_stand_in_keyed_order_that_tells_nothing_of_cell_or_arrival()
    {
        var rows = new Course(7, [90, 90, 90], 0, 30, 10).Run().Batches[0].Rows;
        var runs = rows.Zip(rows.Skip(1)).Count(pair => pair.First.Cell == pair.Second.Cell);
        var expected = rows.CountBy(r => r.Cell).Sum(c => c.Value * (c.Value - 1.0)) / rows.Count;

        Assert.NotEqual(rows.Select(r => r.Person), rows.Select(r => r.Person).Order(StringComparer.Ordinal));
        Assert.InRange(runs, expected - 4 * Math.Sqrt(rows.Count / 4.0), expected + 4 * Math.Sqrt(rows.Count / 4.0));
    }

    private static PublicationInput Shuffled(PublicationInput input, Random random)
    {
        var (pool, cells) = (input.Pool.ToArray(), input.Cells.Select(c => c with { Members = Mixed(c.Members) }).ToArray());
        random.Shuffle(pool);
        random.Shuffle(cells);
        return input with { Pool = pool, Cells = cells };

        CellMember[] Mixed(IReadOnlyList<CellMember> members)
        {
            var mixed = members.ToArray();
            random.Shuffle(mixed);
            return mixed;
        }
    }
}
