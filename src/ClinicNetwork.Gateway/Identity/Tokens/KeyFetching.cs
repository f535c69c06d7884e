using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>Keys of others by https: bounded in size and time, no redirects, whatever the machine trusts.</summary>
internal sealed class KeyFetching : IDisposable
{
    private static readonly TimeSpan FetchMax = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    /// <param name="handler">Null: the usual. Tests trust their own.</param>
    public KeyFetching(HttpMessageHandler? handler) =>
        _http = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, disposeHandler: handler is null)
        {
            Timeout = FetchMax,
            MaxResponseContentBufferSize = VerifyingKeys.BytesMax,
        };

    /// <returns>Null: they could not be had.</returns>
    public async Task<VerifyingKeys?> KeysAsync(string url)
    {
        try
        {
            return VerifyingKeys.Read(await _http.GetStringAsync(url));
        }
        catch (Exception)
        {
            // Whatever another machine answers, or does not: its keys cannot be had.
            return null;
        }
    }

    /// <summary>An OpenID Connect issuer's, by what it says of itself (Discovery 1.0).</summary>
    /// <returns>Null: they could not be had, or it calls itself something else.</returns>
    public async Task<VerifyingKeys?> DiscoverAsync(string authority)
    {
        try
        {
            var found = OpenIdConnectConfiguration.Create(await _http.GetStringAsync(authority.TrimEnd('/') + "/.well-known/openid-configuration"));
            return found.Issuer == authority && found.JwksUri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? await KeysAsync(found.JwksUri) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
