using System.Security.Cryptography;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Tests.Fuzz;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Requests;

/// <summary>Cursors, page tokens and etags with anything wrong do not open, and nothing but a verdict comes of them.</summary>
public sealed class TokenFuzzTests(ITestOutputHelper output)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n\0äÿ";

    /// <summary>All that tokens are sealed for.</summary>
    private static readonly string[] Purposes =
    [
        "feed/clinics/harbour", "feed/clinics/hill", "plan/patients/p-1", "plan/patients/p-2", "clinic/clinics/harbour", "approval/approvals/a-1", "page/clinics", "page/protocols",
        "page/roster/clinics/harbour", "page/worklist/clinics/harbour", "page/history/patients/p-1", "page/batches", "page/accesses/patients/p-1", "page/heads", "page/approvals",
    ];

    [Fact]
    public void A_token_that_was_changed_or_is_for_something_else_never_opens_and_never_throws()
    {
        var tokens = new SignedTokens(RandomNumberGenerator.GetBytes(32), "0123456789abcdef0123456789abcdef");
        var stranger = new SignedTokens(RandomNumberGenerator.GetBytes(32), "fedcba9876543210fedcba9876543210");
        var verdicts = new Dictionary<TokenVerdict, int>();
        FuzzRun.Of(output, "cursors, page tokens, etags", random =>
        {
            var (purpose, other) = (Purposes[random.Next(Purposes.Length)], Purposes[random.Next(Purposes.Length)]);
            var payload = $"{random.Next()}.{random.Next()}";
            var right = tokens.Seal(purpose, payload);
            var sent = random.Next(7) switch
            {
                0 => Changed(right, random),
                1 => Changed(Changed(right, random), random),
                2 => new string([.. Enumerable.Range(0, random.Next(1_200)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]),
                3 => stranger.Seal(purpose, payload),
                4 => Mutant.Text(right, random),
                5 => right,
                _ => tokens.Seal(other, payload),
            };
            var verdict = tokens.Open(purpose, sent, out var opened);
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            Assert.True(verdict == TokenVerdict.Good ? (opened, sent) == (payload, right) : opened.Length == 0, $"'{sent}' opened instead of '{right}'");
            return verdict == TokenVerdict.Good;
        });
        Assert.True(verdicts[TokenVerdict.Forged] > verdicts[TokenVerdict.Good] && verdicts[TokenVerdict.OtherStore] > 0);
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
