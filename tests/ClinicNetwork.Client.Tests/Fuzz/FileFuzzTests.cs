using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ClinicNetwork.Cli.Commands;
using ClinicNetwork.Cli.Commands.Audit;
using ClinicNetwork.Cli.Import;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client.Pull;
using ClinicNetwork.Simulation;
using ClinicNetwork.Tests.Fuzz;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.Client.Tests.Fuzz;

/// <summary>What people hand in, what earlier runs left and what a server answers, with anything wrong in it: read, or refused in one line; never another exception.</summary>
public sealed class FileFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Patients =
        "patient,given_name,family_name,birth_date,sex,record_number,enrolled_on\n" + "p-1,Ada,Example,1980-05-17,female,R-1,2025-07-01\n" + "p-2,\"Bo \"\"B\"\"\",Example,1981-05-17,male,R-2,2025-06-30\n";

    private const string Baselines = "respondent,sex,age_years,phq9_total\n1,female,34,12\n2,male,80,27\n3,female,18,0\n4,male,51,10\r\n5,female,44,19\n";

    private readonly FuzzFolder folder = new();

    private string File => folder.Sub("file");

    [Fact]
    public void A_table_of_patients() => Run("patients.csv", random => Mutant.Table(Patients, random), () => PatientCsv.Read(File, ','), error => error is InputException);

    [Fact]
    public void A_table_of_baselines() => Run("the NHANES table", random => Mutant.Table(Baselines, random), () =>
    {
        using var reader = new StreamReader(File);
        Assert.InRange(BaselineTable.ReadCsv(reader).MeanPhq9, BaselineTable.Phq9Min, BaselineTable.Phq9Max);
    }, error => error is BaselineFileException);

    [Fact]
    public void An_identity()
    {
        var identity = Encoding.ASCII.GetBytes(Identity());
        Run("an identity", random => Mutant.Bytes(identity, random), () =>
        {
            using var loaded = ClientIdentity.Load(File);
            Assert.True(loaded.Certificate.HasPrivateKey);
        }, error => error is ClientIdentityException);
    }

    [Fact]
    public void What_earlier_verifications_saw()
    {
        var valid = JsonNode.Parse("""{"key":"-----BEGIN PUBLIC KEY-----","roots":[{"origin":"clinicnetwork-audit/01","size":7,"root":"AAAA"},{"origin":"clinicnetwork-audit/01","size":9,"root":"BBBB"}]}""")!;
        Run("--seen", random => Encoding.UTF8.GetBytes(Mutant.JsonText(valid, random)), () =>
        {
            var seen = new SeenFile(File).Read();
            Assert.True(seen.Key is not null && seen.Roots.All(root => root.Size > 0));
        }, error => error is InputException);
    }

    [Fact]
    public void A_cursor() => Run(
        "--cursor", random => Mutant.Bytes(Encoding.ASCII.GetBytes("AbCdEfGh0123456789-_AbCdEfGh\n"), random), () => Assert.InRange(new CursorFile(File).Read().Length, 0, 4_096), error => error is InputException);

    /// <summary>Options and arguments, each as the text that it is.</summary>
    [Fact]
    public void Values_of_the_command_line()
    {
        (string Valid, Func<string, object?> Read)[] values =
        [
            ("https://127.0.0.1:5070,https://127.0.0.1:5071", Parse.Addresses), ("clinics/harbour", Parse.Clinic), ("patients/p-1", Parse.Patient), ("approvals/erase-7", Parse.Approval),
            ("2026-01-02T00:00Z", Parse.Instant), ("2026-02-28", text => Parse.Day(text)), ("120/80", Parse.Pressure), ("0,1,2,3,0,1,2,3,0", Parse.Phq9Items),
            ("sleep through;5;2026-05-01", Parse.Goal), ("less fear;gad-7=7;2026-05-01", Parse.Goal), ("sertraline:adequate:partial", Parse.EarlierTreatment), ("clinics/hill:read", Parse.Grant),
            ("17", text => Parse.Whole(text, -20, 20)), ("0.5", text => Parse.Number(text, 0, 1)),
        ];
        FuzzRun.Of(output, "values of the command line", random =>
        {
            var (valid, read) = values[random.Next(values.Length)];
            return read(Mutant.Text(valid, random)) is not null;
        });
    }

    /// <summary>A pull that goes on where it was cut: it begins behind whole lines, and what they give is looked at again in the end.</summary>
    [Fact]
    public void What_a_cut_pull_left()
    {
        var (salt, leaf) = (new string('a', 32), new string('b', 64));
        var rows = string.Concat(Enumerable.Range(0, 6).Select(i => i % 3 == 2 ? $$"""{"row":{{i}},"leaf":"{{leaf}}"}""" + "\n" : $$"""{"row":{{i}},"salt":"{{salt}}","values":["x","9+"]}""" + "\n"));
        var lines = rows.Split('\n');
        var (aside, manifest) = (folder.Sub("aside"), Encoding.UTF8.GetBytes("{}"));
        FuzzRun.Of(output, "a cut pull", random =>
        {
            Directory.CreateDirectory(aside);
            var damaged = random.Next(2) == 0 ? Mutant.Bytes(Encoding.UTF8.GetBytes(rows), random) : Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line =>
                line.Length > 0 && random.Next(4) == 0 ? Mutant.JsonText(JsonNode.Parse(line)!, random) : line)));
            System.IO.File.WriteAllBytes(Path.Combine(aside, "rows.ndjson"), damaged);
            System.IO.File.WriteAllBytes(Path.Combine(aside, "manifest.json"), manifest);
            using var partial = new PartialBatch(aside);
            var taken = (int)partial.Resume(manifest, [1]);
            var whole = string.Concat(lines.Take(taken).Select(line => line + "\n"));
            // A line has one spelling: rows that give the same root are the same bytes.
            Assert.True(!partial.Tree.Root().AsSpan().SequenceEqual(TreeOf(lines.Take(taken)).Root()) || Encoding.UTF8.GetBytes(whole).AsSpan().SequenceEqual(damaged.AsSpan(0, whole.Length)));
            return taken > 0;
        });
    }

    private static MerkleAccumulator TreeOf(IEnumerable<string> lines)
    {
        var (tree, row) = (new MerkleAccumulator(), new RowLine());
        foreach (var line in lines)
        {
            Assert.True(row.TryRead(Encoding.UTF8.GetBytes(line), tree.Count));
            tree.Add(row.Leaf);
        }
        return tree;
    }

    [Fact]
    public void A_manifest_that_was_pulled()
    {
        var valid = JsonNode.Parse("""{"format":"clinicnetwork.release/2","recipient":"a-1","root":"00ff","columns":["pseudonym","cell"],"tombstones":[{"batch":1,"rows":[5,9]}]}""")!;
        FuzzRun.Of(output, "a pulled manifest", random =>
        {
            try
            {
                return ManifestFacts.Read(Encoding.UTF8.GetBytes(Mutant.JsonText(valid, random))).Root.Length > 0;
            }
            catch (ClinicNetworkException exception) when (exception.Code == StatusCode.DataLoss)
            {
                return false;
            }
        });
    }

    [Fact]
    public void What_a_server_answers_to_who_asks_for_a_token()
    {
        System.IO.File.WriteAllText(File, Identity());
        using var identity = ClientIdentity.Load(File);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var valid = JsonNode.Parse("""{"access_token":"a.b.c","token_type":"Bearer","expires_in":300,"scope":"nurse","error":"invalid_client","error_description":"ASSERTION_INVALID: what to do"}""")!;
        FuzzRun.Of(output, "answers of the token endpoint", random =>
        {
            using var answers = new Answers(random, valid);
            using var tokens = new MachineTokens(new("https://127.0.0.1:5070"), identity, "pacs-1", "key-1", key) { Handler = answers };
            try
            {
                return tokens.GetAsync(identity.Certificate, default).GetAwaiter().GetResult().Length > 0;
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.Unauthenticated)
            {
                return false;
            }
        });
    }

    public void Dispose() => folder.Dispose();

    private void Run(string format, Func<Random, byte[]> make, Action read, Func<Exception, bool> isRefusal) => FuzzRun.Of(output, format, random =>
    {
        System.IO.File.WriteAllBytes(File, make(random));
        try
        {
            read();
            return true;
        }
        catch (Exception error) when (isRefusal(error))
        {
            Assert.DoesNotContain('\n', error.Message);
            return false;
        }
    });

    private static string Identity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private sealed class Answers(Random random, JsonNode valid) : HttpMessageHandler
    {
        private static readonly string[] Kinds = ["application/json", "application/json; charset=utf-16", "application/json; charset=nobody", "text/html", "", "application/json; charset=\"utf-8\""];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage((HttpStatusCode)(random.Next(3) == 0 ? random.Next(100, 1_000) : 200)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Mutant.JsonText(valid, random))) };
            answer.Content.Headers.TryAddWithoutValidation("content-type", random.Next(2) == 0 ? Kinds[0] : Kinds[random.Next(Kinds.Length)]);
            answer.Content.Headers.TryAddWithoutValidation("content-length", random.Next(8) == 0 ? random.Next().ToString(CultureInfo.InvariantCulture) : null);
            return Task.FromResult(answer);
        }
    }
}
