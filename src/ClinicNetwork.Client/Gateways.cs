using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Grpc.Net.Client;

namespace ClinicNetwork.Client;

/// <summary>
/// Several gateways of one network behind one channel: calls go round them, past those that are away. A retry is a new call and so goes to
/// the next one; the request id makes that safe.
/// </summary>
internal static class Gateways
{
    /// <summary>Addresses a client may be given: more belong behind one name.</summary>
    internal const int Max = 64;

    /// <summary>First wait before a gateway that was away is tried again; calls go to the others meanwhile.</summary>
    private static readonly TimeSpan ReconnectFirst = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest such wait: one that came back is used again this soon.</summary>
    private static readonly TimeSpan ReconnectMax = TimeSpan.FromSeconds(3);

    /// <exception cref="ArgumentException">No address, too many, or one with TLS: its certificate names one host, so it stands alone.</exception>
    internal static IReadOnlyList<Uri> Checked(IReadOnlyList<Uri> servers)
    {
        if (servers.Count is 0 or > Max)
            throw new ArgumentException($"give 1 to {Max} addresses", nameof(servers));
        if (servers.Count > 1 && servers.Any(server => server.Scheme != Uri.UriSchemeHttp))
            throw new ArgumentException("several addresses work with http only; with https give one name for all gateways", nameof(servers));
        return servers;
    }

    internal static GrpcChannel Open(IReadOnlyList<Uri> servers, GrpcChannelOptions options)
    {
        BalancerAddress[] addresses = [.. servers.Distinct().Select(server => new BalancerAddress(server.Host, server.Port))];
        options.Credentials = ChannelCredentials.Insecure;
        options.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        options.InitialReconnectBackoff = ReconnectFirst;
        options.MaxReconnectBackoff = ReconnectMax;
        options.ServiceProvider = new Resolving(new StaticResolverFactory(_ => addresses));
        return GrpcChannel.ForAddress("static:///clinicnetwork", options);
    }

    /// <summary>All that the channel asks for: the resolver of addresses. Saves a container.</summary>
    private sealed class Resolving(ResolverFactory resolver) : IServiceProvider
    {
        public object? GetService(Type serviceType)
        {
            if (serviceType == typeof(IEnumerable<ResolverFactory>))
                return new[] { resolver };
            return serviceType.IsGenericType && serviceType.GetGenericTypeDefinition() == typeof(IEnumerable<>)
                ? Array.CreateInstance(serviceType.GenericTypeArguments[0], 0)
                : null;
        }
    }
}
