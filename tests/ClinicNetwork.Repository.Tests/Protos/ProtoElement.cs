using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

/// <summary>One named thing of a proto file with the comment above it.</summary>
/// <param name="Kind">message, field, oneof, enum, enum value, service or rpc.</param>
/// <param name="Name">Full name without leading dot, for example <c>clinicnetwork.care.v1.Plan.dose_mg</c>.</param>
/// <param name="Comment">The leading comment, trimmed; empty when there is none.</param>
/// <param name="Descriptor">The descriptor of the kind.</param>
internal sealed record ProtoElement(string Kind, string Name, string Comment, object Descriptor);

/// <summary>Walks a file's descriptor and joins each element with its comment.</summary>
internal sealed class ProtoElements
{
    // Field numbers in descriptor.proto: a location's path is made of them and of indexes.
    private const int FileMessage = 4, FileEnum = 5, FileService = 6, MessageField = 2, MessageNested = 3, MessageEnum = 4, MessageOneof = 8, EnumValue = 2, ServiceMethod = 2;

    private readonly List<ProtoElement> elements = [];
    private readonly Dictionary<string, string> comments;

    private ProtoElements(FileDescriptorProto file) => comments = file.SourceCodeInfo.Location
        .Where(location => location.HasLeadingComments)
        .ToDictionary(location => string.Join('.', location.Path), location => location.LeadingComments.Trim());

    public static IReadOnlyList<ProtoElement> Of(FileDescriptorProto file)
    {
        var walk = new ProtoElements(file);
        Each(file.MessageType, (message, i) => walk.AddMessage(message, file.Package, $"{FileMessage}.{i}"));
        Each(file.EnumType, (@enum, i) => walk.AddEnum(@enum, file.Package, $"{FileEnum}.{i}"));
        Each(file.Service, (service, i) => walk.AddService(service, file.Package, $"{FileService}.{i}"));
        return walk.elements;
    }

    private void AddMessage(DescriptorProto message, string scope, string path)
    {
        if (message.Options?.MapEntry == true) return;
        var name = Add("message", message.Name, scope, path, message);
        Each(message.Field, (field, i) => Add("field", field.Name, name, $"{path}.{MessageField}.{i}", field));
        Each(message.OneofDecl, (oneof, i) =>
        {
            // `optional` makes a oneof of its own behind the scenes; nobody wrote it.
            var written = !message.Field.Any(field => field.Proto3Optional && field.OneofIndex == i);
            if (written) Add("oneof", oneof.Name, name, $"{path}.{MessageOneof}.{i}", oneof);
        });
        Each(message.EnumType, (@enum, i) => AddEnum(@enum, name, $"{path}.{MessageEnum}.{i}"));
        Each(message.NestedType, (nested, i) => AddMessage(nested, name, $"{path}.{MessageNested}.{i}"));
    }

    private void AddEnum(EnumDescriptorProto @enum, string scope, string path)
    {
        var name = Add("enum", @enum.Name, scope, path, @enum);
        Each(@enum.Value, (value, i) => Add("enum value", value.Name, name, $"{path}.{EnumValue}.{i}", value));
    }

    private void AddService(ServiceDescriptorProto service, string scope, string path)
    {
        var name = Add("service", service.Name, scope, path, service);
        Each(service.Method, (method, i) => Add("rpc", method.Name, name, $"{path}.{ServiceMethod}.{i}", method));
    }

    private string Add(string kind, string name, string scope, string path, object descriptor)
    {
        var full = scope + "." + name;
        elements.Add(new ProtoElement(kind, full, comments.GetValueOrDefault(path, ""), descriptor));
        return full;
    }

    private static void Each<T>(IList<T> items, Action<T, int> visit)
    {
        for (var i = 0; i < items.Count; i++) visit(items[i], i);
    }
}
