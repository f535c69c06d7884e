using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClinicNetwork.Cli.Import;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client.Tests.Fakes;
using Xunit.Abstractions;

namespace ClinicNetwork.Client.Tests.Fuzz;

/// <summary>Files that people hand in, with anything wrong in them: read, or refused in one line; never another exception.</summary>
public sealed class FileFuzzTests(ITestOutputHelper output)
{
    /// <summary><c>CLINICNETWORK_TEST_ROUNDS</c> multiplies it.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3)
        * (int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Clamp(times, 1, 1_000) : 1);

    private const string Csv =
        "patient,given_name,family_name,birth_date,sex,record_number,enrolled_on\n" + "p-1,Ada,Example,1980-05-17,female,R-1,2025-07-01\n" + "p-2,\"Bo \"\"B\"\"\",Example,1981-05-17,male,R-2,2025-06-30\n";

    private static readonly string[] Pieces =
        ["\"", "\"\"", ",", ";", "\n", "\r", "\r\n", "\0", "\ufeff", "ä", "🧠", "=cmd()", "\t", new string('x', 5_000), "1980-02-30", "-----BEGIN CERTIFICATE-----", "-----END PRIVATE KEY-----", "AAAA", "patient,"];

    [Fact]
    public void A_table_of_patients() => Run("patients.csv", Encoding.UTF8.GetBytes(Csv), path => PatientCsv.Read(path, ','), error => error is InputException);

    [Fact]
    public void An_identity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        var text = $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        Run("identity.pem", Encoding.ASCII.GetBytes(text), path => ClientIdentity.Load(path).Dispose(), error => error is ClientIdentityException);
    }

    private void Run(string name, byte[] valid, Action<string> read, Func<Exception, bool> isRefusal)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        var (inputs, refused, began) = (0, 0, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(began) < Length; inputs++)
        {
            var bytes = valid.AsSpan().ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                bytes = Changed(bytes, random);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                read(path);
            }
            catch (Exception error) when (isRefusal(error))
            {
                refused++;
                Assert.False(error.Message.Contains('\n', StringComparison.Ordinal), $"several lines: {error.Message}");
            }
            catch (Exception error)
            {
                Assert.Fail($"{error.GetType().Name}: {error.Message}: {Convert.ToBase64String(bytes)}");
            }
        }

        output.WriteLine($"{inputs:N0} inputs, {refused:N0} refused");
        Assert.InRange(refused, 1, inputs - 1);
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var piece = Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return [.. bytes[..at], .. piece, .. bytes[at..]];
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes];
            case 4:
                var end = Math.Min(bytes.Length, at + random.Next(80));
                return [.. bytes[..at], .. bytes[end..]];
            default:
                return [.. bytes, .. bytes[at..]];
        }
    }
}
