using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace ClinicNetwork.Client.Pull;

/// <summary>
/// Every row of a folder that may be used now: delivered ones that are neither withdrawn nor corrected, each with its batch and number, by the
/// pseudonyms of the last re-key list. Columns are those of all batches, in the order of the last.
/// </summary>
internal sealed class CurrentRows(ReleaseFolder folder, int batches)
{
    private const string PseudonymColumn = "pseudonym";
    private const int SpillBytes = 48 * 1024;

    private readonly ArrayBufferWriter<byte> text = new(64 * 1024);

    /// <returns>Rows written.</returns>
    internal long Write(CurrentFormat format, Stream to, CancellationToken cancellationToken)
    {
        var columns = Enumerable.Range(1, batches).Select(number => folder.ManifestOf(number)!.Columns).ToList();
        string[] all = [.. columns.AsEnumerable().Reverse().SelectMany(c => c).Distinct(StringComparer.Ordinal)];
        var (rekeyed, rows) = (ReadRekeys(), 0L);
        if (format == CurrentFormat.Csv)
            WriteHeader(all);
        for (var number = 1; number <= batches; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var writer = new RowWriter(this, number, format, columns[number - 1], all, rekeyed);
            rows += WriteBatch(number, writer, to);
        }
        to.Write(text.WrittenSpan);
        return rows;
    }

    private long WriteBatch(int number, RowWriter writer, Stream to)
    {
        using var file = folder.OpenRows(number);
        var (scanner, row, at, written) = (new LineScanner(file), new RowLine(), 0L, 0L);
        for (; scanner.Next(out var line); at++)
        {
            if (!row.TryRead(line, at))
                throw Changed(number, at);
            if (row.Withdrawn)
                continue;
            writer.Write(at, row.Values);
            written++;
            if (text.WrittenCount < SpillBytes)
                continue;
            to.Write(text.WrittenSpan);
            text.ResetWrittenCount();
        }
        return written;
    }

    private void WriteHeader(string[] all)
    {
        text.Write("batch,row"u8);
        foreach (var column in all)
        {
            text.Write(","u8);
            Encoding.UTF8.GetBytes(column, text);
        }
        text.Write("\r\n"u8);
    }

    /// <summary>Each pseudonym that was replaced, with the one that counts now.</summary>
    private Dictionary<string, byte[]> ReadRekeys()
    {
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var number = folder.Rekeys(); number > 0; number--)
        {
            using var list = JsonDocument.Parse(folder.RekeyOf(number));
            foreach (var pair in list.RootElement.GetProperty("pairs").EnumerateArray())
            {
                var next = pair[1].GetString()!;
                now[pair[0].GetString()!] = now.GetValueOrDefault(next, next);
            }
        }
        return now.ToDictionary(pair => pair.Key, pair => Encoding.ASCII.GetBytes(pair.Value), StringComparer.Ordinal);
    }

    private static ClinicNetworkException Changed(int batch, long row) => new(
        StatusCode.DataLoss, Reasons.ReleaseReplaced, $"row {row} of batch {batch} in the folder was changed; pull into an empty folder");

    /// <summary>Writes rows of one batch, whose columns may be fewer than all.</summary>
    private sealed class RowWriter(
        CurrentRows owner, int batch, CurrentFormat format, IReadOnlyList<string> columns, string[] all, Dictionary<string, byte[]> rekeyed)
    {
        private readonly ArrayBufferWriter<byte> text = owner.text;
        private readonly int pseudonymAt = columns.ToList().IndexOf(PseudonymColumn);

        /// <summary>For each column of all, which of this batch's it is; -1: it has none.</summary>
        private readonly int[] places = [.. all.Select(column => columns.ToList().IndexOf(column))];

        private readonly byte[][] members = [.. all.Select(column => Encoding.UTF8.GetBytes($",\"{column}\":\""))];

        private readonly Range[] values = new Range[columns.Count + 1];

        internal void Write(long row, ReadOnlySpan<byte> joined)
        {
            if (Split(joined) != columns.Count)
                throw Changed(batch, row);
            text.Write(format == CurrentFormat.Csv ? default : "{\"batch\":"u8);
            Whole(batch);
            text.Write(format == CurrentFormat.Csv ? ","u8 : ",\"row\":"u8);
            Whole(row);
            for (var i = 0; i < all.Length; i++)
                WriteValue(i, places[i] < 0 ? default : Now(places[i], joined[values[places[i]]]), row);
            text.Write(format == CurrentFormat.Csv ? "\r\n"u8 : "}\n"u8);
        }

        private void WriteValue(int column, ReadOnlySpan<byte> value, long row)
        {
            if (format == CurrentFormat.Csv)
            {
                text.Write(","u8);
                Csv(value, row);
            }
            else if (places[column] >= 0)
            {
                text.Write(members[column]);
                Escaped(value, "\"\\"u8, (byte)'\\');
                text.Write("\""u8);
            }
        }

        private ReadOnlySpan<byte> Now(int place, ReadOnlySpan<byte> value) =>
            place == pseudonymAt && rekeyed.Count > 0 && rekeyed.TryGetValue(Encoding.UTF8.GetString(value), out var next) ? next : value;

        /// <summary>No value of the format begins as a spreadsheet's formula does; one that did is refused, because changing it would falsify it.</summary>
        private void Csv(ReadOnlySpan<byte> value, long row)
        {
            if (value.Length > 0 && value[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@')
                throw new ClinicNetworkException(StatusCode.DataLoss, Reasons.FormulaValue,
                    $"a value of row {row} of batch {batch} would be a formula in a spreadsheet; tell the network's operator, and use --format ndjson");
            if (value.IndexOfAny(",\"\r\n"u8) < 0)
            {
                text.Write(value);
                return;
            }
            text.Write("\""u8);
            Escaped(value, "\""u8, (byte)'"');
            text.Write("\""u8);
        }

        private void Escaped(ReadOnlySpan<byte> value, ReadOnlySpan<byte> special, byte by)
        {
            while (value.IndexOfAny(special) is >= 0 and var at)
            {
                text.Write(value[..at]);
                text.Write([by, value[at]]);
                value = value[(at + 1)..];
            }
            text.Write(value);
        }

        private void Whole(long number)
        {
            Utf8Formatter.TryFormat(number, text.GetSpan(20), out var written);
            text.Advance(written);
        }

        private int Split(ReadOnlySpan<byte> joined)
        {
            var count = 0;
            foreach (var value in joined.Split((byte)'\t'))
            {
                if (count == values.Length)
                    return -1;
                values[count++] = value;
            }
            return count;
        }
    }
}
