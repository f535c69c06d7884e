using System.Text.Json;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal.Codec;

/// <summary>A whole patient as sites get it, to judge by the network's own code while they are cut off: the state in the form of snapshots, compressed.</summary>
public static class ReplicaCodec
{
    /// <summary>
    /// Of what <see cref="Encode"/> writes. It rises with each release in which a record within <see cref="PatientState"/> got, lost or renamed a member or a value, or one of them means
    /// something else: sites read strictly, and judge nothing by what they do not know whole.
    /// </summary>
    public const int Format = 1;

    /// <summary>A state of more bytes is not sent; decades of sessions take less.</summary>
    public const int StateBytesMax = 16 * 1024 * 1024;

    /// <summary>What leaves has at most so many bytes, so that a page with it stays below the 4 MiB that clients take by default.</summary>
    public const int ReplicaBytesMax = 2 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = JsonShape.Create(new DomainTypes());

    /// <summary>Null when it is larger than <see cref="StateBytesMax"/> or <see cref="ReplicaBytesMax"/>.</summary>
    public static byte[]? Encode(PatientState state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, Options) is { Length: <= StateBytesMax } utf8Json && CompressedJson.Compress(utf8Json) is { Length: <= ReplicaBytesMax } replica
            ? replica.ToArray()
            : null;

    /// <summary>The state that was encoded; never more than <see cref="StateBytesMax"/> is unpacked.</summary>
    /// <param name="format">As it was sent with the bytes.</param>
    /// <exception cref="NotSupportedException">Of another format: this site is to be updated.</exception>
    /// <exception cref="InvalidDataException">Not a state of this format.</exception>
    public static PatientState Decode(int format, ReadOnlySpan<byte> replica)
    {
        if (format != Format)
        {
            throw new NotSupportedException($"A replica of format {format}; this site reads {Format} and is to be updated.");
        }

        try
        {
            return CompressedJson.Decompress(replica, StateBytesMax) is { } utf8Json && JsonSerializer.Deserialize<PatientState>(utf8Json, Options) is { } state
                ? state
                : throw new InvalidDataException("These bytes are no replica.");
        }
        catch (JsonException)
        {
            // Without the cause: its message quotes what was sent.
            throw new InvalidDataException("These bytes are no replica of this format.");
        }
    }
}
