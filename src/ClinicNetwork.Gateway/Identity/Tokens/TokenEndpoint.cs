using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Journal.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// <c>POST /oauth2/token</c> (RFC 6749, section 4.4): a machine's assertion for an access token, over the same mutual TLS as every call. What it answers is
/// bounded, is never cached, and tells of a refusal no more than its reason.
/// </summary>
internal sealed class TokenEndpoint(ClientAssertions assertions, AccessTokens tokens, TokenOptions options, AccessLog log, TimeProvider time)
{
    public const string Path = "/oauth2/token";

    /// <summary>Largest request, bytes.</summary>
    public const int BodyBytesMax = 16 * 1024;

    public const string GrantType = "client_credentials";

    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The audit's word for it.</summary>
    private const string Action = "oauth2/token";

    private const string FormType = "application/x-www-form-urlencoded";

    private const int HttpsPort = 443;

    private static readonly TimeSpan RequestMax = TimeSpan.FromSeconds(10);

    private static readonly FormOptions Limits = new()
    {
        BufferBodyLengthLimit = BodyBytesMax, KeyLengthLimit = 64, ValueLengthLimit = CompactToken.LengthMax, ValueCountLimit = 16,
    };

    private static TokenRequestException AuditFull =>
        new(TokenRequestException.Unavailable, "AUDIT_FULL: this cannot be audited at the moment; try again later", StatusCodes.Status503ServiceUnavailable);

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(RequestMax);
        try
        {
            await AnswerAsync(context, await IssueAsync(context, patience.Token), StatusCodes.Status200OK);
        }
        catch (TokenRequestException refused)
        {
            var told = await KeepAsync(Caller.OfConnection(context).Name, refused.Outcome) ? refused : AuditFull;
            await AnswerAsync(context, new { error = told.Error, error_description = told.Description }, told.Status);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The caller is too slow, or gone.
            context.Abort();
        }
    }

    /// <summary>The client is over its rate: nothing was looked at (RFC 6585, section 4).</summary>
    public static Task RefuseForNowAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return AnswerAsync(
            context,
            new { error = TokenRequestException.Unavailable, error_description = "RATE_LIMITED: this client made more calls than it may; try again after the delay" },
            StatusCodes.Status429TooManyRequests);
    }

    private async Task<object> IssueAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var form = await FormAsync(context, cancellationToken);
        if (One(form, "grant_type") != GrantType)
        {
            throw new TokenRequestException(TokenRequestException.UnsupportedGrantType, "GRANT_TYPE: give client_credentials");
        }

        if (One(form, "client_assertion_type") != AssertionType)
        {
            throw new TokenRequestException(TokenRequestException.InvalidClient, $"ASSERTION_TYPE: give {AssertionType}");
        }

        var good = await assertions.CheckAsync(One(form, "client_assertion"), Audiences(context.Connection.LocalPort), cancellationToken);
        var (client, connected) = (good.Client, Caller.OfConnection(context));
        if (form.ContainsKey("client_id") && One(form, "client_id") != client.Registration.Id)
        {
            throw new TokenRequestException(TokenRequestException.InvalidClient, "CLIENT_ID: leave it out, or give what the assertion says");
        }

        var scope = ScopeOf(client, One(form, "scope"), connected);
        await assertions.UseAsync(good, cancellationToken);
        var token = tokens.Issue(client, scope, connected.Thumbprint);
        if (!await KeepAsync(AccessTokens.ActorPrefix + client.Registration.Id, "OK"))
        {
            throw AuditFull;
        }

        return new { access_token = token, token_type = "Bearer", expires_in = (int)AccessTokens.Life.TotalSeconds, scope = AccessTokens.TextOf(scope.Roles) };
    }

    /// <summary>What was asked for of what is registered, and of what the connection's certificate allows.</summary>
    private static Scope ScopeOf(RegisteredClient client, string asked, Caller connected)
    {
        if (asked.Length > 0 && !(AccessTokens.RolesOf(asked) is { } roles && (roles & ~client.Scope.Roles) == 0))
        {
            throw new TokenRequestException(TokenRequestException.InvalidScope, "SCOPE: give roles that are registered, with blanks between");
        }

        var wanted = asked.Length == 0 ? client.Scope : client.Scope with { Roles = AccessTokens.RolesOf(asked)!.Value };
        var scope = wanted.Within(connected.Scope);
        return scope.Roles == 0 || scope.IsNowhere
            ? throw new TokenRequestException(TokenRequestException.InvalidScope, "SCOPE_EMPTY: the connection's certificate allows none of these roles and sites")
            : scope;
    }

    private static async Task<IFormCollection> FormAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim() != FormType || !StringValues.IsNullOrEmpty(request.Headers.Authorization))
        {
            throw new TokenRequestException(TokenRequestException.InvalidRequest, $"FORM: send {FormType}, without an authorization header");
        }

        try
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
            var form = await new FormFeature(request, Limits).ReadFormAsync(cancellationToken);
            return form.All(field => field.Value.Count == 1)
                ? form
                : throw new TokenRequestException(TokenRequestException.InvalidRequest, "FORM: give each field once");
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException or InvalidOperationException)
        {
            throw new TokenRequestException(
                TokenRequestException.InvalidRequest,
                "FORM: send at most 16 KiB, an assertion of at most 8 KiB among them",
                exception is BadHttpRequestException told ? told.StatusCode : StatusCodes.Status400BadRequest);
        }
    }

    private static string One(IFormCollection form, string field) => form[field].ToString();

    private IReadOnlyCollection<string> Audiences(int port) =>
    [
        .. options.Audiences,
        .. options.Names.Select(name => (Uri.CheckHostName(name) == UriHostNameType.IPv6 ? $"[{name}]" : name) + (port == HttpsPort ? "" : FormattableString.Invariant($":{port}")))
            .Select(host => $"https://{host}{Path}"),
    ];

    private Task<bool> KeepAsync(string actor, string outcome) => log.KeepAsync(new AccessRecord(time.GetUtcNow(), Action, actor, "", "", "", outcome, 1), durable: false);

    private static Task AnswerAsync(HttpContext context, object answer, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer), context.RequestAborted);
    }
}
