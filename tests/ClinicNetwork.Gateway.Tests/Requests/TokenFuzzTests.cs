using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Gateway.Requests;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Requests;

/// <summary>Tokens with anything wrong do not open, and nothing but a verdict comes of them.</summary>
public sealed class TokenFuzzTests(ITestOutputHelper output)
{
    private const int Tokens = 300_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n\0äÿ";

    [Fact]
    public void A_token_that_was_changed_never_opens_and_never_throws()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var random = new Random(seed);
        var tokens = new SignedTokens(RandomNumberGenerator.GetBytes(32), "0123456789abcdef0123456789abcdef");
        var stranger = new SignedTokens(RandomNumberGenerator.GetBytes(32), "fedcba9876543210fedcba9876543210");
        var verdicts = new Dictionary<TokenVerdict, int>();
        for (var i = 0; i < Tokens; i++)
        {
            var right = tokens.Seal("feed/clinics/harbour", $"{random.Next()}.{random.Next()}");
            var sent = random.Next(6) switch
            {
                0 => Changed(right, random),
                1 => Changed(Changed(right, random), random),
                2 => new string([.. Enumerable.Range(0, random.Next(1_200)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]),
                3 => stranger.Seal("feed/clinics/harbour", "1.1"),
                4 => right[..random.Next(right.Length)],
                _ => tokens.Seal("feed/clinics/hill", "1.1"),
            };
            var verdict = tokens.Open("feed/clinics/harbour", sent, out var payload);
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            Assert.True(verdict != TokenVerdict.Good ? payload.Length == 0 : sent == right, $"'{sent}' opened instead of '{right}'");
        }

        output.WriteLine(string.Join(", ", verdicts.Select(v => $"{v.Key} {v.Value:N0}")));
        Assert.True(verdicts[TokenVerdict.Forged] > Tokens / 2 && verdicts[TokenVerdict.OtherStore] > Tokens / 10);
    }

    private static string Changed(string token, Random random)
    {
        var at = random.Next(token.Length);
        return random.Next(3) switch
        {
            0 => token[..at] + Alphabet[random.Next(Alphabet.Length)] + token[(at + 1)..],
            1 => token.Remove(at, 1) + "A",
            _ => token.Insert(at, token[at].ToString()),
        };
    }
}
