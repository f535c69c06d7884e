using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>Answers every unary call with the same message, over real connections.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private readonly WebApplication server;

    private GrpcServer(WebApplication server) => this.server = server;

    internal Uri Address => new(server.Urls.Single());

    /// <param name="message">Its bytes.</param>
    internal static async Task<GrpcServer> StartAsync(byte[] message)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.Run(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Request.Body.CopyToAsync(Stream.Null);
            // Not compressed, and the length.
            var head = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), message.Length);
            await context.Response.Body.WriteAsync((byte[])[.. head, .. message]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await server.StartAsync();
        return new(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
