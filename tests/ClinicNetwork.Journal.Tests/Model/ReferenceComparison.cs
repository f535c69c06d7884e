using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Model;

/// <summary>Every read of a store against the reference.</summary>
internal static class ReferenceComparison
{
    public static async Task AssertSameAsync(ReferenceState state, IStoreUnderTest store)
    {
        foreach (var stream in ModelStep.Streams.Append("rl-public"))
        {
            var rows = await store.Journal.ReadAsync(stream, 0, int.MaxValue, default);
            var expected = state.Streams.GetValueOrDefault(stream) ?? [];
            Assert.Equal(expected.Select(Text), rows.Select(Text));
            Assert.Equal(expected.Count, await store.Journal.ReadHeadAsync(stream, default));
        }

        await AssertProjectionsAsync(state, store.Projections);
        await AssertReleasesAsync(state, store.Releases);
    }

    private static string Text(Append row) => $"{row.Version} {row.Origin.RequestId} {row.Command} {row.Answer} {((Noted)row.Events[0]).Text}";

    private static string Text(JournalRow row) => $"{row.Version} {row.RequestId} {row.Command} {row.Answer} {((Noted)row.Events[0]).Text}";

    private static async Task AssertProjectionsAsync(ReferenceState state, IProjections projections)
    {
        foreach (var site in ModelStep.Sites)
        {
            bool MayRead(string stream) => state.Sites.TryGetValue(stream, out var sites) && sites.Contains(site);
            Assert.Equal(
                state.Patients.Where(p => MayRead(p.Key)).Select(p => new RosterRow(p.Key, p.Value.HomeClinic, state.HeadOf(p.Key))),
                await projections.ReadRosterAsync(site, "", 99, default));
            Assert.Equal(
                state.Feed.Where(f => f.Reference.Site == site && (f.Reference.Kind == FeedKind.AccessRevoked || MayRead(f.Stream)))
                    .Select(f => (f.Stream, f.Version, f.Reference.Kind, f.Reference.PlanChanged)),
                (await projections.ReadFeedAsync(site, FeedPosition.Start, 999, default)).Rows.Select(f => (f.Stream, f.Version, f.Kind, f.PlanChanged)));
            var now = ModelStep.Start.AddDays(2);
            Assert.Equal(
                state.Visits.Where(v => !v.Value.Done && v.Value.Visit.Clinic == site && v.Value.Visit.OpensAt <= now && !(v.Value.Visit.EndsAt <= now))
                    .Select(v => new FollowUpRow(v.Key.Stream, v.Key.Milestone, v.Value.Visit.OpensAt, v.Value.Visit.ClosesAt))
                    .OrderBy(v => v.ClosesAt).ThenBy(v => v.Stream, StringComparer.Ordinal).ThenBy(v => v.Milestone, StringComparer.Ordinal),
                await projections.ReadWorklistAsync(site, now, null, 99, default));
        }

        var due = state.Due.Where(d => d.Value == 0).Select(d => d.Key).OrderBy(d => d.At).ThenBy(d => d.Stream, StringComparer.Ordinal).ToList();
        Assert.Equal(due, await projections.ReadDueAsync(DateTimeOffset.MaxValue, 999, TimeSpan.Zero, default));
        Assert.Equal(due.Count == 0 ? null : due[0].At, await projections.ReadNextDueAsync(default));
        Assert.Equal(
            new StoreCounts(state.Streams.Values.Sum(rows => rows.Count), state.Patients.Count, 0, state.Visits.Values.Count(v => !v.Done && v.Visit.ClosesAt < ModelStep.Start.AddDays(2) && !(v.Visit.EndsAt <= ModelStep.Start.AddDays(2)))),
            await projections.ReadCountsAsync(ModelStep.Start.AddDays(2), default));
    }

    private static async Task AssertReleasesAsync(ReferenceState state, IReleaseStore releases)
    {
        Assert.Equal(
            state.Pool.Where(p => state.ConsentOf(p.Key) != 0).Select(p => $"{p.Key} {p.Value.Quarter} {state.ConsentOf(p.Key)} {p.Value.QuasiIdentifiers[0]}"),
            (await releases.ReadPoolAsync(99, default)).Select(p => $"{p.Person} {p.Quarter} {p.Recipients} {p.QuasiIdentifiers[0]}"));
        Assert.Equal(
            state.Cells.Values.Where(c => !state.Retired.Contains(c.Cell)).Select(c => Text(
                new CellRecord(c.Cell, c.Quarter, c.Recipients, c.Region, MembersOf(state, c), SettledOf(state, c)))),
            (await releases.ReadCellsAsync(default)).Select(Text));
        foreach (var milestone in ModelStep.Milestones)
        {
            Assert.Equal(
                state.Outcomes.Where(o => o.Key.Milestone == milestone).Select(o => $"{o.Key.Person} {o.Value}").Order(StringComparer.Ordinal),
                (await releases.ReadOutcomesAsync(ModelStep.Streams, milestone, default)).Select(o => $"{o.Key} {o.Value[0]}").Order(StringComparer.Ordinal));
        }

        Assert.Equal(state.Batches.Select(b => (b.Batch.Number, b.Batch.Rows)), (await releases.ReadBatchesAsync(0, 99, default)).Select(b => (b.Number, b.Rows)));
        foreach (var (batch, rows) in state.Batches)
        {
            for (var recipientClass = 1; recipientClass <= 2; recipientClass++)
            {
                for (var k = 1; k <= 2; k++)
                {
                    Assert.Equal(
                        rows.Select((row, i) => $"{i} {row.Person} {(MayDeliver(state, row, recipientClass, k) ? row.Values[0] : "hidden")} {row.Leaf[0]}"),
                        (await releases.ReadBatchRowsAsync(batch.Number, 0, 99, recipientClass, k, default)).Select(row => $"{row.Row} {row.Person} {row.Values?[0] ?? "hidden"} {row.Leaf[0]}"));
                }
            }
        }
    }

    private static string Text(CellRecord c) =>
        $"{c.Cell} {c.Recipients} {string.Join(',', c.Members.Select(m => $"{m.Person}:{m.Recipients}"))} {string.Join(',', c.SettledMilestones)}";

    private static IReadOnlyList<CellMember> MembersOf(ReferenceState state, NewCell cell) =>
        [.. cell.Members.Order(StringComparer.Ordinal).Select(member => new CellMember(member, state.PermittedBy(member)))];

    private static IReadOnlyList<string> SettledOf(ReferenceState state, NewCell cell) =>
        [.. state.Settled.Where(settled => settled.Cell == cell.Cell).Select(settled => settled.Milestone).Order(StringComparer.Ordinal)];

    private static bool MayDeliver(ReferenceState state, NewBatchRow row, int recipientClass, int k)
    {
        var cell = state.Cells[row.Cell];
        return (cell.Recipients & state.PermittedBy(row.Person) & recipientClass) != 0 && cell.Members.Count(member => (state.PermittedBy(member) & recipientClass) != 0) >= k;
    }
}
