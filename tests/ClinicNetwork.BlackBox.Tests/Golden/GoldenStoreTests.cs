using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>
/// Every released version's store is opened by this version's server: all its commands get their stored answers, all its reads still show what
/// they showed. <c>tests/golden/make</c> writes this version's store.
/// </summary>
public class GoldenStoreTests
{
    /// <summary>Set by tests/golden/make to the folder of the version to be written.</summary>
    internal const string OutVariable = "CLINICNETWORK_GOLDEN_OUT";

    internal const string CallsFile = "calls.jsonl";

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(GoldenFolder()).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_released_version_s_store_opens_and_answers_as_it_did(string version)
    {
        using var temp = new TempFolder();
        var released = Path.Combine(GoldenFolder(), version);
        Copy(Path.Combine(released, "store"), temp.Sub("store"));
        await AssertAnswersAsync(temp.Sub("store"), await File.ReadAllLinesAsync(Path.Combine(released, CallsFile)));
    }

    [Fact]
    public async Task A_store_made_now_opens_and_answers_as_it_did()
    {
        using var temp = new TempFolder();
        var calls = await GoldenStore.MakeAsync(temp.Sub("store"));
        string[] lines = [.. calls.Select(c => c.ToLine())];
        if (Environment.GetEnvironmentVariable(OutVariable) is { Length: > 0 } target)
        {
            Directory.CreateDirectory(target);
            Copy(temp.Sub("store"), Path.Combine(target, "store"));
            await File.WriteAllLinesAsync(Path.Combine(target, CallsFile), lines);
        }

        await AssertAnswersAsync(temp.Sub("store"), lines);
    }

    [Fact]
    public void A_changed_answer_is_noticed()
    {
        Assert.Null(JsonSubset.FirstDifference(Json("""{"a":{"b":[1,2]}}"""), Json("""{"a":{"b":[1,2],"more":1},"new":2}""")));
        Assert.Equal("$.a.b[1]", JsonSubset.FirstDifference(Json("""{"a":{"b":[1,2]}}"""), Json("""{"a":{"b":[1,3]}}""")));
        Assert.Equal("$.a.b", JsonSubset.FirstDifference(Json("""{"a":{"b":[1,2]}}"""), Json("""{"a":{"b":[1]}}""")));
        Assert.Equal("$.a", JsonSubset.FirstDifference(Json("""{"a":1}"""), Json("{}")));

        static System.Text.Json.Nodes.JsonNode Json(string text) => System.Text.Json.Nodes.JsonNode.Parse(text)!;
    }

    /// <param name="but">A field that may differ.</param>
    internal static async Task AssertAnswersAsync(string store, string[] lines, string? but = null, params string[] more)
    {
        await using var server = await ServerProcess.StartAsync(store, ["--clock", "manual", .. more]);
        using var channel = server.Open();
        using var certificates = new TestCertificates(server);
        using var partner = server.Open(certificates.Good("role:registry", "partner:" + RegistryPartner.Name["partners/".Length..]));
        var commands = 0;
        foreach (var call in lines.Select(RecordedCall.FromLine))
        {
            var answer = await call.RepeatAsync(call.Partner is null ? channel : partner);
            commands += call.IsRead ? 0 : 1;
            Assert.Null(JsonSubset.FirstDifference(call.AnswerOf(call.Response), call.AnswerOf(answer), call.Method, but));
        }

        // Who was enrolled before there were doubles is compared too: one store in all has namesakes.
        var network = new Network(channel);
        await Bounded.UntilAsync("those of before are compared", async () => (await network.Matches.ListProbableDoublesAsync(new() { PageSize = 1 })).Doubles.Count > 0);
        Assert.True(commands > 500, $"only {commands} commands were repeated");
    }

    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(f => Path.GetFileName(f) is not ("lock" or "endpoint")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    internal static string GoldenFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "golden")))
            {
                return Path.Combine(folder.FullName, "tests", "golden");
            }
        }

        throw new InvalidOperationException("No folder above the tests holds tests/golden.");
    }
}
