using System.Security.Cryptography.X509Certificates;

namespace ClinicNetwork.Client;

/// <summary>
/// Connections that show the identity's certificate, and with each call a token of the same certificate. Once it was renewed, calls go over connections of
/// their own; what is under way goes on over those of before, which close when they were idle long enough.
/// </summary>
/// <param name="open">Connections that show this certificate; null: none.</param>
internal sealed class Connections(
    ClientIdentity? identity, Func<X509Certificate2?, SocketsHttpHandler> open, Func<X509Certificate2, CancellationToken, Task<string>>? token = null) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>One for each certificate, the one in use last.</summary>
    private readonly List<Shown> all = [];

    /// <summary>Those of now; the request has its token then.</summary>
    internal async Task<HttpMessageInvoker> ForAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var shown = Now();
        if (token is not null)
            request.Headers.Authorization = new("Bearer", await token(shown.Certificate!, cancellationToken).ConfigureAwait(false));
        return shown.Calls;
    }

    public void Dispose()
    {
        lock (gate)
            all.ForEach(shown => shown.Calls.Dispose());
    }

    private Shown Now()
    {
        lock (gate)
        {
            var certificate = identity?.Certificate;
            if (all.LastOrDefault() is { } last && (ReferenceEquals(last.Certificate, certificate) || last.Certificate?.Thumbprint == certificate?.Thumbprint))
                return last;
            // None of before is disposed of: streams that go on there would not be probed any more.
            all.Add(new(certificate, new(open(certificate))));
            return all[^1];
        }
    }

    private sealed record Shown(X509Certificate2? Certificate, HttpMessageInvoker Calls);
}
