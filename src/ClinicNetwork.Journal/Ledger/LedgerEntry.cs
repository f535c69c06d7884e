using System.Text;

namespace ClinicNetwork.Journal.Ledger;

/// <summary>What was disclosed or taken back, as it stands in the disclosure ledger: enough to stop a restored store from disclosing otherwise.</summary>
public abstract record LedgerEntry
{
    private LedgerEntry()
    {
    }

    /// <summary>Somebody takes something back; written before the store has it.</summary>
    /// <param name="Person">The person's stream.</param>
    /// <param name="RequestId">Of the command: a store that has it needs nothing done.</param>
    /// <param name="Permitted">What is permitted from then on, as <see cref="Domain.Patients.ReleasePermission"/>'s bits.</param>
    /// <param name="Until">End of its period; the greatest time: none.</param>
    public sealed record Withdrawal(string Person, string RequestId, int Permitted, DateTimeOffset Until, DateTimeOffset At) : LedgerEntry
    {
        /// <summary>Without the person.</summary>
        public override string ToString() => nameof(Withdrawal);
    }

    /// <summary>A publication is about to be committed; several of one number when it was stopped in between.</summary>
    /// <param name="Cells">Formed with it.</param>
    /// <param name="Rows">All that its batches hold.</param>
    public sealed record Publication(
        int Number, DateTimeOffset At, IReadOnlyList<LedgerCell> Cells, IReadOnlyList<LedgerRow> Rows, IReadOnlyList<LedgerBatch> Batches) : LedgerEntry
    {
        /// <summary>Without the persons.</summary>
        public override string ToString() => nameof(Publication);
    }

    /// <summary>The publication of this number was committed.</summary>
    public sealed record Committed(int Number, DateTimeOffset At) : LedgerEntry;

    internal byte[] Encode()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            Write(writer);
        }

        return stream.ToArray();
    }

    internal static LedgerEntry Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadByte() switch
        {
            1 => new Withdrawal(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), ReadUntil(reader.ReadInt64()), StoredTime.FromStored(reader.ReadInt64())),
            2 => new Publication(
                reader.ReadInt32(),
                StoredTime.FromStored(reader.ReadInt64()),
                List(reader, () => new LedgerCell(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), List(reader, reader.ReadString), List(reader, reader.ReadString))),
                List(reader, () => new LedgerRow(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadInt32())),
                List(reader, () => new LedgerBatch(
                    reader.ReadString(),
                    reader.ReadInt32(),
                    Bytes(reader),
                    Bytes(reader),
                    Bytes(reader),
                    List(reader, () => new LedgerBatchRow(reader.ReadInt32(), reader.ReadInt32(), reader.ReadBytes(LeafBytes))),
                    List(reader, () => (reader.ReadInt32(), reader.ReadInt64()))))),
            3 => new Committed(reader.ReadInt32(), StoredTime.FromStored(reader.ReadInt64())),
            var kind => throw new InvalidDataException($"An entry of kind {kind} is of a later version."),
        };
    }

    private const int LeafBytes = 32;

    /// <summary>As the end of a consent is stored.</summary>
    internal static long StoredUntil(DateTimeOffset until) => until == DateTimeOffset.MaxValue ? long.MaxValue : StoredTime.ToStored(until);

    private static DateTimeOffset ReadUntil(long until) => until == long.MaxValue ? DateTimeOffset.MaxValue : StoredTime.FromStored(until);

    private void Write(BinaryWriter writer)
    {
        switch (this)
        {
            case Withdrawal entry:
                writer.Write((byte)1);
                writer.Write(entry.Person);
                writer.Write(entry.RequestId);
                writer.Write(entry.Permitted);
                writer.Write(StoredUntil(entry.Until));
                writer.Write(StoredTime.ToStored(entry.At));
                break;
            case Publication entry:
                writer.Write((byte)2);
                writer.Write(entry.Number);
                writer.Write(StoredTime.ToStored(entry.At));
                WriteAll(writer, entry.Cells, cell =>
                {
                    writer.Write(cell.Cell);
                    writer.Write(cell.Quarter);
                    writer.Write(cell.Recipients);
                    WriteAll(writer, cell.Region, writer.Write);
                    WriteAll(writer, cell.Members, writer.Write);
                });
                WriteAll(writer, entry.Rows, row =>
                {
                    writer.Write(row.Person);
                    writer.Write(row.Cell);
                    writer.Write(row.Milestone);
                    writer.Write(row.Publication);
                });
                WriteAll(writer, entry.Batches, batch =>
                {
                    writer.Write(batch.Recipient);
                    writer.Write(batch.Number);
                    WriteBytes(writer, batch.Root);
                    WriteBytes(writer, batch.Manifest);
                    WriteBytes(writer, batch.Signature);
                    WriteAll(writer, batch.Rows, row =>
                    {
                        writer.Write(row.Of);
                        writer.Write(row.Epoch);
                        writer.Write(row.Leaf);
                    });
                    WriteAll(writer, batch.Tombstones, row =>
                    {
                        writer.Write(row.Batch);
                        writer.Write(row.Row);
                    });
                });
                break;
            case Committed entry:
                writer.Write((byte)3);
                writer.Write(entry.Number);
                writer.Write(StoredTime.ToStored(entry.At));
                break;
            default:
                throw new NotSupportedException(GetType().Name);
        }
    }

    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] Bytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static List<T> List<T>(BinaryReader reader, Func<T> read)
    {
        var count = reader.ReadInt32();
        var items = new List<T>(Math.Min(count, 1 << 16));
        for (var i = 0; i < count; i++)
        {
            items.Add(read());
        }

        return items;
    }
}

/// <param name="Recipients">The set that all its members permitted when it was formed.</param>
public sealed record LedgerCell(string Cell, string Quarter, int Recipients, IReadOnlyList<string> Region, IReadOnlyList<string> Members);

/// <param name="Publication">That released it: this one, or an earlier one when a recipient is given it late.</param>
public sealed record LedgerRow(string Person, string Cell, string Milestone, int Publication);

/// <param name="Rows">In order.</param>
/// <param name="Tombstones">Batch and row of what its manifest tells to be withdrawn or corrected.</param>
public sealed record LedgerBatch(
    string Recipient, int Number, byte[] Root, byte[] Manifest, byte[] Signature, IReadOnlyList<LedgerBatchRow> Rows, IReadOnlyList<(int Batch, long Row)> Tombstones);

/// <param name="Of">Place in the entry's rows.</param>
/// <param name="Leaf">32 bytes.</param>
public readonly record struct LedgerBatchRow(int Of, int Epoch, byte[] Leaf);
