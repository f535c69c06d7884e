using ClinicNetwork.BlackBox.Tests.Hosting;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace ClinicNetwork.BlackBox.Tests.Reflection;

/// <summary>Knows grpc.reflection and nothing else: lists services and fetches the descriptors to call them with.</summary>
internal sealed class ReflectionClient(ChannelBase channel)
{
    private readonly ServerReflection.ServerReflectionClient _client = new(channel);

    public async Task<IReadOnlyList<string>> ListServicesAsync() =>
        [.. (await AskAsync(new() { ListServices = "" })).ListServicesResponse.Service.Select(s => s.Name).Order(StringComparer.Ordinal)];

    /// <summary>The service with everything that its messages need.</summary>
    public async Task<ServiceDescriptor> DescribeAsync(string service)
    {
        var files = new Dictionary<string, ByteString>();
        Keep((await AskAsync(new() { FileContainingSymbol = service })).FileDescriptorResponse.FileDescriptorProto, files);
        while (files.Values.SelectMany(f => FileDescriptorProto.Parser.ParseFrom(f).Dependency).FirstOrDefault(d => !files.ContainsKey(d)) is { } missing)
        {
            Keep((await AskAsync(new() { FileByFilename = missing })).FileDescriptorResponse.FileDescriptorProto, files);
        }

        return FileDescriptor.BuildFromByteStrings(InOrder(files)).SelectMany(f => f.Services).Single(s => s.FullName == service);
    }

    private static void Keep(IEnumerable<ByteString> protos, Dictionary<string, ByteString> files)
    {
        foreach (var proto in protos)
        {
            files[FileDescriptorProto.Parser.ParseFrom(proto).Name] = proto;
        }
    }

    /// <summary>Dependencies before what needs them.</summary>
    private static IReadOnlyList<ByteString> InOrder(Dictionary<string, ByteString> files)
    {
        var ordered = new List<string>();
        foreach (var name in files.Keys)
        {
            Visit(name);
        }

        return [.. ordered.Select(n => files[n])];

        void Visit(string name)
        {
            if (ordered.Contains(name))
            {
                return;
            }

            foreach (var dependency in FileDescriptorProto.Parser.ParseFrom(files[name]).Dependency)
            {
                Visit(dependency);
            }

            ordered.Add(name);
        }
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = _client.ServerReflectionInfo(deadline: Bounded.Deadline);
        await call.RequestStream.WriteAsync(request).Within();
        await call.RequestStream.CompleteAsync().Within();
        Assert.True(await call.ResponseStream.MoveNext(default).Within());
        var answer = call.ResponseStream.Current;
        Assert.False(await call.ResponseStream.MoveNext(default).Within());
        return answer;
    }
}
