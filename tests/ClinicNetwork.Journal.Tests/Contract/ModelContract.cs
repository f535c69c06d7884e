using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ClinicNetwork.Journal.Tests.Model;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Random sequences of commands against a reference: same verdict at each step, same answer of every read.</summary>
public abstract partial class ModelContract(IStoreFactory stores, ITestOutputHelper output)
{
    /// <summary>
    /// What the sequences must have reached, lest they become tame unnoticed: each comes more than ten times in a run. A cell's name taken by another is met a
    /// few times only, so it is not asked for here (the release contract has a case of its own).
    /// </summary>
    private static readonly string[] Verdicts =
    [
        "Publish: appended", "same payload True", "same payload False", "conflict", "taken: record_number", "taken: consent", "taken: cell_member",
        "taken: batch", "taken: milestone", "taken: publication", "taken: prepared", "Commit: appended", "Revise: appended",
    ];

    /// <summary><c>CLINICNETWORK_TEST_ROUNDS</c>, 1 to 1,000, multiplies them.</summary>
    private static int Sequences =>
        90 * (int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), out var times) ? Math.Clamp(times, 1, 1_000) : 1);

    [Fact]
    public async Task Any_sequence_of_commands_does_what_the_reference_does()
    {
        var reached = new ConcurrentDictionary<string, int>();
        await ModelStep.Gen1.Array[1, 60].SampleAsync(steps => RunAsync(steps, reached), output.WriteLine, iter: Sequences, threads: 2);
        foreach (var (verdict, count) in reached.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{verdict}: {count}");
        }

        Assert.All(Verdicts, verdict => Assert.Contains(reached.Keys, key => key.Contains(verdict, StringComparison.Ordinal)));
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    private async Task RunAsync(ModelStep[] steps, ConcurrentDictionary<string, int> reached)
    {
        await using var store = await stores.CreateAsync();
        var state = new ReferenceState();
        for (var n = 0; n < steps.Length; n++)
        {
            if (steps[n].Kind == ModelStep.Kinds.Restart)
            {
                await store.RestartAsync();
                await ReferenceComparison.AssertSameAsync(state, store);
                continue;
            }

            var append = steps[n].Make(state, n);
            var (verdict, next) = ReferenceRules.Apply(state, append);
            var outcome = await store.Journal.AppendAsync(append, default);
            Assert.Equal(verdict, ReferenceRules.Describe(outcome));
            reached.AddOrUpdate($"{steps[n].Kind}: {Digits().Replace(verdict, "n")}", 1, (_, count) => count + 1);
            state = outcome is AppendOutcome.Appended appended
                ? next with { RowHashes = next.RowHashes.Add((append.Stream, append.Version), appended.RowHash) }
                : state;
        }

        await ReferenceComparison.AssertSameAsync(state, store);
    }
}
