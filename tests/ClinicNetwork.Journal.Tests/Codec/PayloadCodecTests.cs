using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Tests.Codec;

/// <summary>How events and answers are stored: by alias, whole, and strict.</summary>
public sealed class PayloadCodecTests
{
    private static readonly DomainTypes Types = new(typeof(Noted).Assembly);
    private static readonly PayloadCodec Codec = new(Types);

    private static string Encode(IEvent one) => Encoding.UTF8.GetString(Codec.EncodeEvents([one]));

    private static IEvent Decode(string json) => Assert.Single(Codec.DecodeEvents("pt-a", 3, Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void An_event_is_plain_json_under_its_alias()
    {
        var at = new DateTimeOffset(2025, 3, 1, 8, 30, 0, TimeSpan.Zero);
        var moved = new Moved(new ClinicId("north"), null, new DateOnly(2025, 3, 1), at, 0.50m, TestColour.Green, [new Noted("ü", [])]);
        Assert.Equal(
            """[{"type":"test-moved","value":{"From":"north","To":null,"Day":"2025-03-01","At":"2025-03-01T08:30:00+00:00","Dose":0.50,"Colour":"Green","Notes":[{"Text":"ü","Items":[]}]}}]""",
            Encode(moved));
    }

    [Fact]
    public void What_was_encoded_is_decoded()
    {
        var (from, to, at) = (new ClinicId("north"), new ClinicId("south"), DateTimeOffset.UnixEpoch.AddTicks(7));
        var moved = new Moved(from, to, new DateOnly(2025, 3, 1), at, 0.1m, TestColour.Red, [new Noted("a\"\n\u0001", [1, 2])]);
        var again = Assert.IsType<Moved>(Decode(Encode(moved)));
        Assert.Equal((moved.From, moved.To, moved.Day, moved.At, moved.Dose, moved.Colour), (again.From, again.To, again.Day, again.At, again.Dose, again.Colour));
        Assert.Equal("a\"\n\u0001", again.Notes[0].Text);
        Assert.Equal([1, 2], again.Notes[0].Items.AsEnumerable());
        Assert.Equal(Encode(moved), Encode(again));
    }

    [Fact]
    public void A_member_of_several_kinds_says_which_it_is() =>
        Assert.Equal(new Shaped(new Circle(1.5), new Square(2)), Decode(Encode(new Shaped(new Circle(1.5), new Square(2)))));

    [Fact]
    public void An_answer_is_decoded_as_its_own_type() =>
        Assert.Equal(new Receipt("yes"), Codec.DecodeAnswer("pt-a", 1, Codec.EncodeAnswer(new Receipt("yes"))));

    [Fact]
    public void An_unknown_alias_names_stream_version_and_alias()
    {
        var unknown = Assert.Throws<UnknownEventException>(() => Decode("""[{"type":"from-the-future","value":{}}]"""));
        Assert.Contains("pt-a", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("version 3", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("from-the-future", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"type":"test-noted","value":{"Text":"a"}}]""")]
    [InlineData("""[{"type":"test-noted","value":{"Text":null,"Items":[]}}]""")]
    [InlineData("""[{"type":"test-noted","value":{"Text":"a","Items":[],"More":1}}]""")]
    public void A_missing_null_or_unknown_member_is_an_error_and_no_silent_loss(string json) => Assert.Throws<JsonException>(() => Decode(json));

    [Fact]
    public void An_enum_is_never_a_number()
    {
        var json = Encode(new Moved(new ClinicId("n"), null, default, default, 0, TestColour.Red, []));
        Assert.Throws<JsonException>(() => Decode(json.Replace("\"Red\"", "0", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_default_id_is_not_stored() =>
        Assert.Throws<JsonException>(() => Encode(new Moved(default, null, default, default, 0, TestColour.Red, [])));

    [Fact]
    public void A_type_without_alias_is_not_stored() => Assert.Throws<ArgumentException>(() => Encode(new Nameless("a")));

    [Fact]
    public void Stored_values_of_what_is_not_an_event_are_damage() =>
        Assert.Throws<StoreDamagedException>(() => Decode("""[{"type":"test-receipt","value":{"Text":"a"}}]"""));

    /// <summary>A record that JSON cannot make again would be found only when a patient's stream is read; this finds it at build time.</summary>
    [Fact]
    public void Every_type_of_the_domain_with_an_alias_can_be_read()
    {
        Assert.All(DomainRecords(), type =>
        {
            try
            {
                JsonSerializer.Deserialize("{}", type, Codec.Options);
            }
            catch (JsonException)
            {
                // Members are missing, which is as it should be; a shape that cannot be read is another exception.
            }
        });
    }

    /// <summary>What has a field of its own is stored; only what is computed from others is left out.</summary>
    [Fact]
    public void Every_member_of_the_domain_that_holds_something_is_stored()
    {
        var lost = from type in DomainRecords()
                   let stored = Codec.Options.GetTypeInfo(type).Properties.Select(property => property.Name).ToHashSet()
                   from field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
                   let name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name
                   where !stored.Contains(name)
                   select $"{type.Name}.{name}";
        Assert.Empty(lost);
    }

    private static IEnumerable<Type> DomainRecords() =>
        typeof(IEvent).Assembly.GetTypes().Where(type =>
            type is { IsAbstract: false, IsEnum: false, IsGenericTypeDefinition: false }
            && type.GetCustomAttribute<AliasAttribute>() is not null
            && Codec.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object);

    [Fact]
    public void Two_types_with_one_alias_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => new DomainTypes(DoubledAlias.Assembly()));

    [Fact]
    public void A_state_record_keeps_its_collections_and_defaults()
    {
        var snapshots = new SnapshotCodec((_, _) => default, Codec.Options);
        var state = new State { Names = ["a"], Ids = ImmutableDictionary<ClinicId, int>.Empty.Add(new ClinicId("n"), 3) };
        var again = snapshots.Decode<State>(snapshots.Encode(state));
        Assert.Equal(["a"], again.Names.AsEnumerable());
        Assert.Equal(3, again.Ids[new ClinicId("n")]);
        Assert.Throws<JsonException>(() => snapshots.Decode<State>("""{"Gone":1}"""u8.ToArray()));
    }

    [Fact]
    public async Task A_sealed_state_is_small_and_opens_to_what_it_was()
    {
        var key = StreamKey.Create("pt-a");
        var snapshots = new SnapshotCodec((_, _) => ValueTask.FromResult<StreamKey?>(key), Codec.Options);
        var json = snapshots.Encode(new State { Names = [.. Enumerable.Range(0, 500).Select(i => $"assessment {i}, answered")] });
        var stored = await snapshots.SealAsync("pt-a", 7, json, default);
        Assert.InRange(stored.Length, 1, json.Length / 4);
        Assert.Equal(json, await snapshots.OpenAsync("pt-a", 7, stored, default));
        Assert.Null(await snapshots.OpenAsync("pt-a", 8, stored, default));
    }

    /// <summary>As 0.1.0 stored it, and forms that nothing ever stored.</summary>
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("\u0001", null)]
    [InlineData("\u0001\u0002\0\0\0{}", null)]
    public async Task A_state_that_was_not_compressed_opens_and_a_spoilt_one_does_not(string plain, string? opened)
    {
        var key = StreamKey.Create("pt-a");
        var snapshots = new SnapshotCodec((_, _) => ValueTask.FromResult<StreamKey?>(key), Codec.Options);
        var stored = Envelope.Seal(key, new Place("pt-a", 7, "snapshot"), System.Text.Encoding.UTF8.GetBytes(plain));
        var found = await snapshots.OpenAsync("pt-a", 7, stored, default);
        Assert.Equal(opened, found is null ? null : System.Text.Encoding.UTF8.GetString(found));
    }

    private sealed record State
    {
        public ImmutableArray<string> Names { get; init; } = [];

        public ImmutableDictionary<ClinicId, int> Ids { get; init; } = ImmutableDictionary<ClinicId, int>.Empty;

        public int Count => Names.Length;
    }
}
