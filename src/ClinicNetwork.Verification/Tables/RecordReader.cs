using System.Buffers;

namespace ClinicNetwork.Verification.Tables;

/// <summary>Records of a file with delimiters (RFC 4180, a line feed or a carriage return alone end a record too; UTF-8, a byte-order mark is skipped), one at a time. Memory: the longest record.</summary>
internal sealed class RecordReader
{
    /// <summary>Longest record, bytes.</summary>
    public const int RecordBytesMax = 1 << 20;

    /// <summary>Most values of a record.</summary>
    public const int FieldsMax = 4_096;

    /// <summary>To begin with; as long as the longest record later.</summary>
    private const int BufferBytes = 1 << 16;

    private const byte Quote = (byte)'"';

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly SearchValues<byte> _ends;
    private readonly (int Start, int Length, bool Doubled)[] _fields = new (int, int, bool)[FieldsMax];
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _ended;

    /// <param name="firstRow">Number of the first record.</param>
    public RecordReader(Stream stream, char delimiter, int firstRow)
    {
        if (delimiter is '"' or '\r' or '\n' or '\0' or > '\x7e')
        {
            throw new ArgumentException("Give one ASCII character that is no quote and no line end.", nameof(delimiter));
        }

        (_stream, _delimiter, Row) = (stream, (byte)delimiter, firstRow - 1);
        _ends = SearchValues.Create([_delimiter, (byte)'\n', (byte)'\r', Quote]);
        Fill();
        if (_buffer.AsSpan(0, _end) is [0xEF, 0xBB, 0xBF, ..])
        {
            _start = 3;
        }
    }

    /// <summary>Number of the current record.</summary>
    public long Row { get; private set; }

    public int Fields { get; private set; }

    public ReadOnlySpan<byte> this[int field] => _buffer.AsSpan(_fields[field].Start, _fields[field].Length);

    /// <summary>Reads the next record; false at the end.</summary>
    /// <exception cref="TableFormatException">It is none.</exception>
    public bool Next()
    {
        Row++;
        while (!TryParse())
        {
            if (_ended)
            {
                return false;
            }

            Fill();
        }

        return true;
    }

    public TableFormatException Refuse(int? column, string rule, string? name = null) => new(Row, column, name, rule);

    /// <summary>Fills the buffer, which begins with the record that was not whole.</summary>
    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end > RecordBytesMax)
        {
            throw TooLong();
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _end);
        }

        while (!_ended && _end < _buffer.Length)
        {
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            (_end, _ended) = (_end + read, read == 0);
        }
    }

    /// <summary>False: the buffer ends before the record does.</summary>
    private bool TryParse()
    {
        if (_start == _end)
        {
            return false;
        }

        var data = _buffer.AsSpan(0, _end);
        var at = _start;
        for (Fields = 0; ;)
        {
            if (Fields == FieldsMax)
            {
                throw Refuse(null, $"has more than {FieldsMax} values.");
            }

            var ended = at < _end && data[at] == Quote ? TryQuoted(data, ref at) : TryPlain(data, ref at);
            if (!ended)
            {
                return false;
            }

            if (at == _end)
            {
                return Take(at);
            }

            if (data[at] == _delimiter)
            {
                at++;
                continue;
            }

            if (data[at] == '\n')
            {
                return Take(at + 1);
            }

            if (data[at] != '\r')
            {
                throw Refuse(Fields, "text follows a closing quote; double each quote inside a quoted value.");
            }

            if (at + 1 == _end)
            {
                return _ended && Take(at + 1);
            }

            return Take(at + (data[at + 1] == '\n' ? 2 : 1));
        }
    }

    /// <summary>Moves to what ends the value; false: it is not in the buffer.</summary>
    private bool TryPlain(ReadOnlySpan<byte> data, ref int at)
    {
        var length = data[at..].IndexOfAny(_ends);
        if (length < 0)
        {
            if (!_ended)
            {
                return false;
            }

            length = _end - at;
        }

        _fields[Fields++] = (at, length, false);
        at += length;
        return at == _end || data[at] != Quote ? true : throw Refuse(Fields, "a quote inside an unquoted value; quote the value and double the quote.");
    }

    private bool TryQuoted(ReadOnlySpan<byte> data, ref int at)
    {
        var (from, doubled) = (at + 1, false);
        for (var next = from; ; next++)
        {
            var quote = data[next..].IndexOf(Quote);
            if (quote < 0)
            {
                return !_ended ? false : throw Refuse(Fields + 1, "a quote is not closed; close it, or double it inside a quoted value.");
            }

            next += quote + 1;
            if (next == _end && !_ended)
            {
                return false;
            }

            if (next == _end || data[next] != Quote)
            {
                _fields[Fields++] = (from, next - 1 - from, doubled);
                at = next;
                return true;
            }

            doubled = true;
        }
    }

    private bool Take(int next)
    {
        if (next - _start > RecordBytesMax)
        {
            throw TooLong();
        }

        _start = next;
        for (var field = 0; field < Fields; field++)
        {
            if (_fields[field].Doubled)
            {
                Undouble(ref _fields[field]);
            }
        }

        return true;
    }

    private void Undouble(ref (int Start, int Length, bool Doubled) field)
    {
        var value = _buffer.AsSpan(field.Start, field.Length);
        var to = 0;
        for (var from = 0; from < value.Length; from++)
        {
            value[to++] = value[from];
            from += value[from] == Quote ? 1 : 0;
        }

        field = (field.Start, to, false);
    }

    private TableFormatException TooLong() => Refuse(null, $"is longer than {RecordBytesMax} bytes; shorten it, or close its quote.");
}
