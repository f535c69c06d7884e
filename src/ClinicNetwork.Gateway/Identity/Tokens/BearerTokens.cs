using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// Who makes a call: whoever its token names, with what token and connection both allow; without one the connection's certificate says it. A token that
/// was found good is not looked at again for a while, as long as it comes over the same certificate and its client stays registered.
/// </summary>
public sealed class BearerTokens
{
    /// <summary>Found good and kept, at most twice this.</summary>
    private const int GenerationMax = 5_000;

    private const string Entry = "authorization";

    private const string Scheme = "Bearer ";

    /// <summary>After this a token is looked at again: an issuer may have taken its key back.</summary>
    private static readonly TimeSpan KeptMax = TimeSpan.FromMinutes(5);

    private static readonly Refusal NotOne =
        Refusal.Unauthenticated("AUTHORIZATION_INVALID", Entry, "Send one entry, the word Bearer and one token of at most 8 KiB; or none, and the certificate counts.");

    private static readonly Refusal Invalid =
        Refusal.Unauthenticated("TOKEN_INVALID", Entry, "The token is none that this network takes; get a new one where its tokens come from.");

    private static readonly Refusal Expired = Refusal.Unauthenticated("TOKEN_EXPIRED", Entry, "The token is not good at this time; get a new one.");

    private static readonly Refusal NotBound =
        Refusal.Unauthenticated("TOKEN_NOT_BOUND", Entry, "The token is bound to another client certificate; get one over this connection's.");

    private static readonly Refusal IssuerAway =
        Refusal.Unavailable("ISSUER_UNAVAILABLE", "The keys of the token's issuer cannot be had; nothing was changed. Try again later.");

    private readonly AccessTokens _machines;
    private readonly OpenIdIssuers _people;
    private readonly RegisteredClients _clients;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Dictionary<string, Kept> _young = [];
    private Dictionary<string, Kept> _old = [];

    internal BearerTokens(AccessTokens machines, OpenIdIssuers people, RegisteredClients clients, TimeProvider time) =>
        (_machines, _people, _clients, _time) = (machines, people, clients, time);

    /// <exception cref="RefusedException">UNAUTHENTICATED, with the reason.</exception>
    internal ValueTask<Caller> CallerOfAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (http.Request.Headers.Authorization.Count == 0)
        {
            return ValueTask.FromResult(Caller.OfConnection(http));
        }

        var sent = SentOf(http);
        return TryGet(sent.Key, out var caller) ? ValueTask.FromResult(caller) : new(ReadAsync(sent, context.CancellationToken));
    }

    /// <summary>
    /// Cuts a stream whose token would no longer be taken: it ends, its client is removed, its issuer took the key back. Its reader opens it again with a new one. Null: it
    /// has no token.
    /// </summary>
    internal IAsyncDisposable? Watch(ServerCallContext context)
    {
        var (caller, http) = (Caller.Of(context), context.GetHttpContext());
        if (caller.Token is null)
        {
            return null;
        }

        var sent = SentOf(http);
        return new StreamWatch(() => IsStillTakenAsync(sent, caller), http.Abort, _time);
    }

    private static Sent SentOf(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ } one] || !one.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || one.Length > Scheme.Length + CompactToken.LengthMax)
        {
            throw new RefusedException(NotOne);
        }

        var (text, connected) = (one[Scheme.Length..], Caller.OfConnection(http));
        return new(text, Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{connected.Thumbprint}\n{text}"))), connected);
    }

    /// <summary>As a new call would find it, so that a stream knows no longer than a call what was taken back.</summary>
    private async Task<bool> IsStillTakenAsync(Sent sent, Caller caller)
    {
        try
        {
            return IsGood(caller) && (TryGet(sent.Key, out _) || await ReadAsync(sent, CancellationToken.None) is not null);
        }
        catch (RefusedException)
        {
            return false;
        }
    }

    private bool IsGood(Caller caller) =>
        caller.Token is not { } token || (_time.GetUtcNow() < token.End + Times.Skew && (token.Client is null || _clients.IsStill(token.Client)));

    private async Task<Caller> ReadAsync(Sent sent, CancellationToken cancellationToken)
    {
        GoodToken good;
        try
        {
            var token = CompactToken.Read(sent.Text);
            good = token.TextOf("iss") == _machines.Issuer
                ? await _machines.ReadAsync(token, sent.Connected.Thumbprint)
                : await _people.ReadAsync(token, sent.Connected.Thumbprint, cancellationToken);
        }
        catch (TokenException exception)
        {
            throw new RefusedException(exception.Problem switch
            {
                TokenProblem.Expired => Expired,
                TokenProblem.NotBound => NotBound,
                TokenProblem.IssuerAway => IssuerAway,
                _ => Invalid,
            });
        }

        var caller = new Caller(good.Name, good.Scope.Within(sent.Connected.Scope), good, sent.Connected.Name);
        lock (_gate)
        {
            Add(sent.Key, new(caller, _time.GetUtcNow() + KeptMax));
        }

        return caller;
    }

    private bool TryGet(string key, [NotNullWhen(true)] out Caller? caller)
    {
        lock (_gate)
        {
            if (!_young.TryGetValue(key, out var kept) && _old.TryGetValue(key, out kept))
            {
                Add(key, kept);
            }

            caller = kept is not null && _time.GetUtcNow() < kept.Until && IsGood(kept.Caller) ? kept.Caller : null;
            return caller is not null;
        }
    }

    private void Add(string key, Kept kept)
    {
        if (_young.Count >= GenerationMax)
        {
            (_old, _young) = (_young, []);
        }

        _young[key] = kept;
    }

    /// <param name="Key">Under which it is kept, once it was found good.</param>
    private sealed record Sent(string Text, string Key, Caller Connected);

    private sealed record Kept(Caller Caller, DateTimeOffset Until);
}
