using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicNetwork.Cli;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

public sealed class AnonymiseTests : IDisposable
{
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    private readonly TablesOnDisk tables = new();

    public void Dispose() => tables.Dispose();

    /// <summary>A made-up table: person;age;zip;illness;score;note. Some persons have several rows.</summary>
    private void Make(int rows, Random random)
    {
        tables.Write("h/age.csv", Enumerable.Range(20, 40).Select(age => $"{age};{age / 5 * 5}+;{age / 20 * 20}++;*"));
        tables.Write("h/zip.csv", Enumerable.Range(0, 12).Select(zip => $"z{zip};y{zip / 3};*"));
        tables.Write("t.csv", Enumerable.Range(0, rows).Select(row =>
            $"p{random.Next(rows)};{20 + (random.Next(40) * random.Next(40) / 40)};z{random.Next(12)};i{random.Next(5)};{random.Next(28)};n{row}").Prepend("person;age;zip;illness;score;note"));
    }

    private static string[][] Read(string path) => [.. File.ReadAllLines(path).Select(line => line.Split(';'))];

    private Dictionary<string, string[]> Hierarchy(string name) => Read(tables.At($"h/{name}.csv")).ToDictionary(levels => levels[0]);

    /// <summary>Every law of the output, by hand: same rows in the same order, each cell a label of its value, k persons a class, and the report's figures.</summary>
    private void Check(int k, int distinctL, double t, double limit, bool stream = false)
    {
        var (input, output, report) = (Read(tables.At("t.csv")), Read(tables.Out), JsonDocument.Parse(File.ReadAllText(tables.Report)).RootElement);
        var (age, zip) = (Hierarchy("age"), Hierarchy("zip"));
        var first = stream ? 1 : 0;
        Assert.Equal([.. stream ? (string[])["batch"] : [], "age", "zip", "illness", "note"], output[0]);
        Assert.Equal(input.Length, output.Length);
        var (loss, classes, released) = (0.0, new Dictionary<string, List<int>>(), new List<int>());
        for (var row = 1; row < input.Length; row++)
        {
            var cells = output[row][first..];
            Assert.Contains(cells[0], age[input[row][1]]);
            Assert.Contains(cells[1], zip[input[row][2]]);
            double Loss(Dictionary<string, string[]> of, string label) => (of.Values.Count(levels => levels.Contains(label)) - 1.0) / (of.Count - 1.0);
            loss += (Loss(age, cells[0]) + Loss(zip, cells[1])) / 2;
            if (stream && output[row][0].Length == 0)
            {
                Assert.Equal(["*", "*", "", ""], cells);
                continue;
            }
            Assert.Equal([input[row][3], input[row][5]], cells[2..]);
            if (cells is ["*", "*", ..])
                continue;
            released.Add(row);
            var key = string.Join(';', output[row][..(first + 2)]);
            if (!classes.TryGetValue(key, out var members))
                classes[key] = members = [];
            members.Add(row);
        }

        int Persons(IEnumerable<int> rows) => rows.Select(row => input[row][0]).Distinct().Count();
        Assert.All(classes.Values, members => Assert.True(Persons(members) >= k));
        Assert.All(classes.Values, members => Assert.True(members.Select(row => input[row][3]).Distinct().Count() >= distinctL));
        double Share(IReadOnlyCollection<int> rows, string value) => (double)rows.Count(row => input[row][3] == value) / rows.Count;
        var distance = stream || released.Count == 0 ? 0 : classes.Values.Max(
            members => input.Skip(1).Select(row => row[3]).Distinct().Sum(value => Math.Abs(Share(members, value) - Share(released, value))) / 2);
        Assert.InRange(distance, 0, t + 1e-9);
        var (n, suppressed) = (input.Length - 1, input.Length - 1 - released.Count);
        Assert.InRange(suppressed, 0, limit * n);

        Assert.Equal(
            ["n", "k", "persons", "classes", "min_class", "suppressed", "ncp", "gi", "dm", "c_avg", "risk_max", "risk_avg", "l_distinct", "t", "mode", "seconds_compute", "seconds_total", "peak_bytes"],
            report.EnumerateObject().Select(property => property.Name));
        double Figure(string key) => report.GetProperty(key).GetDouble();
        Assert.Equal((n, k, Persons(Enumerable.Range(1, n))), (Figure("n"), Figure("k"), Figure("persons")));
        Assert.Equal((classes.Count, suppressed), (Figure("classes"), Figure("suppressed")));
        Assert.Equal(classes.Values.Select(Persons).DefaultIfEmpty(0).Min(), Figure("min_class"));
        Assert.Equal(loss / n, Figure("ncp"), 1e-9);
        Assert.Equal(classes.Values.Sum(members => (double)members.Count * members.Count) + ((double)n * suppressed), Figure("dm"), 1e-6);
        Assert.Equal(classes.Count == 0 ? 0 : (double)released.Count / classes.Count / k, Figure("c_avg"), 1e-9);
        if (!stream && released.Count > 0)
            Assert.Equal(distance, Figure("t"), 1e-9);
        Assert.True(Figure("seconds_total") >= Figure("seconds_compute") && Figure("seconds_compute") > 0 && Figure("peak_bytes") > 1_000_000);
    }

    [Fact]
    public async Task What_is_written_holds_the_model_covers_the_input_and_is_reported_as_it_is()
    {
        for (var seed = 1; seed <= 12 * Rounds; seed++)
        {
            var random = new Random(seed);
            var (rows, k) = (30 + random.Next(300), 2 + random.Next(6));
            Make(rows, random);
            var (distinctL, t, limit) = random.Next(4) switch { 0 => (2, 1.0, 0.5), 1 => (1, 0.45, 1.0), 2 => (1, 1.0, 0.05), _ => (1, 1.0, 0.0) };
            string[] words = ["--distinct-l", $"{distinctL}", "--t", t.ToString(CultureInfo.InvariantCulture), "--suppression-limit", limit.ToString(CultureInfo.InvariantCulture)];

            var run = await tables.AnonymiseAsync("age,zip", k, ["--person", "person", "--sensitive", "illness", "--keep", "note", .. words]);

            Assert.True(run.ExitCode == 0, $"seed {seed}, {rows} rows, k {k}, {string.Join(' ', words)}: {run.Error}");
            Check(k, distinctL, t, limit);
        }
    }

    [Fact]
    public async Task A_stream_says_in_which_batch_each_row_is()
    {
        Make(400, new Random(5));

        var run = await tables.AnonymiseAsync("age,zip", 3, "--person", "person", "--sensitive", "illness", "--keep", "note", "--stream", "--delay", "100", "--suppression-limit", "0.5");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Check(3, 1, 1, 0.5, stream: true);
        Assert.True(Read(tables.Out).Skip(1).Select(row => row[0]).Distinct().Count() > 2);
    }

    [Fact]
    public async Task Of_a_row_that_no_batch_takes_nothing_is_written()
    {
        Make(120, new Random(5));

        var run = await tables.AnonymiseAsync("age,zip", 6, "--person", "person", "--sensitive", "illness", "--keep", "note", "--stream", "--delay", "12");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(Read(tables.Out), row => row[0].Length == 0);
        Check(6, 1, 1, 1, stream: true);
    }

    [Fact]
    public async Task Fixed_regions_come_from_the_prior_and_are_listed()
    {
        Make(600, new Random(8));
        File.Move(tables.At("t.csv"), tables.At("prior.csv"));
        Make(600, new Random(9));

        var run = await tables.AnonymiseAsync(
            "age,zip", 3, "--person", "person", "--sensitive", "illness", "--keep", "note", "--mode", "fixed", "--prior", tables.At("prior.csv"), "--regions", tables.At("regions.csv"),
            "--distinct-l", "2", "--suppression-limit", "0.2");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Check(3, 2, 1, 0.2);
        var regions = Read(tables.At("regions.csv"));
        Assert.Equal(["age", "zip"], regions[0]);
        Assert.Subset(regions.Skip(1).Select(region => string.Join(';', region)).ToHashSet(), Read(tables.Out).Skip(1).Select(row => string.Join(';', row[..2])).ToHashSet());
    }

    [Fact]
    public async Task Ordered_distance_takes_numbers_in_their_order()
    {
        Make(300, new Random(4));

        var run = await tables.AnonymiseAsync("age,zip", 5, "--sensitive", "score", "--t", "0.2", "--t-distance", "ordered", "--suppression-limit", "1");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var (output, t) = (Read(tables.Out).Skip(1).Where(row => row is not ["*", "*", ..]).ToArray(), JsonDocument.Parse(File.ReadAllText(tables.Report)).RootElement.GetProperty("t").GetDouble());
        var scores = output.Select(row => int.Parse(row[2], CultureInfo.InvariantCulture)).Distinct().Order().ToArray();
        double Below(IEnumerable<string[]> rows, int score) => rows.Average(row => int.Parse(row[2], CultureInfo.InvariantCulture) <= score ? 1.0 : 0);
        var farthest = output.GroupBy(row => $"{row[0]};{row[1]}").Max(members => scores.Sum(score => Math.Abs(Below(members, score) - Below(output, score))) / (scores.Length - 1));
        Assert.Equal(farthest, t, 1e-9);
        Assert.InRange(farthest, 0, 0.2 + 1e-9);
    }

    [Fact]
    public async Task Quotes_line_breaks_and_a_byte_order_mark_are_read_and_written_again()
    {
        tables.Write("h/a;b.csv", "\"x;1\";\"x\n*\";*\ny;\"x\n*\";*\n");
        tables.Write("t.csv", "\uFEFF\"a;b\";note;\"say \"\"it\"\"\"\r\n\"x;1\";\"two\r\nlines; \"\"quoted\"\"\";1\r\ny; kept ;\r\n");

        var run = await tables.AnonymiseAsync("a;b", 2, "--keep", "note,say \"it\"");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("\"a;b\";note;\"say \"\"it\"\"\"\n\"x\n*\";\"two\r\nlines; \"\"quoted\"\"\";1\n\"x\n*\"; kept ;\n", File.ReadAllText(tables.Out));
    }

    [Fact]
    public async Task Another_delimiter_is_one_for_all_files()
    {
        tables.Write("h/a.csv", "1\t1-2\t*\n2\t1-2\t*\n");
        tables.Write("t.csv", "a\tb\n1\t;\n2\t,\n");

        var run = await tables.AnonymiseAsync("a", 2, "--delimiter", "\\t", "--keep", "b");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("a\tb\n1-2\t;\n1-2\t,\n", File.ReadAllText(tables.Out));
    }

    [Fact]
    public async Task The_person_stays_out_and_nothing_sensitive_is_null_in_the_report()
    {
        Make(100, new Random(3));

        await tables.AnonymiseAsync("age,zip", 4, "--person", "person");

        Assert.Equal("age;zip", File.ReadLines(tables.Out).First());
        var report = JsonDocument.Parse(File.ReadAllText(tables.Report)).RootElement;
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, "tight"), (report.GetProperty("l_distinct").ValueKind, report.GetProperty("t").ValueKind, report.GetProperty("mode").GetString()));
    }

    [Fact]
    public async Task Whenever_it_is_cancelled_there_is_all_or_nothing_new()
    {
        Make(20_000, new Random(2));
        var cancelled = 0;
        for (var writes = 0; ; writes++)
        {
            tables.Write("out.csv", "before");
            File.Delete(tables.Report);
            using var cancel = new CancellationTokenSource();
            using var output = new CancellingWriter(writes, cancel);
            var exitCode = await CommandLine.RunAsync(tables.Arguments("age,zip", 3), new Terminal(output, TextWriter.Null, live: true), cancel.Token);

            Assert.Contains(exitCode, (int[])[0, 130]);
            Assert.Equal(exitCode == 0, File.Exists(tables.Report));
            Assert.Equal(exitCode == 130, File.ReadAllText(tables.Out) == "before");
            Assert.DoesNotContain(tables.Files(), file => file.Contains(".part ", StringComparison.Ordinal));
            if (exitCode == 0)
                break;
            cancelled++;
        }
        Assert.True(cancelled > 1, $"cancelled {cancelled} times");
    }

    [Fact]
    public async Task The_report_is_put_in_its_place_last()
    {
        Make(2_000, new Random(4));
        tables.Write("out.csv", "before");
        File.Delete(tables.Report);
        // A folder cannot be replaced: the report fails where it would be put, which was free when the run began.
        var taken = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => Directory.EnumerateFiles(Path.GetDirectoryName(tables.Report)!, ".report.json.*").Any());
            Directory.CreateDirectory(tables.Report);
        });

        var run = await tables.AnonymiseAsync("age,zip", 3);

        await taken;
        Assert.Equal((2, $"clinicnet: {tables.Report}: cannot be put in its place: a folder is there now, or the permission is missing; give another name"), (run.ExitCode, run.Line));
        Assert.StartsWith("age;zip\n", File.ReadAllText(tables.Out), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_to_is_said_in_the_users_words()
    {
        Make(100, new Random(5));
        var arguments = tables.Arguments("age,zip", 3);
        // Not even root writes there.
        arguments[Array.IndexOf(arguments, "--out") + 1] = "/sys/kernel/out.csv";

        var run = await CommandLineRun.OfAsync(arguments);

        Assert.Equal((2, "clinicnet: --out: /sys/kernel/out.csv cannot be written: nobody gave the permission for its folder; ask for it, or give another name"), (run.ExitCode, run.Line));
    }

    [Theory]
    [InlineData("anonymise")]
    [InlineData("hierarchy")]
    public async Task A_file_that_may_not_grow_leaves_nothing_new(string command)
    {
        Make(20_000, new Random(6));
        tables.Write("out.csv", "before");
        var before = tables.Files();
        string[] arguments = command == "anonymise" ? tables.Arguments("age,zip", 3) : ["hierarchy", "numbers", "--from", "1", "--to", "20000", "--widths", "10", "--out", tables.Out];
        // A full disk for one process. The runtime itself maps its code through a file that is larger, unless told not to.
        var start = new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"", "dotnet", Path.Combine(AppContext.BaseDirectory, "ClinicNetwork.Cli.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.Equal($"clinicnet: {tables.Out}: cannot be written: the disk is full, or files may not be so large; make room, nothing was written\n", await error);
        Assert.Equal((2, ""), (process.ExitCode, await output));
        Assert.Equal(before, tables.Files());
    }

    [Fact]
    public void A_table_that_changes_between_its_two_readings_is_refused()
    {
        Make(50, new Random(7));
        var hierarchies = HierarchyFiles.Read(tables.At("h"), ["age"], ';');
        foreach (var change in (string[])["p1;20;z1;i1;1;n\n", "x", "\n"])
        {
            using var table = LoadedTable.Read(tables.At("t.csv"), ';', new(["age"], null, null, []), hierarchies, ordered: false, null, default);
            using (var other = new FileStream(tables.At("t.csv"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                other.Position = change.Length > 1 ? other.Length : other.Length - 2;
                other.Write(Encoding.UTF8.GetBytes(change));
            }
            var error = Assert.Throws<InputException>(() => table.Again((_, _) => { }, default));
            Assert.Contains("changed while it was read", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_may_ask_for_more_than_any_small_table_has()
    {
        Make(9_000, new Random(11));

        var strict = await tables.AnonymiseAsync("age,zip", 1_100, "--sensitive", "score", "--distinct-l", "20", "--suppression-limit", "1");
        var slow = await tables.AnonymiseAsync("age,zip", 1_100, "--stream", "--delay", "6000", "--suppression-limit", "1");

        Assert.Equal((0, "", 0, ""), (strict.ExitCode, strict.Error, slow.ExitCode, slow.Error));
    }

    /// <summary>A terminal at which somebody presses Ctrl-C when so much has been shown.</summary>
    private sealed class CancellingWriter(int writes, CancellationTokenSource cancel) : StringWriter
    {
        private int left = writes;

        public override void Write(string? value)
        {
            if (left-- == 0)
                cancel.Cancel();
        }
    }
}
