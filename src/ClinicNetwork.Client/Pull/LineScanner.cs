namespace ClinicNetwork.Client.Pull;

/// <summary>Lines of a file, one at a time; a last one without its line end is none.</summary>
internal sealed class LineScanner(Stream stream)
{
    /// <summary>A row is some hundred bytes.</summary>
    private const int LineBytesMax = 1024 * 1024;

    private byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;

    /// <summary>Bytes of the lines given so far, line ends included.</summary>
    internal long Whole { get; private set; }

    internal bool Next(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = buffer.AsSpan(from, to - from).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = buffer.AsSpan(from, length);
                from += length + 1;
                Whole += length + 1;
                return true;
            }
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        buffer.AsSpan(from, to - from).CopyTo(buffer);
        (from, to) = (0, to - from);
        if (to == buffer.Length)
        {
            if (to >= LineBytesMax)
                return false;
            Array.Resize(ref buffer, to * 2);
        }
        var read = stream.Read(buffer, to, buffer.Length - to);
        to += read;
        return read > 0;
    }
}
