using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Tests.Fuzz;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>
/// Tokens and assertions by their structure: header, claims, signature, encoding; changed on their way, or signed as the nonsense that they are. Each is refused, or says
/// what it has to say, by a reading of its own.
/// </summary>
public sealed class BearerFuzzTests(TokenGateway gateway, ITestOutputHelper output) : IClassFixture<TokenGateway>
{
    private static readonly string[] Algorithms =
        ["none", "None", "HS256", "HS384", "HS512", "RS1", "RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "RSA-OAEP", "dir", ""];

    private static readonly string[] Types = ["at+jwt", "application/at+jwt", "AT+JWT", "JWT", "jwt", "dpop+jwt", ""];

    private static readonly string[] Names = ["alg", "typ", "kid", "crit", "jwk", "jku", "x5c", "x5u", "x5t#S256", "zip", "b64", "cty", "enc"];

    private static readonly string[] Claims = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "sites", "cnf", "client_id", "nonce", "ward_roles", "ward_sites"];

    [Fact]
    public void Forms_of_tokens()
    {
        var right = gateway.AccessToken().Make();
        FuzzRun.Of(output, "forms of tokens", random =>
        {
            var sent = random.Next(3) switch
            {
                0 => Mutant.Text(right, random),
                1 => Reencoded(right, random),
                _ => $"{Encoded(Mutant.JsonText(Part(right, 0), random))}.{Encoded(Mutant.JsonText(Part(right, 1), random))}.{right.Split('.')[2]}",
            };
            try
            {
                var token = CompactToken.Read(sent);
                Assert.True(token.Text.Length <= CompactToken.LengthMax && sent.Split('.').Length == 3);
                return true;
            }
            catch (TokenException)
            {
                return false;
            }
        });
    }

    [Fact]
    public void Machines_tokens() => Run("machines' tokens", gateway.AccessToken, token => gateway.Machines.ReadAsync(CompactToken.Read(token), gateway.ThumbprintOf(0)), (header, claims) =>
    {
        var network = gateway.AccessToken().Claims["iss"]!.GetValue<string>();
        return (Text(header, "alg"), Text(header, "typ")) == ("HS256", "at+jwt") && Text(claims, "iss") == network && Has(claims, "aud", network) && Text(claims, "sub") == TokenGateway.Client
            && IsNow(claims, 300) && Text(claims["cnf"], "x5t#S256") == gateway.ThumbprintOf(0);
    });

    [Fact]
    public void Persons_tokens() => Run(
        "persons' tokens", gateway.PersonToken, token => gateway.Issuers.ReadAsync(CompactToken.Read(token), gateway.ThumbprintOf(0), CancellationToken.None), (header, claims) =>
            Text(header, "alg") == "RS256" && Types[..2].Contains(Text(header, "typ")) && Text(claims, "iss") == gateway.People.Authority && Has(claims, "aud", PeopleIssuer.Audience)
            && Text(claims, "sub").Length > 0 && IsNow(claims, 3_600) && claims["iat"] is not null && !claims.ContainsKey("nonce")
            && (claims["cnf"] is null ? !claims.ContainsKey("cnf") : Text(claims["cnf"], "x5t#S256") == gateway.ThumbprintOf(0)));

    [Fact]
    public void Clients_assertions() => Run(
        "clients' assertions", gateway.Assertion, token => gateway.Assertions.CheckAsync(token, [gateway.Endpoint.AbsoluteUri], CancellationToken.None), (header, claims) =>
            (Text(header, "alg"), Text(header, "typ"), Text(header, "kid")) == ("ES384", "JWT", "ec-1") && (Text(claims, "iss"), Text(claims, "sub")) == (TokenGateway.Client, TokenGateway.Client)
            && Text(claims, "aud") == gateway.Endpoint.AbsoluteUri && IsNow(claims, 300) && Text(claims, "jti").Length is > 0 and <= 128);

    /// <param name="may">Whether header and claims are of a token that may be taken, by what the documents say.</param>
    private void Run(string format, Func<Recipe> good, Func<string, Task> read, Func<JsonObject, JsonObject, bool> may)
    {
        var right = good().Make();
        var until = TimeProvider.System.GetUtcNow().AddMinutes(2);
        read(right).GetAwaiter().GetResult();
        FuzzRun.Of(output, format, random =>
        {
            if (TimeProvider.System.GetUtcNow() > until)
            {
                (right, until) = (good().Make(), TimeProvider.System.GetUtcNow().AddMinutes(2));
            }

            // On its way three of four; signed costs a signature.
            var (signed, sent) = random.Next(4) == 0 ? (true, Signed(good(), random)) : (false, Changed(right, random));
            try
            {
                read(sent).GetAwaiter().GetResult();
            }
            catch (Exception exception) when (exception is TokenException or TokenRequestException)
            {
                return false;
            }

            Assert.True(signed ? may(Part(sent, 0), Part(sent, 1)) : sent == right, $"taken: {sent}");
            return true;
        });
    }

    /// <summary>One or two things of it, by somebody who has the key, at times not by its own algorithm.</summary>
    private static string Signed(Recipe recipe, Random random)
    {
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            switch (random.Next(10))
            {
                case 0:
                    recipe.Header["alg"] = Algorithms[random.Next(Algorithms.Length)];
                    break;
                case 1:
                    recipe.Header["typ"] = Types[random.Next(Types.Length)];
                    break;
                case 2:
                    recipe.Header[Names[random.Next(Names.Length)]] = Mutant.Value(random);
                    break;
                case 3:
                    recipe.Claims[Claims[random.Next(Claims.Length)]] = Mutant.Value(random);
                    break;
                case 4:
                    recipe.Claims.Remove(Claims[random.Next(Claims.Length)]);
                    break;
                case 5:
                    recipe.Claims[Claims[random.Next(3, 6)]] = Recipe.Now + random.Next(-4_000, 4_000);
                    break;
                case 6:
                    recipe.Claims["cnf"] = Mutant.Json(new JsonObject { ["x5t#S256"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }, random);
                    break;
                case 7:
                    Mutant.Damage(recipe.Claims, random);
                    break;
                case 8:
                    recipe.Claims["aud"] = new JsonArray(recipe.Claims["aud"]?.DeepClone(), Mutant.Odd(random));
                    break;
                default:
                    recipe.Text = text => Mutant.JsonText(JsonNode.Parse(text)!, random);
                    break;
            }
        }

        return recipe.Make();
    }

    private static string Changed(string token, Random random)
    {
        var parts = token.Split('.');
        switch (random.Next(6))
        {
            case 0:
                return Mutant.Text(token, random);
            case 1:
                return Reencoded(token, random);
            case 2:
                parts[0] = Encoded(Mutant.JsonText(Part(token, 0), random));
                break;
            case 3:
                parts[1] = Encoded(Mutant.JsonText(Part(token, 1), random));
                break;
            case 4:
                parts[2] = Base64Url.EncodeToString(Mutant.Bytes(Base64Url.DecodeFromChars(parts[2]), random));
                break;
            default:
                var header = Part(token, 0);
                header["alg"] = Algorithms[random.Next(Algorithms.Length)];
                (parts[0], parts[2]) = (Encoded(header.ToJsonString()), random.Next(2) == 0 ? "" : parts[2]);
                break;
        }

        return string.Join('.', parts);
    }

    /// <summary>The same bytes in another spelling, parts lost, doubled or exchanged.</summary>
    private static string Reencoded(string token, Random random)
    {
        var parts = token.Split('.').ToList();
        var at = random.Next(parts.Count);
        switch (random.Next(7))
        {
            case 0:
                parts[at] += "=";
                break;
            case 1:
                parts[at] = Convert.ToBase64String(Base64Url.DecodeFromChars(parts[at]));
                break;
            case 2:
                parts[at] = parts[at].Insert(random.Next(parts[at].Length), ((string[])[" ", "\n", "\t", "="])[random.Next(4)]);
                break;
            case 3:
                parts[at] = parts[at][..^1] + (char)(parts[at][^1] + 1);
                break;
            case 4:
                parts.RemoveAt(at);
                break;
            case 5:
                parts.Insert(at, parts[at]);
                break;
            default:
                (parts[at], parts[0]) = (parts[0], parts[at]);
                break;
        }

        return string.Join('.', parts);
    }

    private static JsonObject Part(string token, int part) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[part]))!.AsObject();

    private static string Encoded(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>Empty: it is no text.</summary>
    private static string Text(JsonNode? json, string name) => json is JsonObject members && members[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static bool Has(JsonObject claims, string name, string text) =>
        Text(claims, name) == text || (claims[name] is JsonArray list && list.Any(one => one is JsonValue value && value.TryGetValue(out string? said) && said == text));

    /// <summary>In seconds; clocks may differ by ten, and the test's own moment is two later.</summary>
    private static bool IsNow(JsonObject claims, long life)
    {
        long? Of(string name) => claims[name] is JsonValue value && value.TryGetValue(out long seconds) ? seconds : null;
        var now = Recipe.Now;
        return Of("exp") is { } end && end > now - 12 && end <= now + life + 10 && !(end - Of("iat") > life) && !(Of("iat") > now + 10) && !(Of("nbf") > now + 10);
    }
}
