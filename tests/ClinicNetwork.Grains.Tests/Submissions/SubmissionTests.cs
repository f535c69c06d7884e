using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Grains.Submissions;
using Xunit.Abstractions;

namespace ClinicNetwork.Grains.Tests.Submissions;

/// <summary>However a submission comes in, it is there once: same receipts, one stored copy, and taken whole or not at all.</summary>
public sealed class SubmissionTests(SharedNetwork shared, ITestOutputHelper output) : IClassFixture<SharedNetwork>
{
    private const int Rounds = 20;

    private NetworkUnderTest Network => shared.Network;

    [Fact]
    public async Task Cut_at_any_row_sent_again_and_out_of_order_the_receipts_and_the_copy_are_the_same()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        IReadOnlyList<SubmittedRecord> records = [.. SubmittedRows.Cell(40), SubmittedRows.Row(40, sex: " FEMALE"), SubmittedRows.Row(41, sex: "unknown")];
        var whole = await SubmitAsync("whole", [records]);
        var expected = await RowsAsync("whole");
        Assert.Equal((SubmissionStatus.Complete, 42L, ""), (whole.Status, whole.Records, whole.Reason));
        for (var round = 0; round < Rounds; round++)
        {
            var id = $"cut-{round}";
            var answer = await SubmitAsync(id, Pages(records, random));
            Assert.Equal((whole.Status, whole.Records), (answer.Status, answer.Records));
            Assert.Equal(expected, await RowsAsync(id));
            var state = (await Grain(id).Read(Replies.Confirmed)).State!;
            Assert.Equal((40, 1, 1), (state.Accepted, state.Corrected, state.Refused));

            // A replay after the end changes nothing either.
            Assert.Null((await Grain(id).Open(SubmittedRows.Opening, Origins.Next())).Refusal);
            Assert.Null((await Grain(id).Receive(new([.. records.Take(7)]), Origins.Next())).Refusal);
            Assert.Null((await Grain(id).Complete(SubmittedRows.Completion(records), Origins.Next())).Refusal);
            Assert.Equal(expected, await RowsAsync(id));
        }
    }

    [Fact]
    public async Task A_record_with_other_content_is_refused_with_its_page_and_the_first_one_stays()
    {
        await OpenAsync("reused");
        await Grain("reused").Receive(new([.. SubmittedRows.Cell(3)]), Origins.Next());
        var before = await RowsAsync("reused");
        var refused = (await Grain("reused").Receive(new([SubmittedRows.Row(9), SubmittedRows.Row(1, sex: "male")]), Origins.Next())).RefusedAs("RECORD_ID_REUSED", RefusalKind.Exists);
        Assert.Equal("page.records[1].record", refused.Field);
        (await Grain("reused").Receive(new([SubmittedRows.Row(10), SubmittedRows.Row(10, sex: "male")]), Origins.Next())).RefusedAs("RECORD_ID_REUSED", RefusalKind.Exists);
        Assert.Equal(before, await RowsAsync("reused"));
    }

    [Fact]
    public async Task A_page_that_meets_another_writer_is_taken_once()
    {
        await OpenAsync("race");
        var pages = Enumerable.Range(0, 8).Select(i => new ReceiveRecords([.. SubmittedRows.Cell(20).Skip(i).Take(13)])).ToArray();
        var other = (await Network.AddClusterAsync()).Submission(new("north", "race"));
        var replies = await Task.WhenAll(pages.Concat(pages).Select((page, i) => (i % 2 == 0 ? Grain("race") : other).Receive(page, Origins.Next())));
        Assert.All(replies, reply => Assert.Null(reply.Refusal));
        Assert.Equal(20, (await Grain("race").Read(Replies.Confirmed)).State!.Records);
        Assert.Equal(20, (await RowsAsync("race")).Count);
    }

    [Fact]
    public async Task Fewer_than_k_refuses_the_whole_for_good_with_a_report()
    {
        IReadOnlyList<SubmittedRecord> records = [.. SubmittedRows.Cell(30), .. SubmittedRows.Cell(10, "c-00000000000000bb", from: 100)];
        var answer = await SubmitAsync("small", [records]);
        Assert.Equal((SubmissionStatus.Refused, "CLASS_UNDER_K"), (answer.Status, answer.Reason));
        Assert.Equal(40, (await Grain("small").Read(Replies.Confirmed)).State!.Report!.Milestones.Single().Records);
        (await Grain("small").Receive(new([SubmittedRows.Row(200)]), Origins.Next())).RefusedAs("SUBMISSION_CLOSED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_cell_that_was_taken_before_does_not_grow_by_another_submission_and_another_partner_s_is_its_own()
    {
        const string Cell = "c-00000000000000cc";
        Assert.Equal(SubmissionStatus.Complete, (await SubmitAsync("first", [SubmittedRows.Cell(12, Cell, from: 500)])).Status);

        var grown = await SubmitAsync("grown", [SubmittedRows.Cell(13, Cell, from: 500)]);
        Assert.Equal((SubmissionStatus.Refused, "CELL_CHANGED"), (grown.Status, grown.Reason));
        Assert.Equal(SubmissionStatus.Complete, (await SubmitAsync("again", [SubmittedRows.Cell(12, Cell, from: 500)])).Status);

        var records = SubmittedRows.Cell(13, Cell, from: 500);
        var other = Network.Cluster.Submission(new("south", "first"));
        await other.Open(SubmittedRows.Opening, Origins.Next());
        await other.Receive(new([.. records]), Origins.Next());
        Assert.Equal(SubmissionStatus.Complete, (await other.Complete(SubmittedRows.Completion(records), Origins.Next())).Answer!.Status);
    }

    [Fact]
    public async Task Another_profile_version_hierarchy_or_opening_is_refused()
    {
        var opening = SubmittedRows.Opening;
        (await Grain("bad").Open(opening with { Profile = "none" }, Origins.Next())).RefusedAs("PROFILE_NOT_FOUND", RefusalKind.NotFound);
        (await Grain("bad").Open(opening with { ProfileVersion = 1 }, Origins.Next())).RefusedAs("PROFILE_VERSION_OTHER", RefusalKind.Precondition);
        (await Grain("bad").Open(opening with { HierarchiesHash = new('0', 64) }, Origins.Next())).RefusedAs("HIERARCHIES_OTHER", RefusalKind.Precondition);
        (await Grain("bad").Open(opening with { Expected = 1_000_001 }, Origins.Next())).RefusedAs("COUNT_INVALID", RefusalKind.Invalid);
        (await Grain("bad").Receive(new([SubmittedRows.Row(1)]), Origins.Next())).RefusedAs("SUBMISSION_NOT_FOUND", RefusalKind.NotFound);
        (await Grain("bad").Complete(new(0, ""), Origins.Next())).RefusedAs("SUBMISSION_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal(0, await Network.Store.Journal.ReadHeadAsync(StreamOf("bad"), default));

        var hash = SubmissionProfiles.Find("public-outcomes")!.HierarchiesHash;
        Assert.Null((await Grain("good").Open(opening with { HierarchiesHash = hash }, Origins.Next())).Refusal);
        (await Grain("good").Open(opening with { Expected = 5 }, Origins.Next())).RefusedAs("SUBMISSION_DIFFERS", RefusalKind.Exists);
    }

    [Fact]
    public async Task What_is_aborted_leaves_no_record()
    {
        await OpenAsync("aborted");
        await Grain("aborted").Receive(new([.. SubmittedRows.Cell(12)]), Origins.Next());
        Assert.Null((await Grain("aborted").Abort(Origins.Next())).Refusal);
        Assert.Empty(await RowsAsync("aborted"));
        (await Grain("aborted").Receive(new([SubmittedRows.Row(1)]), Origins.Next())).RefusedAs("SUBMISSION_CLOSED", RefusalKind.Precondition);
        (await Grain("aborted").Abort(Origins.Next())).RefusedAs("SUBMISSION_CLOSED", RefusalKind.Precondition);
    }

    private static IReadOnlyList<IReadOnlyList<SubmittedRecord>> Pages(IReadOnlyList<SubmittedRecord> records, Random random)
    {
        var cut = random.Next(records.Count);
        var halfSent = records.Take(cut).Chunk(random.Next(1, 12));
        var again = records.OrderBy(_ => random.Next()).Chunk(random.Next(1, 25));
        return [.. halfSent.Concat(again)];
    }

    private async Task<SubmissionAnswer> SubmitAsync(string id, IReadOnlyList<IReadOnlyList<SubmittedRecord>> pages)
    {
        await OpenAsync(id);
        foreach (var page in pages)
        {
            Assert.Null((await Grain(id).Receive(new([.. page]), Origins.Next())).Refusal);
        }

        var reply = await Grain(id).Complete(SubmittedRows.Completion([.. pages.SelectMany(page => page).DistinctBy(r => r.Record)]), Origins.Next());
        Assert.Null(reply.Refusal);
        return reply.Answer!;
    }

    private async Task OpenAsync(string id) => Assert.Null((await Grain(id).Open(SubmittedRows.Opening, Origins.Next())).Refusal);

    /// <summary>What is kept, as text.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync(string id) =>
        [.. (await Network.Store.Submissions.ReadAsync(StreamOf(id), "", 1_000, default)).Select(row => $"{row.Record}: {string.Join('|', row.Values)}")];

    private ISubmissionGrain Grain(string id) => Network.Cluster.Submission(new("north", id));

    private static string StreamOf(string id) => Streams.Of(new SubmissionId("north", id));
}

/// <summary>The clock moves: a network of its own.</summary>
public sealed class SubmissionTimeTests
{
    [Fact]
    public async Task After_72_hours_what_is_not_complete_expires_and_leaves_no_record()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var (open, done) = (network.Cluster.Submission(new("north", "open")), network.Cluster.Submission(new("north", "done")));
        foreach (var grain in (ISubmissionGrain[])[open, done])
        {
            await grain.Open(SubmittedRows.Opening, Origins.Next());
            await grain.Receive(new([.. SubmittedRows.Cell(12)]), Origins.Next());
        }

        Assert.Null((await done.Complete(SubmittedRows.Completion(SubmittedRows.Cell(12)), Origins.Next())).Refusal);
        await network.Cluster.Stepper.AdvanceAsync(network.Clock.Now.AddHours(OpenSubmission.HoursOpen), default);
        Assert.Equal(SubmissionStatus.Expired, (await open.Read(Replies.Confirmed)).State!.Status);
        Assert.Equal(SubmissionStatus.Complete, (await done.Read(Replies.Confirmed)).State!.Status);
        Assert.Empty(await network.Store.Submissions.ReadAsync("sb-north.open", "", 10, default));
        Assert.Equal(12, (await network.Store.Submissions.ReadAsync("sb-north.done", "", 100, default)).Count);
        Assert.Equal(0, (await network.Store.Projections.ReadCountsAsync(network.Clock.Now, default)).Overdue);
    }
}
