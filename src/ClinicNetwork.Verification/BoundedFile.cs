namespace ClinicNetwork.Verification;

/// <summary>Opens and reads files whose size, presence and rights are not trusted.</summary>
internal static class BoundedFile
{
    private static readonly FileStreamOptions Streaming = new()
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    };

    /// <summary>Opens a file for one pass from its start.</summary>
    /// <exception cref="Exception">One that <see cref="IsFault"/> recognises.</exception>
    public static FileStream Open(string path) => new(path, Streaming);

    /// <summary>The whole file, or null and why not.</summary>
    public static byte[]? Read(string path, int bytesMax, out string fault)
    {
        fault = "";
        try
        {
            using var stream = Open(path);
            var length = stream.Length;
            if (length > bytesMax)
            {
                fault = $"the file has more than {bytesMax} bytes";
                return null;
            }

            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (IsFault(exception))
        {
            fault = FaultOf(exception);
            return null;
        }
    }

    /// <summary>The file system refused: missing, no right, a folder in its place, cut off while reading.</summary>
    public static bool IsFault(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;

    public static string FaultOf(Exception exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException
            ? "the file is missing: pull the release again"
            : "the file cannot be read";
}
