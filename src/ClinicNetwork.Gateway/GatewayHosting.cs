using System.IO.Compression;
using ClinicNetwork.Gateway.Admin;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Gateway.Sync;
using ClinicNetwork.Grains.Rates;
using ClinicNetwork.Journal.Audit;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway;

/// <summary>Puts the gateway into a host.</summary>
public static class GatewayHosting
{
    /// <summary>Largest message accepted, bytes, as it comes and unpacked; the largest real one (a consultation) is under 40 KiB.</summary>
    public const int ReceiveBytesMax = 256 * 1024;

    /// <summary>Largest message sent, bytes: the manifest of a batch with some 200,000 cells and milestones, which the verifier reads up to 16 MiB. Patients with years of sessions take less.</summary>
    public const int SendBytesMax = 17 * 1024 * 1024;

    /// <param name="tokens">Seals cursors, page tokens and etags.</param>
    /// <param name="rate">Of each client, over all gateways.</param>
    /// <param name="spoolFolder">For accesses while the database is away.</param>
    /// <param name="spoolSecret">32 bytes, of the purpose <see cref="AccessSpool.Purpose"/>.</param>
    /// <param name="identity">What tokens of callers are made and read with.</param>
    public static IServiceCollection AddClinicNetworkGateway(this IServiceCollection services, SignedTokens tokens, TokenOptions identity, RateLimit rate, string spoolFolder, byte[] spoolSecret)
    {
        AddTokens(services, identity);
        services.AddSingleton(rate).AddSingleton<ClientRates>();
        services.AddSingleton(provider => AccessSpool.OpenIn(spoolFolder, spoolSecret, provider.GetRequiredService<ILogger<AccessSpool>>()));
        services.AddSingleton(tokens).AddSingleton<FailureStatus>().AddSingleton<FactCommands>().AddSingleton<PlanCommands>().AddSingleton<ReportedSessions>().AddSingleton<CommandStreams>().AddSingleton<StatusCounts>().AddSingleton<PartnerAgreements>().AddSingleton<MerkleProofs>().AddSingleton<PlanBodies>().AddSingleton<AccessLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = ReceiveBytesMax;
            options.MaxSendMessageSize = SendBytesMax;
            options.CompressionProviders.Clear();
            options.CompressionProviders.Add(new GzipCompressionProvider(CompressionLevel.Fastest));
            options.EnableDetailedErrors = false;
            options.Interceptors.Add<AuditInterceptor>();
            options.Interceptors.Add<RefusalInterceptor>();
            options.Interceptors.Add<AccessInterceptor>();
        });
        services.AddGrpcReflection();
        return services;
    }

    /// <param name="reflection">Whether the contract can be asked for; no secret, and of no use where patients are.</param>
    public static WebApplication MapClinicNetworkGateway(this WebApplication endpoints, CallLimits limits, bool reflection)
    {
        var descriptors = ContractDescriptors.BuildAsync();
        endpoints.Use((context, next) => descriptors.IsCompletedSuccessfully ? next(context) : AfterAsync(descriptors, context, next));
        endpoints.UseCallRates();
        endpoints.UseCallDeadlines(limits);
        endpoints.UseUnreadableMessages();
        endpoints.MapGrpcService<PatientGatewayService>();
        endpoints.MapGrpcService<RecordGatewayService>();
        endpoints.MapGrpcService<PatientVoiceGatewayService>();
        endpoints.MapGrpcService<FactGatewayService>();
        endpoints.MapGrpcService<ClinicGatewayService>();
        endpoints.MapGrpcService<PatientMatchGatewayService>();
        endpoints.MapGrpcService<PlanFeedGatewayService>();
        endpoints.MapGrpcService<PlanPushGatewayService>();
        endpoints.MapGrpcService<TransferGatewayService>();
        endpoints.MapGrpcService<DosingGatewayService>();
        endpoints.MapGrpcService<ReleaseGatewayService>();
        endpoints.MapGrpcService<SubmissionGatewayService>();
        endpoints.MapGrpcService<PartnerGatewayService>();
        endpoints.MapGrpcService<NetworkGatewayService>();
        endpoints.MapGrpcService<ApprovalGatewayService>();
        endpoints.MapGrpcService<AuditGatewayService>();
        endpoints.MapTokenEndpoint();
        if (reflection)
        {
            endpoints.MapGrpcReflectionService();
        }

        endpoints.MapGrpcHealthChecksService();
        return endpoints;
    }

    private static async Task AfterAsync(Task descriptors, HttpContext context, RequestDelegate next)
    {
        await descriptors;
        await next(context);
    }

    internal static void MapTokenEndpoint(this WebApplication endpoints) =>
        endpoints.MapPost(TokenEndpoint.Path, context => context.RequestServices.GetRequiredService<TokenEndpoint>().AnswerAsync(context));

    private static void AddTokens(IServiceCollection services, TokenOptions options) => services
        .AddSingleton(options)
        .AddSingleton(_ => new KeyFetching(options.Handler))
        .AddSingleton(provider => new RegisteredClients(provider.GetRequiredService<KeyFetching>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AccessTokens>()
        .AddSingleton<OpenIdIssuers>()
        .AddSingleton<ClientAssertions>()
        .AddSingleton<TokenEndpoint>()
        .AddSingleton(provider => new BearerTokens(
            provider.GetRequiredService<AccessTokens>(),
            provider.GetRequiredService<OpenIdIssuers>(),
            provider.GetRequiredService<RegisteredClients>(),
            provider.GetRequiredService<TimeProvider>()));
}
