using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClinicNetwork.Journal.Codec;

/// <summary>
/// How records look in JSON. Stored for ever, so it is strict both ways: a member that is missing (and has no default in the record) or
/// unknown is an error, never a silent zero or a silent loss. A new member of a stored record therefore needs a default value.
/// </summary>
internal static class JsonShape
{
    public static JsonSerializerOptions Create(DomainTypes types) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new StringIdConverterFactory() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutComputed, type => TagKinds(type, types) } },
    };

    /// <summary>A property without a setter that is no constructor parameter is computed from the others: not stored.</summary>
    private static void LeaveOutComputed(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (property.Set is null && property.AssociatedParameter is null)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    /// <summary>A member declared as an interface or abstract record says by alias which kind it holds.</summary>
    private static void TagKinds(JsonTypeInfo type, DomainTypes types)
    {
        if (type.Kind != JsonTypeInfoKind.Object || !type.Type.IsAbstract || type.PolymorphismOptions is not null)
        {
            return;
        }

        var kinds = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$type" };
        foreach (var (kind, alias) in types.KindsOf(type.Type))
        {
            kinds.DerivedTypes.Add(new JsonDerivedType(kind, alias));
        }

        if (kinds.DerivedTypes.Count > 0)
        {
            type.PolymorphismOptions = kinds;
        }
    }
}
