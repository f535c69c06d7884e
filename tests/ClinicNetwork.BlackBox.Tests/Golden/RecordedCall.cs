using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>One unary call as it went over the wire: what a client of that release sent, and what it got.</summary>
/// <param name="Partner">Whose it was; null (before 0.6 always): the administrator's.</param>
internal sealed record RecordedCall(string Method, byte[] Request, byte[] Response, string? Partner = null)
{
    /// <summary>Commands are repeated with the same id and must get their stored answer; reads must still show what they showed.</summary>
    public bool IsRead => Method.Split('/')[^1] is var name && (name.StartsWith("Get", StringComparison.Ordinal) || name.StartsWith("List", StringComparison.Ordinal));

    public string ToLine() => JsonSerializer.Serialize(this);

    public static RecordedCall FromLine(string line) => JsonSerializer.Deserialize<RecordedCall>(line)!;

    /// <summary>Sends the recorded bytes again; returns the answer's bytes.</summary>
    public async Task<byte[]> RepeatAsync(ChannelBase channel)
    {
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var parts = Method.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.Unary, parts[1], parts[2], bytes, bytes);
        return await channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)), Request);
    }

    /// <summary>The answer as JSON, in the words of the contract of today.</summary>
    public JsonNode AnswerOf(byte[] response)
    {
        var parts = Method.Split('/');
        var files = typeof(Patient).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>();
        var output = files.SelectMany(f => f.Services).Single(s => s.FullName == parts[1]).FindMethodByName(parts[2]).OutputType;
        return JsonNode.Parse(JsonFormatter.Default.Format(output.Parser.ParseFrom(response)))!;
    }
}

/// <summary>A later version may say more, never less and nothing else.</summary>
internal static class JsonSubset
{
    /// <summary>Null when everything of <paramref name="old"/> is in <paramref name="now"/>, else the path of the first difference.</summary>
    /// <param name="but">A field that is not compared.</param>
    public static string? FirstDifference(JsonNode? old, JsonNode? now, string path = "$", string? but = null) => (old, now) switch
    {
        (JsonObject was, JsonObject @is) => was.Where(p => p.Key != but).Select(p => FirstDifference(p.Value, @is[p.Key], $"{path}.{p.Key}", but)).FirstOrDefault(d => d is not null),
        (JsonArray was, JsonArray @is) when was.Count == @is.Count => was.Select((v, i) => FirstDifference(v, @is[i], $"{path}[{i}]", but)).FirstOrDefault(d => d is not null),
        _ => JsonNode.DeepEquals(old, now) ? null : path,
    };
}
