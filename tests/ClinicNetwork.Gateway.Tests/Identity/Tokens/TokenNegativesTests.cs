using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Tests.Harness;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>
/// Tokens and assertions that are wrong in one thing are refused with its reason, over real connections; each beside the same one without it, which is good.
/// </summary>
public sealed class TokenNegativesTests(TokenGateway gateway) : IClassFixture<TokenGateway>
{
    public static TheoryData<string> Machines => [.. TokenNegatives.OfMachines.Keys];

    public static TheoryData<string> People => [.. TokenNegatives.OfPeople.Keys];

    public static TheoryData<string> Requests => [.. AssertionNegatives.All.Keys];

    public static TheoryData<string> WeakKeys => [.. AssertionNegatives.WeakKeys.Keys];

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task A_machines_token_is_refused_for(string problem)
    {
        Assert.Equal(new(StatusCode.OK, "", "clients/pacs-1 nurse harbour"), await gateway.CallAsync("Bearer " + gateway.AccessToken().Make()));
        await AssertRefusedAsync(gateway.AccessToken(), TokenNegatives.OfMachines[problem]);
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task A_persons_token_is_refused_for(string problem)
    {
        Assert.Equal(new(StatusCode.OK, "", "hospital/anna.k nurse harbour"), await gateway.CallAsync("Bearer " + gateway.PersonToken().Make()));
        await AssertRefusedAsync(gateway.PersonToken(), TokenNegatives.OfPeople[problem]);
    }

    [Theory]
    [InlineData("two entries", "Bearer {0},Bearer {0}")]
    [InlineData("a second entry that is empty", "Bearer {0},")]
    [InlineData("another scheme", "Basic {0}")]
    [InlineData("no scheme", "{0}")]
    [InlineData("no token", "Bearer ")]
    [InlineData("two blanks", "Bearer  {0}")]
    [InlineData("something behind it", "Bearer {0} x")]
    [InlineData("an empty entry", "")]
    public async Task An_authorization_entry_is_refused_for(string problem, string form)
    {
        var token = gateway.AccessToken().Make();
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync("Bearer " + token)).Code);
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync("bearer " + token)).Code);
        var answer = await gateway.CallAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, token));
        Assert.True(answer is { Code: StatusCode.Unauthenticated, Reason: "AUTHORIZATION_INVALID" or "TOKEN_INVALID" }, $"{problem}: {answer}");
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task No_token_is_given_for(string problem)
    {
        var (status, answer) = await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(gateway.Assertion().Make())));
        Assert.Equal((HttpStatusCode.OK, "nurse"), (status, answer.GetProperty("scope").GetString()));

        var wrong = AssertionNegatives.All[problem];
        var recipe = gateway.Assertion();
        wrong.Spoil(recipe, gateway);
        var assertion = recipe.Make();
        (status, answer) = await gateway.AskAsync(wrong.Content(TokenGateway.Form(assertion)), wrong.Certificate, wrong.Authorization);
        Assert.Equal((wrong.Status, wrong.Error, wrong.Reason), (status, answer.GetProperty("error").GetString(), answer.GetProperty("error_description").GetString()!.Split(':')[0]));
        Assert.DoesNotContain(assertion, answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WeakKeys))]
    public async Task No_token_is_given_to_who_registered(string problem)
    {
        var (jwks, sign) = AssertionNegatives.WeakKeys[problem]();
        foreach (var (keys, good) in ((string, bool)[])[(AssertionNegatives.GoodKeys, true), (jwks, false)])
        {
            gateway.Clients.Replace([gateway.Registration, gateway.Registration with { Id = "weak", Keys = keys }]);
            var recipe = gateway.Assertion();
            (recipe.Claims["iss"], recipe.Claims["sub"], recipe.Sign) = ("weak", "weak", Recipe.Es384(AssertionNegatives.Own));
            if (!good)
            {
                sign(recipe);
            }

            var (status, answer) = await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(recipe.Make())));
            Assert.Equal((good, good ? null : "invalid_client"), (status == HttpStatusCode.OK, good ? null : answer.GetProperty("error").GetString()));
        }
    }

    /// <summary>Its set has the numbers of another client's key and a certificate of its own beside them: the other is not taken for it, nor it for the other.</summary>
    [Fact]
    public async Task A_client_with_its_certificate_beside_anothers_key_is_taken_for_nobody()
    {
        using var own = RSA.Create(2048);
        gateway.Clients.Replace([gateway.Registration, gateway.Registration with { Id = "pacs-2", Keys = AssertionNegatives.CertificateBeside(gateway.Rsa, own) }]);
        foreach (var id in (string[])["pacs-2", TokenGateway.Client, "pacs-2"])
        {
            Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(id, own));
        }

        // By the numbers each is who it says; and a certificate of the same key is no harm.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(TokenGateway.Client, gateway.Rsa));
        gateway.Clients.Replace([gateway.Registration, gateway.Registration with { Id = "pacs-2", Keys = AssertionNegatives.CertificateBeside(own, own) }]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("pacs-2", own));

        async Task<HttpStatusCode> AskAsync(string id, RSA key)
        {
            var recipe = gateway.Assertion();
            (recipe.Claims["iss"], recipe.Claims["sub"]) = (id, id);
            AssertionNegatives.SignedBy(key)(recipe);
            return (await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(recipe.Make())))).Status;
        }
    }

    [Fact]
    public async Task An_assertion_is_used_once_and_one_that_was_refused_is_not_used()
    {
        var assertion = gateway.Assertion().Make();
        var wrong = await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(assertion).Append(new("scope", "operator"))));
        Assert.Equal("invalid_scope", wrong.Answer.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(assertion)))).Status);
        var again = await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(assertion)));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_client"), (again.Status, again.Answer.GetProperty("error").GetString()));
        Assert.StartsWith("ASSERTION_USED:", again.Answer.GetProperty("error_description").GetString(), StringComparison.Ordinal);

        // Not the text of the assertion is used, but its id: signed anew it is the same.
        var jti = Guid.NewGuid().ToString();
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest])
        {
            var recipe = gateway.Assertion();
            recipe.Claims["jti"] = jti;
            Assert.Equal(status, (await gateway.AskAsync(new FormUrlEncodedContent(TokenGateway.Form(recipe.Make())))).Status);
        }
    }

    [Fact]
    public async Task A_token_gives_no_more_than_its_connection_and_a_connection_no_more_than_its_token()
    {
        var person = gateway.PersonToken();
        (person.Claims["ward_roles"], person.Claims["ward_sites"]) = (new JsonArray("ward-nurse", "doctor", "root", "janitor"), "clinics/harbour clinics/hill clinics/meadow");
        var token = "Bearer " + person.Make();
        Assert.Equal("hospital/anna.k clinician+nurse harbour", (await gateway.CallAsync(token)).Told);
        Assert.Equal("hospital/anna.k nurse harbour", (await gateway.CallAsync(token, certificate: 1)).Told);
        Assert.Equal(new(StatusCode.OK, "", "hospital/anna.k clinician+nurse hill"), await gateway.CallAsync(token, site: "clinics/hill"));
        Assert.Equal("SITE_NOT_YOURS", (await gateway.CallAsync(token, certificate: 1, site: "clinics/hill")).Reason);
        Assert.Equal("SITE_NOT_YOURS", (await gateway.CallAsync(token, site: "clinics/meadow")).Reason);
        Assert.Equal("pacs clinician+nurse+site-admin hill", (await gateway.CallAsync(null, site: "clinics/hill")).Told);

        // The whole network by its token, two sites by its connection.
        var everywhere = gateway.PersonToken();
        everywhere.Claims["ward_sites"] = "*";
        Assert.Equal("hospital/anna.k nurse hill", (await gateway.CallAsync("Bearer " + everywhere.Make(), site: "clinics/hill")).Told);
        Assert.Equal("SITE_NOT_YOURS", (await gateway.CallAsync("Bearer " + everywhere.Make(), site: "")).Reason);
    }

    [Theory]
    [InlineData("ward_roles", null, "ROLE_NOT_ALLOWED")]
    [InlineData("ward_roles", "root", "ROLE_NOT_ALLOWED")]
    [InlineData("ward_roles", "system", "ROLE_NOT_ALLOWED")]
    [InlineData("ward_roles", "patient", "ROLE_NOT_ALLOWED")]
    [InlineData("ward_roles", "Ward-Nurse", "ROLE_NOT_ALLOWED")]
    [InlineData("ward_sites", null, "SITE_NOT_YOURS")]
    [InlineData("ward_sites", "Harbour", "SITE_NOT_YOURS")]
    public async Task Words_of_an_issuer_that_are_not_known_grant_nothing(string claim, string? word, string reason)
    {
        var person = gateway.PersonToken();
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync("Bearer " + person.Make())).Code);
        person.Claims.Remove(claim);
        if (word is not null)
        {
            person.Claims[claim] = word;
        }

        Assert.Equal(reason, (await gateway.CallAsync("Bearer " + person.Make())).Reason);
    }

    [Fact]
    public async Task A_real_issuers_access_token_is_taken()
    {
        var token = await gateway.People.TokenAsync("mia", "doctor");
        Assert.Equal(new(StatusCode.OK, "", "hospital/mia clinician harbour"), await gateway.CallAsync("Bearer " + token));
    }

    /// <summary>Its token is found good and kept; the end of its registration ends it all the same, and cuts its streams.</summary>
    [Fact]
    public async Task A_client_that_is_removed_or_registered_with_less_loses_its_tokens_and_streams()
    {
        var token = "Bearer " + gateway.AccessToken().Make();
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync(token)).Code);
        using var stream = await gateway.StreamAsync(token);
        using var body = await stream.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[5]);

        gateway.Clients.Replace([gateway.Registration with { Roles = Roles.Registry }]);
        Assert.Equal("ROLE_NOT_ALLOWED", (await gateway.CallAsync(token)).Reason);
        gateway.Clients.Replace([]);
        Assert.Equal("TOKEN_INVALID", (await gateway.CallAsync(token)).Reason);
        await Assert.ThrowsAnyAsync<IOException>(async () => Assert.Equal(1, await body.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20))));
        gateway.Clients.Replace([gateway.Registration]);
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync(token)).Code);
    }

    /// <summary>Kept under the connection's certificate: over another one it is looked at anew.</summary>
    [Fact]
    public async Task A_token_that_was_found_good_is_not_good_over_another_certificate()
    {
        var token = "Bearer " + gateway.AccessToken().Make();
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync(token)).Code);
        Assert.Equal("TOKEN_NOT_BOUND", (await gateway.CallAsync(token, certificate: 1)).Reason);
        Assert.Equal(StatusCode.OK, (await gateway.CallAsync(token)).Code);
    }

    [Fact]
    public async Task A_refused_token_is_audited_under_the_connections_name_and_a_used_assertion_too()
    {
        await AssertRefusedAsync(gateway.AccessToken(), TokenNegatives.OfMachines["another secret"]);
        var entries = new List<string>();
        await gateway.Store.Audit.PlaceAsync(new(gateway.Store.Incarnation, ECDsa.Create(ECCurve.NamedCurves.nistP256), TimeProvider.System), CancellationToken.None);
        for (var from = 0L; await gateway.Store.Audit.ReadEntriesAsync(from, 1_000, CancellationToken.None) is { Count: > 0 } page; from = page[^1].Position + 1)
        {
            entries.AddRange(page.Select(placed => $"{placed.Entry?.Actor} {placed.Entry?.Action} {placed.Entry?.Outcome}"));
        }

        Assert.Contains("pacs care.v1.ClinicService/ListClinics Unauthenticated TOKEN_INVALID", entries);
    }

    private async Task AssertRefusedAsync(Recipe recipe, Negative negative)
    {
        negative.Spoil(recipe, gateway);
        var answer = await gateway.CallAsync("Bearer " + recipe.Make());
        Assert.Equal((negative.Reason == "ISSUER_UNAVAILABLE" ? StatusCode.Unavailable : StatusCode.Unauthenticated, negative.Reason), (answer.Code, answer.Reason));
    }
}
