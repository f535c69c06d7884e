using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>What holds for everything ever published, over any course of arrivals, withdrawals, narrowed consent, corrections, transfers, merged records and agreements. CsCheck prints the seed of a failure.</summary>
public sealed class PublicationLawTests(ITestOutputHelper output)
{
    private static readonly int Iterations = Rounds.Of(12);
    private static readonly ReleasePolicy Policy = PublicOutcomes.Policy;

    /// <summary>Some change their minds, some outcomes are corrected, some go on at another clinic, which shows in what waits alone, and some records turn out to be of one person.</summary>
    private static void Disturb(VirtualStore store, int day, Random random)
    {
        foreach (var person in store.Persons.Values)
        {
            if (random.Next(12) == 0)
                store.Consent(person, person.Recipients | (1 << random.Next(4)) | 16);
        }

        foreach (var row in store.Released.OrderBy(Told, StringComparer.Ordinal).Where(r => r.Superseded is null && random.Next(40) == 0).ToArray())
            store.Persons[row.Person].Outcomes[row.Milestone] = Course.Outcome(random.Next(2) == 0 ? "response" : "worsening");

        foreach (var person in store.Persons.Values.Where(_ => random.Next(30) == 0))
        {
            if (person.Outcomes.TryGetValue(Policy.Milestones[person.Closed - 1], out var values))
                person.Outcomes[Policy.Milestones[person.Closed - 1]] = VirtualStore.Moved(values);
        }

        VirtualPerson[] twice = [.. store.Persons.Values.Where(p => p.Recipients != 0 && random.Next(40) == 0)];
        foreach (var pair in twice.Chunk(2).Where(p => p.Length == 2))
            store.Merge(pair[0], pair[1]);
    }

    [Fact]
    public void The_independent_verifier_accepts_whatever_was_published_for_every_recipient()
    {
        var (batches, rows, tombstones, corrections, coarse, remainders) = (0, 0L, 0L, 0, 0, 0);
        Course.Any.Sample(
            course =>
            {
                var store = course.Run(Disturb);
                foreach (var agreement in store.Agreements.Where(a => store.Of(a.Agreement).Count > 0))
                {
                    var report = ReleaseFolder.Verify(store, agreement);
                    Assert.True(report.Accepted, agreement.Agreement + "\n" + string.Join('\n', report.Findings));
                    Interlocked.Add(ref tombstones, report.Figures.WithdrawnRows);
                    Interlocked.Add(ref batches, store.Of(agreement.Agreement).Count);
                }

                Interlocked.Add(ref rows, store.Released.Count());
                Interlocked.Add(ref corrections, store.Released.Count(r => store.Released.Any(o => o.Person == r.Person && o.Milestone == r.Milestone && o.Publication < r.Publication)));
                Interlocked.Add(ref coarse, store.Released.Count(r => CanonicalRow.Outcome(r.Values).IsCoarse));
                Interlocked.Add(ref remainders, store.Cells.Values.Count(c => c.Formed.Region.All(v => v == "*")));
            },
            iter: Rounds.Of(40),
            threads: 2);
        output.WriteLine($"{batches} batches, {rows} rows, {tombstones} tombstones, {corrections} corrections, {coarse} rows in coarse bands, {remainders} remainders");

        Assert.True(batches > 60 && rows > 3_000 && tombstones > 100 && corrections > 20 && remainders > 0, "The courses reach too little.");
    }

    /// <summary>Guarantee 6: for each released person, what any three recipients know together fits at least k living released persons of the same cell.</summary>
    [Fact]
    public void Any_three_recipients_together_leave_each_person_among_k_over_twenty_days()
    {
        var (persons, cells, merged) = (0, 0, 0);
        Course.Days(20, 20).Sample(
            course =>
            {
                var store = course.Run(Disturb, (s, _) =>
                {
                    var given = s.Agreements.ToDictionary(a => a.Agreement, a => DeliveredRows(s, a).ToArray());
                    Assert.DoesNotContain(given.Values.SelectMany(rows => rows), r => s.Persons[r.Person].MergedInto is not null);
                    foreach (var coalition in Coalitions([.. s.Agreements], 3))
                    {
                        var rows = coalition.SelectMany(a => given[a.Agreement]).ToArray();
                        foreach (var cell in rows.GroupBy(r => r.Cell))
                        {
                            var known = cell.GroupBy(r => r.Person).Select(p => Intersect(p.Select(r => CanonicalRow.Region(r.Values!)))).ToArray();
                            Assert.All(known.CountBy(leaves => leaves, StringComparer.Ordinal), alike => Assert.True(alike.Value >= Policy.K, "A person is among fewer than k."));
                            Interlocked.Add(ref persons, known.Length);
                            Interlocked.Increment(ref cells);
                        }

                        Assert.All(rows.GroupBy(r => r.Person), p => Assert.Single(p.Select(r => r.Cell).Distinct()));
                    }
                });
                Interlocked.Add(ref merged, store.Persons.Values.Count(p => p.MergedInto is not null && p.Cell is not null));
            },
            iter: Rounds.Of(1),
            threads: 2);
        output.WriteLine($"{persons} persons of {cells} cells, each seen by a coalition of three, {merged} records merged after they had a cell: 0 under k");
        Assert.True(persons > 5_000 && merged > 0);
    }

    [Fact]
    public void Every_cell_and_milestone_is_prepared_with_k_persons_or_more_once_and_whole() => Course.Any.Sample(
        course =>
        {
            var seen = new HashSet<(string, string)>();
            course.Run(Disturb, (store, _) =>
            {
                foreach (var group in store.Released.GroupBy(r => (r.Cell, r.Milestone)).Where(g => seen.Add(g.Key)))
                {
                    var persons = group.Select(r => r.Person).ToHashSet();
                    Assert.Equal(group.Count(), persons.Count);
                    Assert.True(persons.Count >= Policy.K);
                    Assert.Equal(persons, store.Cells[group.Key.Cell].Formed.Members.Where(m => (store.Persons[m].Permits & 15) != 0 && (store.Persons[m].Permits & 240) != 0).ToHashSet());
                }
            });
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void A_person_is_in_one_cell_for_ever_and_other_permissions_or_quarters_share_none() => Course.Any.Sample(
        course =>
        {
            var (cells, seen) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
            course.Run(Disturb, (store, _) =>
            {
                foreach (var cell in store.Cells.Values)
                {
                    Assert.All(cell.Formed.Members, m => Assert.True(cells.TryAdd(m, cell.Formed.Cell) || cells[m] == cell.Formed.Cell));
                    if (!seen.Add(cell.Formed.Cell))
                        continue;
                    Assert.True(cell.Formed.Members.Count >= Policy.K + Policy.Margin);
                    var root = cell.Formed.Region.All(v => v == "*");
                    Assert.All(cell.Formed.Members, m => Assert.Equal(cell.Formed.Recipients, store.Persons[m].Recipients));
                    Assert.All(cell.Formed.Members, m => Assert.True(root ? store.Persons[m].EnteredAt <= store.Now.AddMonths(-4) : store.Persons[m].Quarter == cell.Formed.Quarter));
                }
            });
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void A_cell_that_fell_under_k_says_nothing_more_and_no_recipient_has_fewer_than_k_of_any() => Course.Any.Sample(
        course =>
        {
            var fallen = new Dictionary<string, int>(StringComparer.Ordinal);
            course.Run(Disturb, (store, _) =>
            {
                foreach (var formed in store.Cells.Values.Select(c => c.Formed))
                {
                    if (formed.Members.Count(m => (store.Persons[m].Permits & 15) != 0 && (store.Persons[m].Permits & 240) != 0) < Policy.K)
                        fallen.TryAdd(formed.Cell, store.Released.Count(r => r.Cell == formed.Cell));
                }

                Assert.All(fallen, cell => Assert.Equal(cell.Value, store.Released.Count(r => r.Cell == cell.Key)));
                foreach (var agreement in store.Agreements)
                    Assert.All(DeliveredRows(store, agreement).GroupBy(r => (r.Cell, r.Milestone)), cell => Assert.True(cell.Select(r => r.Person).Distinct().Count() >= Policy.K));
            });
        },
        iter: Iterations,
        threads: 2);

    /// <summary>Killed before and after each step in turn, then begun again: rows and roots are those of the publication that nobody disturbed.</summary>
    [Fact]
    public void A_publication_killed_at_any_step_gives_the_same_rows_and_roots() => Course.Days(3, 5).Sample(
        course =>
        {
            var whole = course.Run(Disturb);
            var kills = 0;
            var killed = course.Run(Disturb, publish: (store, day) =>
            {
                for (var survive = 0; ; survive++)
                {
                    var left = survive;
                    store.AtStep = (_, _) =>
                    {
                        if (left-- == 0)
                            throw new KilledException();
                    };
                    try
                    {
                        store.Publish(Course.Day(day));
                        store.AtStep = (_, _) => { };
                        return;
                    }
                    catch (KilledException) when (store.State.NextPublication > Course.Day(day))
                    {
                        store.AtStep = (_, _) => { };
                        return; // after the commit
                    }
                    catch (KilledException)
                    {
                        kills++;
                    }
                }
            });
            Assert.Equal(whole.Released.Select(Told).Order(StringComparer.Ordinal), killed.Released.Select(Told).Order(StringComparer.Ordinal));
            foreach (var agreement in whole.Agreements.Select(a => a.Agreement))
            {
                Assert.Equal(whole.Of(agreement).Select(b => Convert.ToHexString(b.Root)), killed.Of(agreement).Select(b => Convert.ToHexString(b.Root)));
                Assert.Equal(whole.Of(agreement).Select(b => Convert.ToHexString(b.Manifest)), killed.Of(agreement).Select(b => Convert.ToHexString(b.Manifest)));
            }

            Assert.Equal(whole.Documents.Select(d => (d.Name, d.Number, Convert.ToHexString(d.Document))), killed.Documents.Select(d => (d.Name, d.Number, Convert.ToHexString(d.Document))));
        },
        iter: Rounds.Of(6),
        threads: 2);

    [Fact]
    public void Withdrawals_at_any_step_keep_the_person_out_and_the_release_valid() => Course.Days(3, 6).Sample(
        course =>
        {
            var random = new Random(course.Seed);
            var gone = new HashSet<string>(StringComparer.Ordinal);
            var store = course.Run(Disturb, publish: (s, day) =>
            {
                s.AtStep = (_, written) =>
                {
                    if (written || random.Next(3) > 0)
                        return;
                    foreach (var person in s.Persons.Values.Where(_ => random.Next(25) == 0))
                    {
                        s.Consent(person, 0);
                        gone.Add(person.Id);
                    }
                };
                try
                {
                    s.Publish(Course.Day(day));
                }
                catch (StepRefusedException)
                {
                    s.AtStep = (_, _) => { };
                    s.Publish(Course.Day(day));
                }

                s.AtStep = (_, _) => { };
            });
            foreach (var agreement in store.Agreements.Where(a => store.Of(a.Agreement).Count > 0))
            {
                Assert.DoesNotContain(DeliveredRows(store, agreement), r => store.Persons[r.Person].Recipients == 0);
                var report = ReleaseFolder.Verify(store, agreement);
                Assert.True(report.Accepted, agreement.Agreement + "\n" + string.Join('\n', report.Findings));
            }
        },
        iter: Iterations,
        threads: 2);

    [Fact]
    public void Rows_stand_in_keyed_order_that_tells_nothing_of_cell_or_arrival()
    {
        var store = new Course(7, [300], 0, 95, 10).Run();
        var rows = store.RowsOf(store.Agreements[0], 1);
        var runs = rows.Zip(rows.Skip(1)).Count(pair => pair.First.Cell == pair.Second.Cell);
        var expected = rows.CountBy(r => r.Cell).Sum(c => c.Value * (c.Value - 1.0)) / rows.Count;

        Assert.NotEqual(rows.Select(r => r.Person), rows.Select(r => r.Person).Order(StringComparer.Ordinal));
        Assert.InRange(runs, expected - 4 * Math.Sqrt(rows.Count / 4.0), expected + 4 * Math.Sqrt(rows.Count / 4.0));
    }

    private static string Told(VirtualRow row) => $"{row.Person} {row.Milestone} {row.Publication} {string.Join('|', row.Values)}";

    private static IEnumerable<DeliveryRow> DeliveredRows(VirtualStore store, AgreementRecord agreement) => store.Of(agreement.Agreement)
        .SelectMany(b => store.RowsOf(agreement, b.Number))
        .Where(r => r.Values is not null);

    private static IEnumerable<AgreementRecord[]> Coalitions(AgreementRecord[] all, int size) =>
        size == 0 ? [[]] : all.SelectMany((first, i) => Coalitions(all[(i + 1)..], size - 1).Select(rest => (AgreementRecord[])[first, .. rest]));

    /// <summary>The leaves that all values of a person leave over, by attribute.</summary>
    private static string Intersect(IEnumerable<string[]> regions)
    {
        var all = regions.DistinctBy(r => string.Join('|', r), StringComparer.Ordinal).ToArray();
        return string.Join(';', Policy.Grid.Attributes.Select((attribute, at) => string.Join(',', attribute.Paths.Where(path => all.All(r => path.Contains(r[at]))).Select(path => path[0]))));
    }

    private sealed class KilledException : Exception;
}
