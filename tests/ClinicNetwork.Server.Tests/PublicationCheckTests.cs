using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Server.Tests;

public sealed class PublicationCheckTests
{
    private static readonly string[] Names = ["sex", "age", "treatment", "baseline_severity"];
    private static readonly string[] Categories = ["worsening", "remission", "response", "no_change"];
    private static readonly string[] Severities = ["MODERATE", "MODERATELY_SEVERE", "SEVERE"];
    private static readonly Dictionary<string, string[][]> Hierarchies = PublicOutcomes.Policy.Grid.Attributes.ToDictionary(a => a.Name, a => a.Paths.Select(path => path.ToArray()).ToArray());

    private readonly PublicationCheck _check = new(TimeProvider.System);

    [Fact]
    public async Task A_sound_candidate_is_held_against_a_simulated_control_and_its_files_are_gone()
    {
        var summary = await _check.AttackAsync(Candidate(cells: 30, members: 20), CancellationToken.None);

        Assert.Equal(("simulated", 600, false), (summary.Control, summary.Persons, summary.Exceeded));
        Assert.Contains(summary.Attacks, attack => attack is { Attack: "intersection", Attacked: 600, Verdict: "held", ExcessHigh: 0 });
        Assert.Contains(summary.Attacks, attack => attack is { Attack: "inference", Attacked: 600, Verdict: "held" or "not_established" });
        Assert.All(summary.Attacks, attack => Assert.True(attack.Verdict != "held" || attack.ExcessHigh <= 0.05, attack.Attack));
        Assert.Empty(Left());
    }

    [Fact]
    public async Task A_cell_under_k_is_exceeded()
    {
        var summary = await _check.AttackAsync(Candidate(cells: 3, members: 10), CancellationToken.None);

        Assert.True(summary.Exceeded);
        Assert.Contains(summary.Attacks, attack => attack is { Attack: "intersection", Risk: 1, Verdict: "exceeded" });
    }

    [Fact]
    public async Task A_candidate_that_tells_every_outcome_is_exceeded()
    {
        var summary = await _check.AttackAsync(Candidate(cells: 30, members: 20, uniform: true), CancellationToken.None);

        Assert.Contains(summary.Attacks, attack => attack is { Attack: "inference", Verdict: "exceeded" });
    }

    [Fact]
    public async Task Two_hundred_of_the_pool_are_the_control_and_without_anybody_known_there_is_none()
    {
        var candidate = Candidate(cells: 30, members: 20);
        KnownPerson[] pool = [.. candidate.Known.Take(ControlCohort.PoolMin).Select(person => person with { Pseudonym = "" })];

        Assert.Equal("pool", (await _check.AttackAsync(candidate with { Control = pool }, CancellationToken.None)).Control);
        Assert.Equal("simulated", (await _check.AttackAsync(candidate with { Control = pool[1..] }, CancellationToken.None)).Control);
        var none = await _check.AttackAsync(candidate with { Known = [] }, CancellationToken.None);
        Assert.Equal("none", none.Control);
        Assert.DoesNotContain(none.Attacks, attack => attack.Attack is "linkage" or "inference");
    }

    [Fact]
    public void The_simulated_control_has_the_shares_of_who_is_known()
    {
        KnownPerson[] known = [.. Enumerable.Range(0, 4_000).Select(i => new KnownPerson("", [i % 10 == 0 ? "other" : "male", "90+", i % 4 == 0 ? "ketamine-iv" : "esketamine-nasal", "SEVERE"], i % 2 == 0 ? null : "response"))];

        var (_, persons) = ControlCohort.For(known, []);

        Assert.Equal(4_000, persons.Count);
        Assert.InRange(persons.Count(person => person.Leaves[0] == "other") / 4_000.0, 0.08, 0.12);
        Assert.InRange(persons.Count(person => person.Leaves[2] == "ketamine-iv") / 4_000.0, 0.22, 0.28);
        Assert.InRange(persons.Count(person => person.Category is null) / 4_000.0, 0.47, 0.53);
        Assert.All(persons, person => Assert.Equal(("90+", "SEVERE"), (person.Leaves[1], person.Leaves[3])));
    }

    [Fact]
    public async Task What_the_verifier_refuses_is_rules_and_places_without_content()
    {
        var findings = await _check.VerifyAsync(Candidate(cells: 2, members: 20), CancellationToken.None);

        Assert.Contains("SIGNATURE network-key.pem", findings);
        Assert.Contains("FORMAT batches/0001/manifest.json", findings);
        Assert.All(findings, finding => Assert.Matches("^[A-Z_0-9]+ [a-z0-9/.-]+(:[0-9]+)?$", finding));
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Lists_of_new_pseudonyms_are_among_the_files()
    {
        var candidate = Candidate(cells: 2, members: 20) with { Rekeys = [new("rekey", "one", 1, [1, 2], [3, 4])] };
        using var folder = await CandidateFolder.WriteAsync(candidate, TimeProvider.System, CancellationToken.None);

        Assert.Equal([1, 2], await File.ReadAllBytesAsync(Path.Combine(folder.Path, "rekeys", "0001.json")));
        Assert.Equal("AwQ=", await File.ReadAllTextAsync(Path.Combine(folder.Path, "rekeys", "0001.sig")));
        Assert.Contains(await _check.VerifyAsync(candidate, CancellationToken.None), finding => finding.StartsWith("FORMAT rekeys/0001.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelled_it_leaves_nothing_behind()
    {
        using var cancelled = new CancellationTokenSource();
        var candidate = Candidate(cells: 2, members: 20);
        var batch = candidate.Batches[0] with { Rows = token => Cancelling(candidate.Batches[0].Rows(token), cancelled, token) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _check.AttackAsync(candidate with { Batches = [batch] }, cancelled.Token));

        Assert.Empty(Left());
    }

    [Fact]
    public async Task While_it_runs_only_this_user_may_read_the_rows()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = await CandidateFolder.WriteAsync(Candidate(cells: 1, members: 20), TimeProvider.System, CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Equal(20, File.ReadAllLines(Path.Combine(folder.Path, "batches", "0001", "rows.ndjson")).Length);
    }

    private static async IAsyncEnumerable<CandidateRow> Cancelling(IAsyncEnumerable<CandidateRow> rows, CancellationTokenSource cancelled, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var number = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row;
            if (++number == 5)
            {
                await cancelled.CancelAsync();
            }
        }
    }

    /// <summary>Of this test run: other processes may be at work.</summary>
    private static IEnumerable<string> Left() => new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories("clinicnetwork-candidate-*")
        .Where(folder => folder.EnumerateFiles("network-key.pem").Any(file => File.ReadAllText(file.FullName) == nameof(PublicationCheckTests))).Select(folder => folder.Name);

    private static CandidateRelease Candidate(int cells, int members, bool uniform = false)
    {
        var (random, rows, known) = (new Random(1), new List<string[]>(), new List<KnownPerson>());
        for (var person = 0; person < cells * members; person++)
        {
            var cell = person / members;
            string[] region = [cell % 2 == 0 ? "female" : "male", ((string[])["18-34", "35-49", "50-64", "65+"])[cell / 2 % 4], "*", "*"];
            var age = ((int[])[18, 35, 50, 65])[cell / 2 % 4] + random.Next(15);
            var category = Categories[uniform ? cell % 8 / 2 : random.Next(4)];
            var pseudonym = person.ToString("x32", CultureInfo.InvariantCulture);
            known.Add(new(pseudonym, [region[0], PublicOutcomes.AgeLeaf(age), random.Next(5) == 0 ? "esketamine-nasal" : "ketamine-iv", Severities[random.Next(3)]], category));
            rows.Add([pseudonym, string.Create(CultureInfo.InvariantCulture, $"c-{cell:x16}"), "END_OF_INDUCTION", .. region, "MEASURED", "", category is "remission" or "response" ? "yes" : "no", category == "remission" ? "yes" : "no", category == "worsening" ? "yes" : "no"]);
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            format = "clinicnetwork.release/2", recipient = "a-1", rows = rows.Count, k = 11, withhold_share = 0.05,
            columns = (string[])["pseudonym", "cell", "milestone", .. Names, "status", "missing_reason", "response", "remission", "worsening"], quasi_identifiers = Names, hierarchies = Hierarchies,
            cells = rows.CountBy(row => row[1]).Select(cell => new { cell = cell.Key, milestone = "END_OF_INDUCTION", members = cell.Value }), waiting = "0", missing = new { },
        });
        return new("a-1", nameof(PublicationCheckTests), [new(1, manifest, new byte[64], _ => Rows(rows))], known, []);
    }

    private static async IAsyncEnumerable<CandidateRow> Rows(IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
        {
            await Task.Yield();
            yield return new(new byte[16], row, new byte[32]);
        }
    }
}
