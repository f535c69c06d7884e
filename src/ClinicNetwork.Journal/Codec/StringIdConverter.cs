using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClinicNetwork.Journal.Codec;

/// <summary>Ids (<c>readonly record struct X(string Value)</c>) are plain strings, as values and as dictionary keys.</summary>
internal sealed class StringIdConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsValueType
        && typeToConvert.GetProperty("Value")?.PropertyType == typeof(string)
        && ConstructorOf(typeToConvert) is not null
        && typeToConvert.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length == 1;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(StringIdConverter<>).MakeGenericType(typeToConvert))!;

    internal static ConstructorInfo? ConstructorOf(Type type) => type.GetConstructor([typeof(string)]);
}

/// <inheritdoc cref="StringIdConverterFactory"/>
internal sealed class StringIdConverter<TId> : JsonConverter<TId>
    where TId : struct
{
    private static readonly ConstructorInfo Constructor = StringIdConverterFactory.ConstructorOf(typeof(TId))!;
    private static readonly PropertyInfo Value = typeof(TId).GetProperty("Value")!;

    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Make(reader.GetString() ?? throw new JsonException($"A {typeof(TId).Name} is never null."));

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(TextOf(value));

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Make(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WritePropertyName(TextOf(value));

    private static TId Make(string text) => (TId)Constructor.Invoke([text]);

    /// <summary>A default id holds null: a bug in the caller, found here rather than stored.</summary>
    private static string TextOf(TId value) =>
        (string?)Value.GetValue(value) ?? throw new JsonException($"A default {typeof(TId).Name} cannot be stored.");
}
