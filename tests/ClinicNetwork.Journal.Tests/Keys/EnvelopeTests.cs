using ClinicNetwork.Journal.Keys;
using CsCheck;

namespace ClinicNetwork.Journal.Tests.Keys;

/// <summary>An envelope opens at its place, under its key, unaltered; nowhere else.</summary>
public sealed class EnvelopeTests
{
    private static readonly StreamKey Key = StreamKey.Create("pt-a");
    private static readonly Place Here = new("pt-a", 7, "events");

    [Fact]
    public void Any_payload_comes_back() =>
        Gen.Byte.Array[0, 2_000].Sample(plain => Envelope.Open(Key, Here, Envelope.Seal(Key, Here, plain)).AsSpan().SequenceEqual(plain));

    [Fact]
    public void It_opens_at_no_other_place()
    {
        var envelope = Envelope.Seal(Key, Here, "payload"u8);
        foreach (var other in (Place[])[Here with { Stream = "pt-b" }, Here with { Version = 8 }, Here with { Kind = "answer" }, new("pt-", 0, "a7events")])
        {
            Assert.Throws<StoreDamagedException>(() => Envelope.Open(Key, other, envelope));
        }
    }

    [Fact]
    public void It_opens_under_no_other_key()
    {
        var envelope = Envelope.Seal(Key, Here, "payload"u8);
        Assert.False(Envelope.TryOpen(StreamKey.Create("pt-a"), Here, envelope, out _));
        Assert.False(Envelope.TryOpen(new StreamKey("pt-a", Key.KeyId, new byte[32]), Here, envelope, out _));
    }

    [Fact]
    public void Any_flipped_bit_and_any_cut_is_found()
    {
        var envelope = Envelope.Seal(Key, Here, "payload"u8);
        for (var bit = 0; bit < envelope.Length * 8; bit++)
        {
            var altered = envelope.ToArray();
            altered[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(Envelope.TryOpen(Key, Here, altered, out _));
        }

        for (var length = 0; length < envelope.Length; length++)
        {
            Assert.False(Envelope.TryOpen(Key, Here, envelope[..length], out _));
        }
    }

    [Fact]
    public void The_same_payload_never_looks_the_same_twice() =>
        Assert.NotEqual(Envelope.Seal(Key, Here, "payload"u8), Envelope.Seal(Key, Here, "payload"u8));

    [Fact]
    public void A_wrapped_key_unwraps_for_its_stream_and_store_only()
    {
        var wrap = new KeyWrap(new MasterKey(new byte[32]));
        var wrapped = wrap.Wrap(Key);
        Assert.Equal(Key.DataKey, wrap.Unwrap("pt-a", Key.KeyId, wrapped).DataKey);
        Assert.Throws<StoreDamagedException>(() => wrap.Unwrap("pt-b", Key.KeyId, wrapped));
        Assert.Throws<StoreDamagedException>(() => wrap.Unwrap("pt-a", new byte[16], wrapped));
        Assert.Throws<StoreDamagedException>(() => new KeyWrap(new MasterKey([.. Enumerable.Repeat((byte)1, 32)])).Unwrap("pt-a", Key.KeyId, wrapped));
    }

    [Fact]
    public void A_holders_wrap_opens_for_its_stream_data_key_and_holder_only()
    {
        var holder = HolderKey.Create("clinics/north");
        var wrapped = holder.Wrap(Key).Wrapped;
        Assert.True(holder.TryUnwrap("pt-a", Key.KeyId, wrapped, out var key));
        Assert.Equal(Key.DataKey, key.DataKey);
        Assert.False(holder.TryUnwrap("pt-b", Key.KeyId, wrapped, out _));
        Assert.False(holder.TryUnwrap("pt-a", new byte[16], wrapped, out _));
        Assert.False(new HolderKey("clinics/south", holder.KeyId, holder.Key).TryUnwrap("pt-a", Key.KeyId, wrapped, out _));
        Assert.False(new HolderKey(holder.Holder, new byte[16], holder.Key).TryUnwrap("pt-a", Key.KeyId, wrapped, out _));

        var keks = new KeyEncryptionKeys("none", new MasterKey(new byte[32]));
        var row = keks.Wrap(holder, 1);
        Assert.Equal(holder.Key, keks.Unwrap(row).Key);
        Assert.Throws<StoreDamagedException>(() => keks.Unwrap(row with { Holder = "clinics/south" }));
        Assert.Throws<StoreDamagedException>(() => keks.Unwrap(row with { KeyId = new byte[16] }));
        Assert.Throws<StoreDamagedException>(() => new KeyEncryptionKeys("none", new MasterKey([.. Enumerable.Repeat((byte)1, 32)])).Unwrap(row));
    }

    [Fact]
    public void Payload_hashes_of_two_streams_differ_for_the_same_payload() =>
        Assert.NotEqual(Key.HashPayload([1]), StreamKey.Create("pt-b").HashPayload([1]));

    [Fact]
    public void Blind_indexes_tell_fields_and_clinics_apart_and_ignore_the_case_of_names()
    {
        var index = new BlindIndex(new MasterKey(new byte[32]));
        Assert.Equal(index.Name("given-name", " Anna"), index.Name("given-name", "ANNA"));
        Assert.NotEqual(index.Name("given-name", "Anna"), index.Name("family-name", "Anna"));
        Assert.NotEqual(index.RecordNumber("cl-n", "7"), index.RecordNumber("cl-s", "7"));
        Assert.NotEqual(index.RecordNumber("cl-n", "a7"), index.RecordNumber("cl-n", "A7"));
    }

    [Fact]
    public void The_cache_is_bounded_and_keeps_what_is_in_use()
    {
        var cache = new KeyCache(generationMax: 10);
        cache.Add(Key);
        for (var i = 0; i < 1_000; i++)
        {
            cache.Add(StreamKey.Create($"pt-{i}"));
            Assert.True(cache.TryGet("pt-a", out _));
        }

        Assert.InRange(Enumerable.Range(0, 1_000).Count(i => cache.TryGet($"pt-{i}", out _)), 1, 20);
    }
}
