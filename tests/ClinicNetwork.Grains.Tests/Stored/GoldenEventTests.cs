using System.Text.Json.Nodes;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>
/// Every event, answer and state that a released version wrote is still read, and nothing of it is lost. <c>tests/golden/make</c> writes this
/// version's samples.
/// </summary>
public sealed class GoldenEventTests
{
    /// <summary>Set by tests/golden/make to the folder of the version to be written.</summary>
    private const string OutVariable = "CLINICNETWORK_GOLDEN_OUT";

    private const string FileName = "events.jsonl";

    private const int SampleSeed = 20261123;

    public static TheoryData<string> Versions =>
        [.. Directory.EnumerateFiles(GoldenFolder(), FileName, SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_released_version_stored_is_read_whole(string version) =>
        await AssertReadAsync(await File.ReadAllLinesAsync(Path.Combine(GoldenFolder(), version, FileName)));

    [Fact]
    public async Task Golden_samples_made_now_are_read_whole()
    {
        await using var network = await NetworkUnderTest.CreateStoreAsync(null, []);
        var sampler = new RecordSampler(SampleSeed);
        string[] lines = [.. Stored.Select(type => Line(StoredTypes.AliasOf(type), Encode(network.Store.Snapshots, type, sampler.Make(type))))];
        if (Environment.GetEnvironmentVariable(OutVariable) is { Length: > 0 } target)
        {
            Directory.CreateDirectory(target);
            await File.WriteAllLinesAsync(Path.Combine(target, FileName), lines);
        }

        await AssertReadAsync(lines);
    }

    [Fact]
    public async Task A_lost_member_is_noticed() =>
        await Assert.ThrowsAnyAsync<Exception>(() => AssertReadAsync([Line("treatment-ended", JsonNode.Parse("""{"reason":"x","occurredAt":"2026-01-01T00:00:00+00:00","lost":1}""")!)]));

    private static IEnumerable<Type> Stored => StoredTypes.All.Where(t => !t.IsEnum).OrderBy(StoredTypes.AliasOf, StringComparer.Ordinal);

    private static string Line(string alias, JsonNode value) => new JsonObject { ["alias"] = alias, ["value"] = value }.ToJsonString();

    private static async Task AssertReadAsync(string[] lines)
    {
        await using var network = await NetworkUnderTest.CreateStoreAsync(null, []);
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var entry = JsonNode.Parse(line)!;
            var type = StoredTypes.All.Single(t => StoredTypes.AliasOf(t) == entry["alias"]!.GetValue<string>());
            var read = network.Store.Snapshots.GetType().GetMethod("Decode")!.MakeGenericMethod(type)
                .Invoke(network.Store.Snapshots, [System.Text.Encoding.UTF8.GetBytes(entry["value"]!.ToJsonString())])!;
            var again = Encode(network.Store.Snapshots, type, read);
            Assert.True(IsWithin(entry["value"], again), $"{entry["alias"]} lost something");
        }
    }

    private static JsonNode Encode(object codec, Type type, object value) =>
        JsonNode.Parse((byte[])codec.GetType().GetMethod("Encode")!.MakeGenericMethod(type).Invoke(codec, [value])!)!;

    /// <summary>A later version may add members, never drop or change one.</summary>
    private static bool IsWithin(JsonNode? old, JsonNode? now) => (old, now) switch
    {
        (JsonObject was, JsonObject @is) => was.All(p => @is.ContainsKey(p.Key) && IsWithin(p.Value, @is[p.Key])),
        (JsonArray was, JsonArray @is) => was.Count == @is.Count && was.Zip(@is).All(p => IsWithin(p.First, p.Second)),
        _ => JsonNode.DeepEquals(old, now),
    };

    private static string GoldenFolder()
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
