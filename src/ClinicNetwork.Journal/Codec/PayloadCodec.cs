using System.Text.Json;
using ClinicNetwork.Domain;

namespace ClinicNetwork.Journal.Codec;

/// <summary>
/// Events and answers as UTF-8 JSON, each tagged with its alias: <c>{"type":"dose-recorded","value":{…}}</c>. Encoding the same object
/// twice gives the same bytes.
/// </summary>
internal sealed class PayloadCodec(DomainTypes types)
{
    private const string TypeTag = "type";
    private const string ValueTag = "value";

    /// <summary>The options of everything stored; a state record of a snapshot uses them too.</summary>
    public JsonSerializerOptions Options { get; } = JsonShape.Create(types);

    public byte[] EncodeEvents(IReadOnlyList<IEvent> events)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Options.Encoder }))
        {
            writer.WriteStartArray();
            foreach (var one in events)
            {
                Write(writer, one);
            }

            writer.WriteEndArray();
        }

        return stream.ToArray();
    }

    public byte[] EncodeAnswer(object answer)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Options.Encoder }))
        {
            Write(writer, answer);
        }

        return stream.ToArray();
    }

    public static byte[] EncodeValues(IReadOnlyList<string> values) => JsonSerializer.SerializeToUtf8Bytes(values);

    public static IReadOnlyList<string> DecodeValues(byte[] utf8Json) => JsonSerializer.Deserialize<string[]>(utf8Json)!;

    /// <summary>Throws <see cref="UnknownEventException"/>, which names the place, for an alias this build does not know.</summary>
    public IReadOnlyList<IEvent> DecodeEvents(string stream, long version, byte[] utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var events = new List<IEvent>(document.RootElement.GetArrayLength());
        foreach (var element in document.RootElement.EnumerateArray())
        {
            events.Add(Read(stream, version, element) as IEvent
                ?? throw new StoreDamagedException($"Stream {stream}, version {version}: what is stored is no event."));
        }

        return events;
    }

    /// <inheritdoc cref="DecodeEvents"/>
    public object DecodeAnswer(string stream, long version, byte[] utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        return Read(stream, version, document.RootElement);
    }

    private void Write(Utf8JsonWriter writer, object one)
    {
        var type = one.GetType();
        writer.WriteStartObject();
        writer.WriteString(TypeTag, types.AliasOf(type));
        writer.WritePropertyName(ValueTag);
        JsonSerializer.Serialize(writer, one, type, Options);
        writer.WriteEndObject();
    }

    private object Read(string stream, long version, JsonElement element)
    {
        var alias = element.GetProperty(TypeTag).GetString()!;
        if (!types.TryFind(alias, out var type))
        {
            throw new UnknownEventException(stream, version, alias);
        }

        return element.GetProperty(ValueTag).Deserialize(type, Options)
            ?? throw new StoreDamagedException($"Stream {stream}, version {version}: '{alias}' is null.");
    }
}
