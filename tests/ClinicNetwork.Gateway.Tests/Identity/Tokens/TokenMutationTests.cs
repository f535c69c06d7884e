using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using CsCheck;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>Whatever becomes of a good token on its way: it is refused, and nothing but the refusal comes of it.</summary>
public sealed class TokenMutationTests(TokenGateway gateway) : IClassFixture<TokenGateway>
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n\0ä\"{}";

    private static readonly string[] Odd =
        ["null", "true", "[]", "{}", "[[[]]]", "[null]", "[1,\"a\"]", "{\"x5t#S256\":7}", "{\"x5t#S256\":\"\"}", "\"\\ud800\"", "-1", "1e999", "99999999999999999999", "\"*\""];

    /// <summary>One place of a token put out, put in, changed, or everything behind it cut; up to three of them.</summary>
    private static readonly Gen<Func<string, string>> Changes = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], Gen.Int[0, Alphabet.Length - 1], (how, where, what) => new Func<string, string>(token =>
    {
        var at = where % token.Length;
        return how switch
        {
            0 => token[..at] + Alphabet[what] + token[(at + 1)..],
            1 => token.Remove(at, 1),
            2 => token.Insert(at, Alphabet[what].ToString()),
            _ => token[..at],
        };
    })).List[1, 3].Select(all => new Func<string, string>(token => all.Aggregate(token, (text, change) => text.Length == 0 ? text : change(text))));

    /// <summary>Anything that JSON can say in the place of a claim.</summary>
    private static readonly Gen<string> Values = Gen.OneOf(
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double.Select(d => double.IsFinite(d) ? d.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "1e400"),
        Gen.Long.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.String[0, 200].Select(text => JsonValue.Create(text)!.ToJsonString()),
        Gen.Int[0, Odd.Length - 1].Select(i => Odd[i]));

    private static readonly Gen<(int Claim, string Value)> Claims = Gen.Select(Gen.Int[0, 20], Values);

    [Fact]
    public void A_token_that_was_changed_on_its_way_is_refused_and_nothing_else_happens()
    {
        var (machine, person, assertion) = (gateway.AccessToken().Make(), gateway.PersonToken().Make(), gateway.Assertion().Make());
        Assert.Null(ProblemOf(machine, ReadMachine));
        Assert.Null(ProblemOf(person, ReadPerson));
        Assert.Null(ProblemOf(assertion, ReadAssertion));
        Changes.Sample(
            change =>
            {
                AssertRefused(machine, change(machine), ReadMachine);
                AssertRefused(person, change(person), ReadPerson);
                AssertRefused(assertion, change(assertion), ReadAssertion);
            },
            iter: 4_000);
    }

    /// <summary>The issuer itself makes nonsense: what is said under a good signature is either taken as it is meant, or refused.</summary>
    [Fact]
    public void A_signed_claim_of_any_kind_is_taken_or_refused_and_nothing_else_happens() => Claims.Sample(
        one =>
        {
            foreach (var (recipe, read) in ((Recipe, Func<string, Task>)[])[(gateway.AccessToken(), ReadMachine), (gateway.PersonToken(), ReadPerson), (gateway.Assertion(), ReadAssertion)])
            {
                var names = recipe.Claims.Select(claim => claim.Key).Append("nbf").Append("cnf").ToList();
                var name = names[one.Claim % names.Count];
                recipe.Claims.Remove(name);
                recipe.Text = text => text[..^1] + $",\"{name}\":{one.Value}}}";
                Assert.True(ProblemOf(recipe.Make(), read) is null or TokenException or TokenRequestException, $"{name}: {one.Value}");
            }
        },
        iter: 1_000);

    private static void AssertRefused(string right, string sent, Func<string, Task> read)
    {
        var problem = ProblemOf(sent, read);
        Assert.True(problem is TokenException or TokenRequestException || (problem is null && sent == right), $"'{sent}' for '{right}': {problem?.GetType().Name ?? "taken"}");
    }

    private static Exception? ProblemOf(string token, Func<string, Task> read) => Record.Exception(() => read(token).GetAwaiter().GetResult());

    private Task ReadMachine(string token) => gateway.Machines.ReadAsync(Read(token), gateway.ThumbprintOf(0));

    private Task ReadPerson(string token) => gateway.Issuers.ReadAsync(Read(token), gateway.ThumbprintOf(0), CancellationToken.None);

    private Task ReadAssertion(string token) => gateway.Assertions.CheckAsync(token, [gateway.Endpoint.AbsoluteUri], CancellationToken.None);

    private static CompactToken Read(string token) => CompactToken.Read(token);
}
