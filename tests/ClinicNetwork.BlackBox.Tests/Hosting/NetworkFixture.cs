using ClinicNetwork.BlackBox.Tests.Care;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>One server with two clinics, shared by the tests of a class; its log must be clean at the end.</summary>
public sealed class NetworkFixture : IAsyncLifetime
{
    private readonly string[] _settings;
    private GrpcChannel _channel = null!;

    public NetworkFixture() => _settings = [];

    /// <param name="settings">Further options of the server.</param>
    internal NetworkFixture(params string[] settings) => _settings = settings;

    internal ServerProcess Server { get; private set; } = null!;

    internal Network Network { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartWithAsync(_settings);
        _channel = Server.Open();
        Network = new Network(_channel);
        await Network.RegisterAsync(Network.Harbour, certified: true);
        await Network.RegisterAsync(Network.Hill);
        await Network.RegisterAsync(Network.Meadow);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
