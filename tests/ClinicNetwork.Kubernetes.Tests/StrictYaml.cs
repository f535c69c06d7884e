using System.Reflection;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>
/// Reads objects as strictly as the API server does. <see cref="KubernetesYaml"/> finds unknown fields, duplicate keys and most wrong types, but takes
/// <c>replicas: "3"</c> and an environment's <c>value: 8081</c>, which the API server refuses; so the style of each scalar is compared with its field's type.
/// </summary>
internal static class StrictYaml
{
    /// <summary>What YAML 1.1, which the API server reads, takes for something else when it stands without quotes; numbers beside.</summary>
    private static readonly string[] NotStrings = ["true", "false", "yes", "no", "on", "off", "null", "~", ""];

    /// <exception cref="FormatException">One line that says what is wrong.</exception>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Load(string yaml)
    {
        try
        {
            var objects = KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>().ToList();
            var documents = new YamlStream();
            documents.Load(new StringReader(yaml));
            var wrong = objects.Zip(documents.Documents, (o, document) => WrongScalars(document.RootNode, o.GetType(), o.Kind)).SelectMany(w => w).FirstOrDefault();
            return wrong is null ? objects : throw new FormatException(wrong);
        }
        catch (YamlException exception)
        {
            throw new FormatException($"line {exception.Start.Line}: {exception.GetBaseException().Message}", exception);
        }
        catch (KeyNotFoundException exception)
        {
            throw new FormatException("There is no such kind: " + exception.Message, exception);
        }
    }

    private static IEnumerable<string> WrongScalars(YamlNode node, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return node switch
        {
            YamlScalarNode scalar when type == typeof(string) && scalar.Style == ScalarStyle.Plain && !IsString(scalar.Value!) =>
                [$"{path}: {scalar.Value} is not a string; quote it."],
            YamlScalarNode scalar when (type == typeof(int) || type == typeof(long) || type == typeof(bool)) && scalar.Style != ScalarStyle.Plain =>
                [$"{path}: \"{scalar.Value}\" is a string; take the quotes away."],
            YamlSequenceNode sequence when type.IsGenericType => sequence.Children
                .SelectMany((child, i) => WrongScalars(child, type.GetGenericArguments()[0], $"{path}[{i}]")),
            YamlMappingNode mapping when type.IsGenericType => mapping.Children
                .SelectMany(pair => WrongScalars(pair.Value, type.GetGenericArguments()[1], $"{path}.{pair.Key}")),
            YamlMappingNode mapping => mapping.Children
                .SelectMany(pair => FieldType(type, pair.Key.ToString()) is { } field ? WrongScalars(pair.Value, field, $"{path}.{pair.Key}") : []),
            _ => [],
        };
    }

    private static bool IsString(string plain) => !NotStrings.Contains(plain.ToLowerInvariant()) && !double.TryParse(plain, out _);

    private static Type? FieldType(Type type, string field) => type.GetProperties()
        .FirstOrDefault(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name == field)?.PropertyType;
}
