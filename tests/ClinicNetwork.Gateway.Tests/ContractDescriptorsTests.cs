using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Rates;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests;

/// <summary>Two threads that build descriptors at one moment have left a gateway unable to answer a method until it was started again (seen in a run of kills).</summary>
public sealed class ContractDescriptorsTests
{
    [Fact]
    public async Task Each_file_of_the_contract_is_built_before_a_call_is_looked_at()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddClinicNetworkGateway(
            new SignedTokens(new byte[32], "i-1"), new() { Secret = new byte[32], Network = "i-1" }, new RateLimit(1_000, 5_000), "", new byte[32]);
        builder.Services.AddSingleton(new ClientRates(new RateLimit(1_000, 5_000), (_, _) => throw new NotSupportedException(), TimeProvider.System, NullLogger<ClientRates>.Instance));
        await using var app = builder.Build();
        IReadOnlyList<FileDescriptor> built = [];
        app.MapClinicNetworkGateway(new() { Unary = TimeSpan.FromSeconds(60), Stream = TimeSpan.FromSeconds(60) }, reflection: false);
        app.Run(_ =>
        {
            built = ContractDescriptors.Built;
            return Task.CompletedTask;
        });

        await ((IApplicationBuilder)app).Build()(new DefaultHttpContext { RequestServices = app.Services });

        Assert.NotEmpty(built);
        Assert.Equal([], Contract().Except(WithImports(built)));
    }

    /// <summary>By the generated classes, so that a new file is not forgotten.</summary>
    private static IEnumerable<string> Contract() =>
        from type in typeof(PatientServiceReflection).Assembly.GetTypes()
        where type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.Namespace!.StartsWith("ClinicNetwork.Protocol.", StringComparison.Ordinal)
        select ((FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!).Name;

    private static HashSet<string> WithImports(IEnumerable<FileDescriptor> files) => [.. files.SelectMany(file => WithImports(file.Dependencies).Append(file.Name))];
}
