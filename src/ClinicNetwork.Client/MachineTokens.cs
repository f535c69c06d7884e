using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>
/// Access tokens of a machine that is registered with the network (<c>clinicnet clients register</c>): asked for with an assertion signed by its private key,
/// kept, and renewed a minute before they end, by one request at a time. Each is good over connections of one certificate of <paramref name="identity"/>; one that was
/// renewed gets tokens of its own.
/// For <see cref="ClinicNetworkClientOptions.AccessToken"/>.
/// </summary>
/// <param name="gateway">For example <c>https://127.0.0.1:5070</c>.</param>
/// <param name="identity">Whose certificate is shown, as by the client that sends the tokens; its lifetime stays the caller's.</param>
/// <param name="clientId">As it was registered.</param>
/// <param name="keyId"><c>kid</c> of the key among those that were registered.</param>
/// <param name="key">ECDSA P-384 or RSA of 2,048 bits or more; its lifetime stays the caller's.</param>
/// <param name="scope">Roles to ask for, with blanks between; null: all that are registered.</param>
/// <param name="time">Null: the system's.</param>
public sealed class MachineTokens(
    Uri gateway, ClientIdentity identity, string clientId, string keyId, AsymmetricAlgorithm key, string? scope = null, TimeProvider? time = null) : IDisposable
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private readonly Uri endpoint = new(gateway, "/oauth2/token");
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim one = new(1);
    private volatile Kept? kept;

    /// <summary>Tests replace it.</summary>
    internal HttpMessageHandler? Handler { get; init; }

    /// <summary>A token that is good for a while, over connections that show this certificate.</summary>
    /// <param name="certificate">The identity's of now, or of before.</param>
    /// <exception cref="RpcException">UNAVAILABLE: nobody answered; UNAUTHENTICATED: it was refused, with the reason.</exception>
    public async Task<string> GetAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (Good(certificate, RenewedBefore) is { } now)
            return now;
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Good(certificate, RenewedBefore) ?? await AskAsync(certificate, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException) when (Good(certificate, TimeSpan.Zero) is not null)
        {
            return Good(certificate, TimeSpan.Zero)!;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private string? Good(X509Certificate2 certificate, TimeSpan left) =>
        kept is { } token && token.Certificate == certificate.Thumbprint && time.GetUtcNow() + left < token.End ? token.Text : null;

    /// <summary>On a connection of its own: it shows this certificate.</summary>
    private async Task<string> AskAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(Handler ?? new SocketsHttpHandler { SslOptions = ClientIdentity.TlsOf(identity, certificate), AllowAutoRedirect = false }, disposeHandler: Handler is null)
        {
            Timeout = AnswerMax, MaxResponseContentBufferSize = AnswerBytesMax,
        };
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_assertion_type"] = AssertionType, ["client_assertion"] = Assertion(),
        };
        if (scope is not null)
            fields["scope"] = scope;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(fields), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var asked = time.GetUtcNow();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            // JSON is UTF-8, whatever the answer says of itself.
            var answer = JsonSerializer.Deserialize<Answer>(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            if (!response.IsSuccessStatusCode || answer?.Token is null)
                throw Refused(response.StatusCode, answer);
            kept = new(answer.Token, asked + TimeSpan.FromSeconds(answer.Seconds), certificate.Thumbprint);
            return answer.Token;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "no token could be had: no answer from the server", error));
        }
    }

    private static RpcException Refused(HttpStatusCode status, Answer? answer) => new(new Status(
        status >= HttpStatusCode.InternalServerError ? StatusCode.Unavailable : StatusCode.Unauthenticated,
        $"no token was given: {answer?.Error ?? "no reason"}, {answer?.Description ?? "none told"}"));

    /// <summary>RFC 7523, section 3; a new id each time.</summary>
    private string Assertion()
    {
        var now = time.GetUtcNow();
        var content = Part(new { alg = key is ECDsa ? "ES384" : "RS384", typ = "JWT", kid = keyId }) + "." + Part(new
        {
            iss = clientId, sub = clientId, aud = endpoint.AbsoluteUri, iat = now.ToUnixTimeSeconds(), exp = (now + AssertionLife).ToUnixTimeSeconds(),
            jti = RandomNumberGenerator.GetHexString(32, lowercase: true),
        });
        byte[] signed = [.. System.Text.Encoding.ASCII.GetBytes(content)];
        return content + "." + Base64Url.EncodeToString(key switch
        {
            ECDsa ec => ec.SignData(signed, HashAlgorithmName.SHA384),
            RSA rsa => rsa.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            _ => throw new NotSupportedException("give an ECDSA or RSA key"),
        });
    }

    private static string Part<T>(T members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));

    private sealed record Kept(string Text, DateTimeOffset End, string Certificate);

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string? Token,
        [property: JsonPropertyName("expires_in")] int Seconds,
        [property: JsonPropertyName("error")] string? Error,
        [property: JsonPropertyName("error_description")] string? Description);
}
