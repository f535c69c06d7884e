using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Client.Tests.Cli;

/// <summary>A clinic's figures as people read them.</summary>
public sealed class ClinicOutcomesTests
{
    [Fact]
    public async Task What_is_left_out_is_a_dash_with_a_reason_and_shares_need_all_that_they_are_of()
    {
        var run = await RunAsync(Group("protocols/ketamine-iv", 20, 30, 50, 0, 12), Group("protocols/ketamine-im", null, 30, null, 40, 0), Group("", null, 60, null, 40, 12));

        Assert.Equal(0, run.ExitCode);
        var lines = run.Out.Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToArray();
        Assert.Contains("end of induction ketamine-iv ketamine-im all", lines);
        Assert.Contains("worsening 20 (20.0 %) - -", lines);
        Assert.Contains("remission 30 (30.0 %) 30 60", lines);
        Assert.Contains("no change 0 (0.0 %) 40 40", lines);
        Assert.Contains("not attended 12 0 12", lines);
        Assert.Contains(lines, line => line.StartsWith("-: not shown. Numbers of 1 to 10 persons", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_everything_is_shown_nothing_is_explained()
    {
        var run = await RunAsync(Group("protocols/ketamine-iv", 20, 30, 50, 0, 12), Group("", 20, 30, 50, 0, 12));

        Assert.DoesNotContain("not shown", run.Out, StringComparison.Ordinal);
    }

    private static ProtocolOutcomes Group(string protocol, params int?[] counts)
    {
        var group = new ProtocolOutcomes { Protocol = protocol, Total = new() { Count = 112 } };
        group.Counts.AddRange(counts.Select(c => c is { } shown ? new ShownCount { Count = shown } : new ShownCount()));
        return group;
    }

    /// <param name="groups">Over all last.</param>
    private static async Task<CommandLineRun> RunAsync(params ProtocolOutcomes[] groups)
    {
        var milestone = new ClinicOutcomes { Milestone = Milestone.EndOfInduction, All = groups[^1] };
        milestone.Protocols.AddRange(groups[..^1]);
        var answer = new GetClinicOutcomesResponse { K = 11, Columns = { "WORSENING", "REMISSION", "RESPONSE", "NO_CHANGE", "NOT_ATTENDED" }, Milestones = { milestone } };
        await using var server = await GrpcServer.StartAsync(answer.ToByteArray());
        return await CommandLineRun.OfAsync("clinic", "outcomes", "clinics/harbour", "--server", server.Address.ToString().TrimEnd('/'));
    }
}
