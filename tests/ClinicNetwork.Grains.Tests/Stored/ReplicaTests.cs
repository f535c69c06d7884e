using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Codec;
using CsCheck;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>The whole patient as sites get it.</summary>
public sealed class ReplicaTests
{
    /// <summary>
    /// Of all shapes within a patient's state, of <see cref="ReplicaCodec.Format"/>. When this differs: raise the format if a release has sent it in this one, then put the hash here.
    /// </summary>
    private const string ShapesOfFormat1 = "d47baa23583dcce2904fa36c6e3104207e07bcba2511f728a1af04367b988685";

    private static readonly PatientState Someone = PatientState.Empty with { Id = new("p-1"), HomeClinic = new("harbour"), Sex = Sex.Female };

    [Fact]
    public void Every_state_survives() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            var state = (PatientState)new RecordSampler(seed).Make(typeof(PatientState));
            Assert.Equal(Structure.Describe(state), Structure.Describe(ReplicaCodec.Decode(ReplicaCodec.Format, ReplicaCodec.Encode(state)!)));
        },
        iter: 50);

    [Fact]
    public void The_shapes_of_a_patients_state_are_those_of_the_format()
    {
        var shapes = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Within(typeof(PatientState)).Select(StoredTypes.ShapeOf)))));
        Assert.True((ReplicaCodec.Format, shapes) == (1, ShapesOfFormat1), $"the shapes are {shapes} now");
    }

    [Fact]
    public void What_is_no_replica_of_this_format_is_refused_without_a_word_of_it()
    {
        var replica = ReplicaCodec.Encode(Someone with { GivenName = "Unmistakable" })!;
        Assert.Throws<NotSupportedException>(() => ReplicaCodec.Decode(ReplicaCodec.Format + 1, replica));
        byte[][] wrong =
        [
            [], [1], replica[..^1], [2, .. replica[1..]], [.. replica[..5], .. replica[6..]], Packed("null"u8), Packed("[\"Unmistakable\"]"u8),
            Packed("{\"GivenName\":\"Unmistakable\",\"Unknown\":1}"u8),
        ];
        Assert.All(wrong, bytes => Assert.DoesNotContain("Unmistakable", Assert.Throws<InvalidDataException>(() => ReplicaCodec.Decode(ReplicaCodec.Format, bytes)).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void No_more_than_the_bound_is_unpacked_whatever_a_replica_says()
    {
        var bomb = Packed(new byte[ReplicaCodec.StateBytesMax + 1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => ReplicaCodec.Decode(ReplicaCodec.Format, bomb));
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(1), int.MaxValue);
        Assert.Throws<InvalidDataException>(() => ReplicaCodec.Decode(ReplicaCodec.Format, bomb));
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(1), 10);
        Assert.Throws<InvalidDataException>(() => ReplicaCodec.Decode(ReplicaCodec.Format, bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_state_that_is_too_large_is_not_sent()
    {
        var random = new Random(7);
        var text = new string([.. Enumerable.Range(0, ReplicaCodec.ReplicaBytesMax).Select(_ => (char)random.Next(33, 127))]);
        Assert.Null(ReplicaCodec.Encode(Someone with { GivenName = text + text }));
        Assert.Null(ReplicaCodec.Encode(Someone with { GivenName = new string('x', ReplicaCodec.StateBytesMax) }));
    }

    private static byte[] Packed(ReadOnlySpan<byte> json)
    {
        var packed = new byte[5 + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        packed[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), json.Length);
        Assert.True(BrotliEncoder.TryCompress(json, packed.AsSpan(5), out var written));
        return packed[..(5 + written)];
    }

    private static IEnumerable<Type> Within(Type state)
    {
        var (found, next) = (new HashSet<Type>(), new Queue<Type>([state]));
        while (next.TryDequeue(out var type))
        {
            var inner = Nullable.GetUnderlyingType(type) ?? (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : type);
            foreach (var kind in StoredTypes.All.Where(t => t == inner || (inner.IsAbstract && inner.IsAssignableFrom(t))).Where(found.Add))
            {
                (kind.IsEnum ? [] : Structure.MembersOf(kind)).ToList().ForEach(m => next.Enqueue(m.PropertyType));
            }
        }

        return found.OrderBy(StoredTypes.AliasOf, StringComparer.Ordinal);
    }
}
