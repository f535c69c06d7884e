using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Cli.Tables;

/// <summary>Runs the engine on a small table of its own, so that the time that is measured after it is the engine's and not the compiler's.</summary>
internal static class WarmUp
{
    private const int Rows = 1_000;
    private const int Attributes = 4;
    private const int Leaves = 16;
    private const int Rounds = 2;
    private const int K = 5;

    /// <param name="engine">Takes a table, a model and a delay.</param>
    /// <param name="model">What it asks for decides which code runs; the small table is asked for less.</param>
    internal static void Run(Func<Microdata, PrivacyModel, int, object> engine, PrivacyModel model, Microdata like)
    {
        var hierarchy = new LeafHierarchy("warm", [.. Enumerable.Range(0, Leaves).Select(leaf => (string[])[$"{leaf}", $"{leaf / 2 * 2}+2", $"{leaf / 4 * 4}+4", LeafHierarchy.Root])]);
        var smaller = new PrivacyModel(K, Math.Min(model.DistinctL, 2), model.T < 1 ? 0.5 : 1, SuppressionLimit: 1, model.Ordered);
        // A full cycle of a linear congruence: every run warms alike.
        var state = 1u;
        int Next(int below) => (int)((state = (state * 1_664_525) + 1_013_904_223) >> 16) % below;
        int[] Column(int below) => [.. Enumerable.Range(0, Rows).Select(_ => Next(below) * Next(below) / below)];
        for (var round = 0; round < Rounds; round++)
        {
            var table = new Microdata(
                [.. Enumerable.Repeat(hierarchy, Attributes)], [.. Enumerable.Range(0, Attributes).Select(_ => Column(Leaves))],
                like.Persons is null ? null : [.. Enumerable.Range(0, Rows).Select(row => row / 2)], like.Sensitive is null ? null : [.. Enumerable.Range(0, Rows).Select(row => row % 5)]);
            try
            {
                engine(table, smaller, Rows / 4);
            }
            catch (NotReachableException)
            {
                // Its loops have run all the same.
            }
        }
    }
}
