using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Cli.Commands.Submissions;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class RegistryCommandTests
{
    private static readonly Timestamp Since = new DateTimeOffset(2026, 3, 1, 6, 0, 0, TimeSpan.Zero).ToTimestamp();

    [Fact]
    public async Task Status_tells_what_waits_what_is_promised_what_the_folder_lacks_and_what_is_to_be_honoured()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "batches", "0001"));

        var run = await RunAsync(
            new GetFeedStatusResponse
            {
                Batches = 3, Rows = 640, LastPublishedOn = "2026-03-01", NextPublicationOn = "2026-04-01", Waiting = "fewer than 11", Promised = "410", Acknowledged = 1,
                TombstonesToHonour = 7, TombstonesSince = Since, Recipient = "partners/a/agreements/b",
            },
            "registry", "status", "--out", folder.Path);

        Assert.Equal(0, run.ExitCode);
        var told = string.Join(' ', run.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(
            (string[])["partners/a/agreements/b", "3, 640", "2026-03-01, 2026-04-01", "fewer than 11, 410", "7 rows since 2026-03-01", "folder lacks 2", $"next: clinicnet registry pull --out {folder.Path}"],
            text => Assert.Contains(text, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pull_into_a_file_says_which_option_is_wrong()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "release");
        await File.WriteAllTextAsync(file, "");
        var run = await RunAsync(new GetReleaseKeyResponse(), "registry", "pull", "--out", file);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"--out: {file} is a file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Late_recipients_are_listed_with_what_they_have_to_honour()
    {
        var run = await RunAsync(
            new ListLateRecipientsResponse { Recipients = { new LateRecipient { Agreement = "partners/a/agreements/b", Profile = "profiles/public-outcomes", Batches = 4, Acknowledged = 2, Since = Since, TombstonesToHonour = 9 } } },
            "registry", "late", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"tombstonesToHonour\": \"9\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dictionary_has_values_and_units()
    {
        var run = await RunAsync(
            new GetDataDictionaryResponse { Columns = { new DataColumn { Name = "age", Meaning = "In bands.", Values = { "18-24", "90+" }, Unit = "years" } } }, "registry", "dictionary");

        Assert.Contains("18-24, 90+ (years)", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0, "53.6 (40-60)")]
    [InlineData(false, 0, "severity *")]
    [InlineData(true, 1, "STATISTICS")]
    public async Task Statistics_are_shown_when_the_kept_key_signed_them_and_not_otherwise(bool changed, int exitCode, string told)
    {
        const string table = """
            {"profile":"public-outcomes","table":"outcomes","version":1,"persons":60,"as_of":"2026-03-01","publication":4,"withheld_cells":2,"retired_cells":0,"lines":[{"milestone":"WEEK_4","treatment":"ALL","baseline_severity":"ALL",
            "released":60,"measured":56,"response":{"share":0.5357,"low_if_missing":0.4,"high_if_missing":0.6},"remission":{"share":null},"worsening":{"share":null}},{"milestone":"WEEK_4","treatment":"ALL","baseline_severity":"*",
            "released":60,"measured":56,"response":{"share":null},"remission":{"share":null},"worsening":{"share":null}}]}
            """;
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (kept, file) = (Path.Combine(folder.Path, "network-key.pem"), Path.Combine(folder.Path, "table.json"));
        await File.WriteAllTextAsync(kept, key.ExportSubjectPublicKeyInfoPem());
        var signature = key.SignData(Encoding.UTF8.GetBytes(table), HashAlgorithmName.SHA256);

        var run = await RunAsync(
            new GetStatisticsResponse { Publication = 4, Document = ByteString.CopyFromUtf8(changed ? table.Replace("60", "61", StringComparison.Ordinal) : table), Signature = ByteString.CopyFrom(signature) },
            "registry", "statistics", "--key", kept, "--out", file);

        Assert.Equal((exitCode != 0, !changed), (run.ExitCode != 0, File.Exists(file)));
        Assert.Contains(told, changed ? run.Line : run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_says_does_not_steer_the_terminal()
    {
        var run = await RunAsync(new GetFeedStatusResponse { Batches = 1, Waiting = "\u001b]0;title\u0007\u001b[2J" }, "registry", "status");
        var refused = await CommandLineRun.OfAsync("registry", "\u001b[2J\u009b2J");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(run.Out + refused.Line, c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    [Theory]
    [InlineData("""{"record":null,"a":"1"}""")]
    [InlineData("""{"record":"r-1","a":null}""")]
    [InlineData("""{"record":"r-1","a":1}""")]
    [InlineData("""{"record":"r-1"}""")]
    [InlineData("null")]
    public void A_line_of_a_submission_that_is_no_object_of_texts_is_refused_by_its_number(string line)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("records.ndjson", line);

        var refused = Assert.Throws<InputException>(() => new RecordFile(file).Read(["a"]).ToArray());

        Assert.Contains("line 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "xml")]
    [InlineData("--profile", "public-outcomes")]
    public async Task An_option_of_another_form_is_refused(string option, string value) =>
        Assert.Contains(option, (await CommandLineRun.OfAsync("registry", "pull", "--out", "x", option, value)).Line, StringComparison.Ordinal);

    private static async Task<CommandLineRun> RunAsync(IMessage answer, params string[] args)
    {
        await using var server = await GrpcServer.StartAsync(answer.ToByteArray());
        return await CommandLineRun.OfAsync([.. args, "--server", server.Address.ToString().TrimEnd('/')]);
    }
}
