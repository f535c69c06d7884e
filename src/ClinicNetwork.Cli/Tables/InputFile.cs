using ClinicNetwork.Cli.Input;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Cli.Tables;

/// <summary>A file that is read: opened, and parsed by the verifier, with every refusal naming the file.</summary>
internal static class InputFile
{
    /// <exception cref="InputException">It is none, or may not be read.</exception>
    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new InputException(path, "is a folder; give a file");
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file; give one that is there");
        }
        catch (UnauthorizedAccessException)
        {
            throw new InputException(path, "may not be read; ask for the permission, or give another file");
        }
    }

    /// <exception cref="InputException">The file is not what the verifier reads.</exception>
    internal static T Read<T>(string path, Func<Stream, T> read)
    {
        using var file = Open(path);
        try
        {
            return read(file);
        }
        catch (TableFormatException error)
        {
            throw new InputException(path, error.Message.TrimEnd('.'));
        }
    }

    /// <summary>The verifier's hierarchy of a column.</summary>
    internal static TableHierarchy Hierarchy(string folder, string column, char delimiter, CancellationToken cancellationToken) =>
        Read(HierarchyFiles.Require(folder, column), stream => TableHierarchy.Read(stream, column, delimiter, cancellationToken));
}
