using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

/// <summary>
/// What a released contract may never lose: an older client or partner must be able to talk to a newer server. Names and numbers stay, types
/// stay, rpcs stay; additions are free. A number that is no longer used must be reserved.
/// </summary>
internal static class ContractCompatibility
{
    /// <summary>One line per break; empty when everything of <paramref name="released"/> is still there.</summary>
    public static IReadOnlyList<string> Breaks(FileDescriptorSet released, FileDescriptorSet present)
    {
        var (old, now) = (Shape(released), Shape(present));
        return [.. old.Where(o => !now.TryGetValue(o.Key, out var shape) || shape != o.Value).Select(o => Describe(o, now)).Order(StringComparer.Ordinal)];
    }

    private static string Describe(KeyValuePair<string, string> old, Dictionary<string, string> now) =>
        now.TryGetValue(old.Key, out var shape) ? $"{old.Key}: was {old.Value}, is {shape}" : $"{old.Key}: is gone";

    /// <summary>Every element of our packages under a key that must survive, with what must not change about it.</summary>
    private static Dictionary<string, string> Shape(FileDescriptorSet set)
    {
        var shape = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in set.File.Where(f => f.Package.StartsWith("clinicnetwork.", StringComparison.Ordinal)))
        {
            foreach (var message in file.MessageType)
            {
                AddMessage(shape, $"{file.Package}.{message.Name}", message);
            }

            foreach (var @enum in file.EnumType)
            {
                AddEnum(shape, $"{file.Package}.{@enum.Name}", @enum);
            }

            foreach (var service in file.Service)
            {
                foreach (var rpc in service.Method)
                {
                    shape[$"rpc {file.Package}.{service.Name}.{rpc.Name}"] =
                        $"{rpc.InputType} (stream {rpc.ClientStreaming}) -> {rpc.OutputType} (stream {rpc.ServerStreaming})";
                }
            }
        }

        return shape;
    }

    private static void AddMessage(Dictionary<string, string> shape, string name, DescriptorProto message)
    {
        shape["message " + name] = "";
        foreach (var field in message.Field)
        {
            var oneof = field.HasOneofIndex ? message.OneofDecl[field.OneofIndex].Name : "";
            shape[$"field {name} = {field.Number}"] = $"{field.Name} {field.Type} {field.TypeName} {field.Label} {oneof}";
        }

        foreach (var inner in message.NestedType)
        {
            AddMessage(shape, $"{name}.{inner.Name}", inner);
        }

        foreach (var @enum in message.EnumType)
        {
            AddEnum(shape, $"{name}.{@enum.Name}", @enum);
        }
    }

    private static void AddEnum(Dictionary<string, string> shape, string name, EnumDescriptorProto @enum)
    {
        foreach (var value in @enum.Value)
        {
            shape[$"enum {name} = {value.Number}"] = value.Name;
        }
    }
}
