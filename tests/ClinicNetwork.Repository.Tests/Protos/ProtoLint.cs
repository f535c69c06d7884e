using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using static Google.Protobuf.Reflection.FieldDescriptorProto.Types;

namespace ClinicNetwork.Repository.Tests.Protos;

/// <summary>A rule of the contract that an element breaks.</summary>
internal sealed record ProtoFinding(string Rule, string Element, string Problem)
{
    public override string ToString() => $"{Rule}: {Element}: {Problem}";
}

/// <summary>
/// The contract's rules, after buf's STANDARD set and AIP-155 (request ids) and AIP-158 (pages), over descriptors with comments.
/// Files of Google that come in as imports are not ours to lint.
/// </summary>
internal static partial class ProtoLint
{
    public const string CommentMissing = "COMMENT_MISSING", PackageFolder = "PACKAGE_FOLDER", EnumZero = "ENUM_ZERO", EnumPrefix = "ENUM_PREFIX",
        ServiceSuffix = "SERVICE_SUFFIX", RpcMessages = "RPC_MESSAGES", RpcMessagesShared = "RPC_MESSAGES_SHARED", FieldCase = "FIELD_CASE",
        RequestId = "REQUEST_ID", ListPaging = "LIST_PAGING", ActorField = "ACTOR_FIELD", NumberMeaning = "NUMBER_MEANING", CSharpNamespace = "CSHARP_NAMESPACE";

    /// <summary>Beginnings of the names of rpcs that change nothing.</summary>
    private static readonly string[] Readers = ["Get", "List", "Watch", "Stream", "Export"];

    private static readonly string[] ActorWords = ["actor", "user", "caller", "principal"];

    private static readonly FieldDescriptorProto.Types.Type[] Numbers =
    [
        FieldDescriptorProto.Types.Type.Int32, FieldDescriptorProto.Types.Type.Int64, FieldDescriptorProto.Types.Type.Uint32,
        FieldDescriptorProto.Types.Type.Uint64, FieldDescriptorProto.Types.Type.Sint32, FieldDescriptorProto.Types.Type.Sint64,
        FieldDescriptorProto.Types.Type.Fixed32, FieldDescriptorProto.Types.Type.Fixed64, FieldDescriptorProto.Types.Type.Sfixed32,
        FieldDescriptorProto.Types.Type.Sfixed64, FieldDescriptorProto.Types.Type.Float, FieldDescriptorProto.Types.Type.Double,
    ];

    public static IReadOnlyList<ProtoFinding> Check(FileDescriptorSet set)
    {
        var files = OurFiles(set);
        var elements = files.SelectMany(ProtoElements.Of).ToList();
        var messages = elements.Where(e => e.Kind == "message").ToDictionary(e => e.Name, e => (DescriptorProto)e.Descriptor);
        var rpcs = elements.Where(e => e.Kind == "rpc").ToList();
        return
        [
            .. files.SelectMany(CheckFile),
            .. elements.Where(e => e.Comment.Length == 0).Select(e => new ProtoFinding(CommentMissing, e.Name, $"the {e.Kind} has no comment above it")),
            .. elements.SelectMany(CheckEnum),
            .. elements.SelectMany(CheckNames),
            .. rpcs.SelectMany(rpc => CheckRpc(rpc, messages)),
            .. CheckSharing(rpcs),
        ];
    }

    public static IReadOnlyList<FileDescriptorProto> OurFiles(FileDescriptorSet set) =>
        [.. set.File.Where(file => !file.Name.StartsWith("google/", StringComparison.Ordinal))];

    private static IEnumerable<ProtoFinding> CheckFile(FileDescriptorProto file)
    {
        var folder = Path.GetDirectoryName(file.Name)!.Replace('\\', '/');
        if (folder.Replace('/', '.') != file.Package)
        {
            yield return new(PackageFolder, file.Name, $"the package {file.Package} is not the folder {folder}");
        }

        // clinicnetwork.care.v1 → ClinicNetwork.Protocol.Care.V1
        var wanted = "ClinicNetwork.Protocol." + string.Join('.', file.Package.Split('.').Skip(1).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        if (file.Options?.CsharpNamespace != wanted)
        {
            yield return new(CSharpNamespace, file.Name, $"csharp_namespace is not {wanted}");
        }
    }

    private static IEnumerable<ProtoFinding> CheckEnum(ProtoElement element)
    {
        if (element.Descriptor is not EnumDescriptorProto @enum) yield break;
        var prefix = UpperSnake(@enum.Name) + "_";
        if (@enum.Value[0].Number != 0 || @enum.Value[0].Name != prefix + "UNSPECIFIED")
        {
            yield return new(EnumZero, element.Name, $"the zero value is not {prefix}UNSPECIFIED");
        }

        foreach (var value in @enum.Value.Where(value => !value.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return new(EnumPrefix, element.Name + "." + value.Name, $"the value does not begin with {prefix}");
        }
    }

    private static IEnumerable<ProtoFinding> CheckNames(ProtoElement element)
    {
        if (element.Descriptor is ServiceDescriptorProto service && !service.Name.EndsWith("Service", StringComparison.Ordinal))
        {
            yield return new(ServiceSuffix, element.Name, "the name does not end with Service");
        }

        if (element.Descriptor is not FieldDescriptorProto field) yield break;
        if (!LowerSnakeCase().IsMatch(field.Name))
        {
            yield return new(FieldCase, element.Name, "the name is not lower_snake_case");
        }

        if (Numbers.Contains(field.Type) && element.Comment.Length > 0 && !RangeOrUnit().IsMatch(element.Comment))
        {
            yield return new(NumberMeaning, element.Name, "the comment names neither a range nor a unit nor what is counted");
        }
    }

    private static IEnumerable<ProtoFinding> CheckRpc(ProtoElement element, Dictionary<string, DescriptorProto> messages)
    {
        var rpc = (MethodDescriptorProto)element.Descriptor;
        if (LastPart(rpc.InputType) != rpc.Name + "Request" || LastPart(rpc.OutputType) != rpc.Name + "Response")
        {
            yield return new(RpcMessages, element.Name, $"the messages are not {rpc.Name}Request and {rpc.Name}Response");
        }

        if (!messages.TryGetValue(rpc.InputType.TrimStart('.'), out var request)) yield break;
        var mutates = !Readers.Any(word => rpc.Name.StartsWith(word, StringComparison.Ordinal));
        if (mutates && !Has(request, "request_id", FieldDescriptorProto.Types.Type.String, number: 1))
        {
            yield return new(RequestId, element.Name, "the rpc changes something and its request has no `string request_id = 1`");
        }

        if (rpc.Name.StartsWith("List", StringComparison.Ordinal) && !IsPaged(rpc, request, messages))
        {
            yield return new(ListPaging, element.Name, "int32 page_size, string page_token or string next_page_token is missing");
        }

        foreach (var field in Reachable(rpc.InputType, messages).Where(field => field.Split('.')[^1].Split('_').Any(word => ActorWords.Contains(word))))
        {
            yield return new(ActorField, field, $"who acts comes from the connection, not from a field of {rpc.Name}Request");
        }
    }

    private static IEnumerable<ProtoFinding> CheckSharing(IReadOnlyList<ProtoElement> rpcs) => rpcs
        .Select(element => (MethodDescriptorProto)element.Descriptor)
        .SelectMany(rpc => new[] { rpc.InputType, rpc.OutputType })
        .GroupBy(type => type)
        .Where(uses => uses.Count() > 1)
        .Select(uses => new ProtoFinding(RpcMessagesShared, uses.Key.TrimStart('.'), "more than one rpc uses the message"));

    private static bool IsPaged(MethodDescriptorProto rpc, DescriptorProto request, Dictionary<string, DescriptorProto> messages) =>
        Has(request, "page_size", FieldDescriptorProto.Types.Type.Int32)
        && Has(request, "page_token", FieldDescriptorProto.Types.Type.String)
        && messages.TryGetValue(rpc.OutputType.TrimStart('.'), out var response)
        && Has(response, "next_page_token", FieldDescriptorProto.Types.Type.String);

    private static bool Has(DescriptorProto message, string name, FieldDescriptorProto.Types.Type type, int? number = null) =>
        message.Field.Any(field => field.Name == name && field.Type == type && field.Label != Label.Repeated && (number is null || field.Number == number));

    /// <summary>Full names of the fields of a message and of every message of ours inside it.</summary>
    private static IEnumerable<string> Reachable(string type, Dictionary<string, DescriptorProto> messages)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([type.TrimStart('.')]);
        while (open.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !messages.TryGetValue(name, out var message)) continue;
            foreach (var field in message.Field)
            {
                yield return name + "." + field.Name;
                if (field.Type != FieldDescriptorProto.Types.Type.Message) continue;
                var entry = message.NestedType.FirstOrDefault(nested => nested.Options?.MapEntry == true && nested.Name == LastPart(field.TypeName));
                open.Enqueue((entry is null ? field.TypeName : entry.Field[1].TypeName).TrimStart('.'));
            }
        }
    }

    private static string LastPart(string name) => name.Split('.')[^1];

    private static string UpperSnake(string name) => WordBoundary().Replace(name, "_").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordBoundary();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex LowerSnakeCase();

    /// <summary>A digit, a unit, or the noun of a count: a number that says none of these cannot be used by a partner.</summary>
    [GeneratedRegex(
        @"\d|\b(mg|kg|mmHg|ms|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|bytes?|percent|versions?|revisions?|sessions?|rows?|"
        + @"persons?|patients?|clinics?|commands?|things|items?|entries|attempts?)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex RangeOrUnit();
}
