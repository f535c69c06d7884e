using System.Buffers;

namespace ClinicNetwork.Verification;

internal enum LineKind
{
    /// <summary>A whole line, without its LF.</summary>
    Line,

    /// <summary>Longer than <see cref="Limits.LineBytesMax"/>; skipped.</summary>
    TooLong,

    /// <summary>The file ends without a line end.</summary>
    Unterminated,

    /// <summary>No more lines.</summary>
    End,
}

/// <summary>Streams the LF-ended lines of a file through one pooled buffer; a span it returns holds until the next call.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;
    private bool _skipping;

    public LineKind Next(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var unread = _buffer.AsSpan(_start, _end - _start);
            var length = unread.IndexOf((byte)'\n');
            if (length >= 0)
            {
                _start += length + 1;
                line = unread[..length];
                if (!_skipping && length <= Limits.LineBytesMax) return LineKind.Line;
                line = default;
                _skipping = false;
                return LineKind.TooLong;
            }

            if (unread.Length > Limits.LineBytesMax)
            {
                _skipping = true;
                _start = _end;
            }

            if (Fill()) continue;
            line = default;
            return AtEnd();
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
    }

    private LineKind AtEnd()
    {
        var partial = _skipping || _end > _start;
        _skipping = false;
        _start = _end;
        return partial ? LineKind.Unterminated : LineKind.End;
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
