using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Grains.Patients;

/// <summary>An event as JSON for people and other systems: exactly what is stored of it, nothing that is computed.</summary>
public static class EventJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters =
        {
            new JsonStringEnumConverter(),
            new Named<PatientId>(id => id.Name),
            new Named<ClinicId>(id => id.Name),
            new Named<ProtocolId>(id => id.Name),
            new Named<SessionId>(id => id.Value),
            new Named<AssessmentId>(id => id.Value),
        },
        // It is no part of a page: whoever shows it there has to escape it there.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepStored } },
    };

    public static string Of(IEvent @event) => JsonSerializer.Serialize(@event, @event.GetType(), Options);

    private static void KeepStored(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(IdAttribute), inherit: false) != true)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private sealed class Named<T>(Func<T, string> name) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Exported events are not read.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(name(value));
    }
}
