using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using static Google.Protobuf.Reflection.FieldDescriptorProto.Types;

namespace ClinicNetwork.Repository.Tests.Protos;

/// <summary>The contract as pages to read, one for each proto file and one that leads to them: names, types and the comments of the protos, nothing else.</summary>
internal sealed partial class ApiReference
{
    /// <summary>Where the pages lie, below the root.</summary>
    public const string Folder = "docs/api";

    private const string Ours = "clinicnetwork.";

    private readonly IReadOnlyList<FileDescriptorProto> _files;
    private readonly Dictionary<string, string> _comments;

    /// <summary>Of each message and enum: its page and its heading there.</summary>
    private readonly Dictionary<string, (string Page, string Heading)> _places = new(StringComparer.Ordinal);

    private ApiReference(FileDescriptorSet set)
    {
        _files = ProtoLint.OurFiles(set);
        _comments = _files.SelectMany(ProtoElements.Of).ToDictionary(e => e.Name, e => e.Comment, StringComparer.Ordinal);
        foreach (var file in _files)
        {
            Place(file, file.Package, "", file.MessageType, file.EnumType);
        }
    }

    /// <summary>Path below <see cref="Folder"/> and text of every page.</summary>
    public static IReadOnlyDictionary<string, string> Pages(FileDescriptorSet set)
    {
        var reference = new ApiReference(set);
        var pages = reference._files.ToDictionary(PageOf, reference.Page, StringComparer.Ordinal);
        pages.Add("README.md", reference.Index());
        return pages;
    }

    /// <summary>The anchor that GitHub gives to a heading.</summary>
    public static string Anchor(string heading) => NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary><c>clinicnetwork/care/v1/thing.proto</c> → <c>care/v1/thing.md</c>.</summary>
    private static string PageOf(FileDescriptorProto file) => Path.ChangeExtension(file.Name[Ours.Length..], ".md");

    private static bool IsMap(DescriptorProto message) => message.Options?.MapEntry == true;

    private void Place(FileDescriptorProto file, string scope, string outer, IEnumerable<DescriptorProto> messages, IEnumerable<EnumDescriptorProto> enums)
    {
        foreach (var @enum in enums)
        {
            _places.Add($"{scope}.{@enum.Name}", (PageOf(file), outer + @enum.Name));
        }

        foreach (var message in messages.Where(m => !IsMap(m)))
        {
            _places.Add($"{scope}.{message.Name}", (PageOf(file), outer + message.Name));
            Place(file, $"{scope}.{message.Name}", $"{outer}{message.Name}.", message.NestedType, message.EnumType);
        }
    }

    private string Index()
    {
        var text = new StringBuilder("# The contract, to read\n\n");
        text.Append("Made of the comments in `protos/` by `tests/api`; what is wrong here is to be mended there. How calls are secured and who may call what: [tokens](../security/tokens.md), ");
        text.Append("[authorisation](../security/authorisation.csv). Clients: [.NET](../../src/ClinicNetwork.Client/README.md), [Node and Python](../samples/README.md).\n");
        foreach (var package in _files.GroupBy(f => f.Package).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append($"\n## {package.Key[Ours.Length..]}\n\n| service | for |\n|---|---|\n");
            foreach (var file in package.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                foreach (var service in file.Service)
                {
                    text.Append($"| [{service.Name}]({PageOf(file)}#{Anchor(service.Name)}) | {Cell(FirstSentence(_comments[$"{file.Package}.{service.Name}"]))} |\n");
                }
            }

            var types = package.Where(f => f.Service.Count == 0).OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => $"[{Path.GetFileNameWithoutExtension(f.Name)}]({PageOf(f)})").ToList();
            if (types.Count > 0)
            {
                text.Append($"\nTypes that they share: {string.Join(", ", types)}.\n");
            }
        }

        return text.ToString();
    }

    private string Page(FileDescriptorProto file)
    {
        var page = PageOf(file);
        var up = string.Concat(Enumerable.Repeat("../", page.Count(c => c == '/')));
        var text = new StringBuilder($"# {page[..^".md".Length]}\n\nPackage `{file.Package}`, [{file.Name}]({up}../../protos/{file.Name}). [All of the contract]({up}README.md).\n");
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in file.Service)
        {
            WriteService(text, file, service, told);
        }

        var (messages, enums) = (new StringBuilder(), new StringBuilder());
        foreach (var message in file.MessageType.Where(m => !told.Contains(m.Name)))
        {
            WriteMessage(messages, page, $"{file.Package}.{message.Name}", message, "###", enums);
        }

        foreach (var @enum in file.EnumType)
        {
            WriteEnum(enums, $"{file.Package}.{@enum.Name}", @enum);
        }

        text.Append(messages.Length > 0 ? $"\n## Messages\n{messages}" : "").Append(enums.Length > 0 ? $"\n## Enums\n{enums}" : "");
        return text.ToString();
    }

    private void WriteService(StringBuilder text, FileDescriptorProto file, ServiceDescriptorProto service, HashSet<string> told)
    {
        var name = $"{file.Package}.{service.Name}";
        text.Append($"\n## {service.Name}\n\n{Paragraphs(_comments[name])}\n\n| rpc | what it does |\n|---|---|\n");
        foreach (var rpc in service.Method)
        {
            text.Append($"| [{rpc.Name}](#{Anchor(rpc.Name)}) | {Cell(FirstSentence(_comments[$"{name}.{rpc.Name}"]))} |\n");
        }

        var page = PageOf(file);
        foreach (var rpc in service.Method)
        {
            text.Append($"\n### {rpc.Name}\n\n{Paragraphs(_comments[$"{name}.{rpc.Name}"])}\n\n");
            text.Append($"Takes {Streamed(rpc.ClientStreaming)}{Link(page, rpc.InputType)}, answers with {Streamed(rpc.ServerStreaming)}{Link(page, rpc.OutputType)}.\n");
            foreach (var message in file.MessageType.Where(m => rpc.InputType == $".{file.Package}.{m.Name}" || rpc.OutputType == $".{file.Package}.{m.Name}"))
            {
                told.Add(message.Name);
                WriteMessage(text, page, $"{file.Package}.{message.Name}", message, "####", text);
            }
        }
    }

    /// <param name="enums">Where the enums inside of it go.</param>
    private void WriteMessage(StringBuilder text, string page, string name, DescriptorProto message, string level, StringBuilder enums)
    {
        text.Append($"\n{level} {_places[name].Heading}\n\n{Paragraphs(_comments[name])}\n\n");
        text.Append(message.Field.Count > 0 ? "| field | type | meaning |\n|---|---|---|\n" : "It has no fields.\n");
        var choices = new HashSet<int>();
        foreach (var field in message.Field)
        {
            var isChoice = field.HasOneofIndex && !field.Proto3Optional;
            if (isChoice && choices.Add(field.OneofIndex))
            {
                var members = message.Field.Where(f => f.HasOneofIndex && f.OneofIndex == field.OneofIndex).Select(f => $"`{f.Name}`");
                text.Append($"| one of {string.Join(", ", members)} | | {Cell(_comments[$"{name}.{message.OneofDecl[field.OneofIndex].Name}"])} |\n");
            }

            text.Append($"| `{field.Name}` | {TypeOf(page, message, field)} | {Cell(_comments[$"{name}.{field.Name}"])} |\n");
        }

        foreach (var inner in message.NestedType.Where(m => !IsMap(m)))
        {
            WriteMessage(text, page, $"{name}.{inner.Name}", inner, level, enums);
        }

        foreach (var @enum in message.EnumType)
        {
            WriteEnum(enums, $"{name}.{@enum.Name}", @enum);
        }
    }

    private void WriteEnum(StringBuilder text, string name, EnumDescriptorProto @enum)
    {
        text.Append($"\n### {_places[name].Heading}\n\n{Paragraphs(_comments[name])}\n\n| value | number | meaning |\n|---|---|---|\n");
        foreach (var value in @enum.Value)
        {
            text.Append($"| `{value.Name}` | {value.Number} | {Cell(_comments[$"{name}.{value.Name}"])} |\n");
        }
    }

    private string TypeOf(string page, DescriptorProto message, FieldDescriptorProto field)
    {
        var map = message.NestedType.FirstOrDefault(m => IsMap(m) && field.TypeName.EndsWith("." + m.Name, StringComparison.Ordinal));
        return map is not null ? $"map of {Plain(page, map.Field[0])} to {Plain(page, map.Field[1])}"
            : (field.Label == Label.Repeated ? "list of " : "") + Plain(page, field) + (field.Proto3Optional ? ", optional" : "");
    }

    private string Plain(string page, FieldDescriptorProto field) =>
        field.TypeName.Length > 0 ? Link(page, field.TypeName) : $"`{field.Type.ToString().ToLowerInvariant()}`";

    private static string Streamed(bool streaming) => streaming ? "a stream of " : "";

    private string Link(string page, string type)
    {
        if (!_places.TryGetValue(type.TrimStart('.'), out var place))
        {
            return $"`{type.TrimStart('.')}`";
        }

        var file = place.Page == page ? "" : Path.GetRelativePath(Path.GetDirectoryName(page)!, place.Page).Replace('\\', '/');
        return $"[{place.Heading}]({file}#{Anchor(place.Heading)})";
    }

    /// <summary>Lines as they are in the proto: they are short enough there.</summary>
    private static string Paragraphs(string comment) => string.Join('\n', comment.Split('\n').Select(line => Escaped(line.Trim())));

    private static string Cell(string comment) => string.Join(' ', comment.Split('\n').Select(line => Escaped(line.Trim()))).Replace("|", "\\|", StringComparison.Ordinal).Trim();

    /// <summary>Outside of code a <c>&lt;</c> would begin a tag.</summary>
    private static string Escaped(string line) =>
        string.Join('`', line.Split('`').Select((part, i) => i % 2 == 0 ? part.Replace("<", "&lt;", StringComparison.Ordinal) : part));

    private static string FirstSentence(string comment)
    {
        var text = string.Join(' ', comment.Split('\n').Select(line => line.Trim()));
        var end = SentenceEnd().Match(text);
        return end.Success ? text[..(end.Index + 1)] : text;
    }

    [GeneratedRegex(@"\.(?= |$)")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NoAnchor();
}
