using System.Net;
using ClinicNetwork.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClinicNetwork.Benchmarks.Serve;

/// <summary>Serves one yardstick service as a process of its own, with the same server and the same settings as the product's gateway.</summary>
internal static class YardstickHost
{
    /// <summary>Names the environment variable with the hand-written service's connection string.</summary>
    public const string PostgresVariable = "YARDSTICK_POSTGRES";

    private const string Usage = "serve FILE echo, or serve FILE handwritten ROWBYTES; the benchmark starts these by itself.";

    /// <param name="arguments">The file of <see cref="YardstickTls.Create"/>; then <c>echo</c>, or <c>handwritten ROWBYTES</c> with <see cref="PostgresVariable"/> in the environment.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var identityFile, .. { Length: > 0 } service])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var identity = ClientIdentity.Load(identityFile);
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]); // As the product: no file is watched.
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            YardstickTls.Use(listen, identity);
        }));
        builder.Services.AddGrpc();
        switch (service)
        {
            case ["echo"]:
                break;
            case ["handwritten", var rowBytes] when Environment.GetEnvironmentVariable(PostgresVariable) is { } postgres:
                builder.Services.AddSingleton(NpgsqlDataSource.Create(postgres));
                builder.Services.AddSingleton(new RowWidth(int.Parse(rowBytes, System.Globalization.CultureInfo.InvariantCulture)));
                break;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }

        await using var app = builder.Build();
        if (service[0] == "echo")
        {
            app.MapGrpcService<EchoCalls>();
        }
        else
        {
            app.MapGrpcService<HandwrittenCalls>();
        }

        await app.StartAsync();
        Console.WriteLine("yardstick serves " + app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        EndWithParent(app.Lifetime);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The parent holds the other end of stdin; when it is gone, so are we.</summary>
    private static void EndWithParent(IHostApplicationLifetime lifetime) => _ = Task.Run(async () =>
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        lifetime.StopApplication();
    });
}
