using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Model;

/// <summary>Every read of a store against the reference.</summary>
internal static class ReferenceComparison
{
    public static async Task AssertSameAsync(ReferenceState state, IStoreUnderTest store)
    {
        foreach (var stream in ModelStep.Streams.Append(Releasing.Profile))
        {
            var rows = await store.Journal.ReadAsync(stream, 0, int.MaxValue, default);
            var expected = state.Streams.GetValueOrDefault(stream) ?? [];
            Assert.Equal(expected.Select(Text), rows.Select(Text));
            Assert.Equal(expected.Count, await store.Journal.ReadHeadAsync(stream, default));
        }

        await AssertProjectionsAsync(state, store.Projections);
        await AssertReleasesAsync(state, store.Exchange);
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

    private static async Task AssertReleasesAsync(ReferenceState state, IExchangeStore exchange)
    {
        Assert.Equal(state.Published, await exchange.ReadPublishedAsync(Releasing.Profile, default));
        Assert.Equal(state.Prepared.Count(), await exchange.CountPreparedAsync(state.Published + 1, default));
        Assert.Equal(
            state.Pool.Where(p => ReleasePermission.PermitsSome(state.ConsentOf(p.Key)) && (CellOf(state, p.Key) is not { } cell || state.FormedBy[cell] > state.Published))
                .Select(p => $"{p.Key} {p.Value.Quarter} {state.ConsentOf(p.Key)} {p.Value.QuasiIdentifiers[0]} {CellOf(state, p.Key)}"),
            (await exchange.ReadWaitingAsync("", 99, Releasing.Day, default)).Select(p => $"{p.Person} {p.Quarter} {p.Recipients} {p.QuasiIdentifiers[0]} {p.Cell}"));
        Assert.Equal(
            state.Cells.Values.Where(c => !state.Retired.Contains(c.Cell)).Select(c => Text(new ReleaseCell(
                c.Cell, c.Quarter, c.Recipients, state.FormedBy[c.Cell], c.Region, MembersOf(state, c), SettledOf(state, c)))),
            (await exchange.ReadCellsAsync(Releasing.Day, default)).Select(Text));
        foreach (var milestone in ModelStep.Milestones)
        {
            Assert.Equal(
                state.Outcomes.Where(o => o.Key.Milestone == milestone && !o.Value.Used).Select(o => $"{o.Key.Person} {o.Value.Value}").Order(StringComparer.Ordinal),
                (await exchange.ReadOutcomesAsync(ModelStep.Streams, milestone, default)).Select(o => $"{o.Key} {o.Value.Values[0]}").Order(StringComparer.Ordinal));
        }

        Assert.Equal(state.Batches.Select((rows, i) => (i + 1, (long)rows.Count)), (await exchange.ReadBatchesAsync(Releasing.Recipient, 0, 99, default)).Select(b => (b.Number, b.Rows)));
        foreach (var (required, k) in from required in (int[])[Releasing.Registries, Releasing.Partners] from k in (int[])[1, 2] select (required, k))
        {
            for (var i = 0; i < state.Batches.Count; i++)
            {
                Assert.Equal(
                    state.Batches[i].Select((row, n) => $"{n} {row.Person} {(MayDeliver(state, row, required, k) ? ValueOf(state, row) : "hidden")} {row.Leaf[0]}"),
                    (await exchange.ReadBatchRowsAsync(Releasing.Recipient, i + 1, 0, 99, required, k, Releasing.Day, default)).Select(row => $"{row.Row} {row.Person} {row.Values?[0] ?? "hidden"} {row.Leaf[0]}"));
            }

            Assert.Equal(
                state.Batches.SelectMany((rows, i) => rows.Select((row, n) => (Row: row, Text: $"{i + 1} {n} {row.Person}"))).Where(one => IsCorrected(state, one.Row) || !MayDeliver(state, one.Row, required, k)).Select(one => one.Text),
                (await exchange.ReadUntoldAsync(Releasing.Recipient, required, k, state.Published, 999, Releasing.Day, default)).Select(row => $"{row.Batch} {row.Row} {row.Person}"));
        }
    }

    private static string? CellOf(ReferenceState state, string person) => state.Cells.Values.FirstOrDefault(cell => cell.Members.Contains(person))?.Cell;

    private static string ValueOf(ReferenceState state, SealedRow row) => state.Released[(row.Person, row.Milestone, row.Publication)].Values[0];

    private static string Text(ReleaseCell c) =>
        $"{c.Cell} {c.Recipients} {c.Publication} {string.Join(',', c.Members.Select(m => $"{m.Person}:{m.Recipients}"))} {string.Join(',', c.Settled)}";

    private static IReadOnlyList<CellMember> MembersOf(ReferenceState state, NewReleaseCell cell) =>
        [.. cell.Members.Order(StringComparer.Ordinal).Select(member => new CellMember(member, state.PermittedBy(member)))];

    private static IReadOnlyList<SettledMilestone> SettledOf(ReferenceState state, NewReleaseCell cell) =>
    [
        .. state.Settled.Where(settled => settled.Key.Cell == cell.Cell).OrderBy(settled => settled.Key.Milestone, StringComparer.Ordinal)
            .Select(settled => new SettledMilestone(settled.Key.Milestone, settled.Value.Status, settled.Value.Publication)),
    ];

    private static bool MayDeliver(ReferenceState state, SealedRow row, int required, int k)
    {
        var cell = state.Cells[CellOf(state, row.Person)!];
        return ReleasePermission.Permits(cell.Recipients & state.PermittedBy(row.Person), required)
            && cell.Members.Count(member => ReleasePermission.Permits(state.PermittedBy(member), required)) >= k;
    }

    /// <summary>It is to be told, and given as it was until then.</summary>
    private static bool IsCorrected(ReferenceState state, SealedRow row) =>
        state.Superseded.TryGetValue((row.Person, row.Milestone, row.Publication), out var by) && by <= state.Published;
}
