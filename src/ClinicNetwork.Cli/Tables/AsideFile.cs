using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Tables;

/// <summary>A file that is written beside its place and put there when all of it is on the disk: whatever fails, the old one stays, or none.</summary>
internal sealed class AsideFile : IDisposable
{
    private readonly string path;
    private readonly string aside;
    private readonly FileStream content;

    /// <exception cref="InputException">The place is none for a file.</exception>
    internal AsideFile(string option, string path)
    {
        this.path = PlaceOf(path);
        var folder = Path.GetDirectoryName(this.path);
        if (!Directory.Exists(folder) || Directory.Exists(this.path) || folder == "/dev" || folder.StartsWith("/proc/", StringComparison.Ordinal))
            throw new InputException(option, $"{path} cannot be a file: its folder is missing, or it is a folder or a device; give another name");
        aside = Path.Combine(folder, $".{Path.GetFileName(this.path)}.{Path.GetRandomFileName()}.part");
        try
        {
            content = new LimitedFile(aside, path);
        }
        catch (UnauthorizedAccessException)
        {
            throw new InputException(option, $"{path} cannot be written: nobody gave the permission for its folder; ask for it, or give another name");
        }
        catch (IOException)
        {
            throw Full(path);
        }
    }

    /// <summary>Nothing that is read is written.</summary>
    /// <param name="read">Null: not given.</param>
    /// <exception cref="InputException">The place is one of them.</exception>
    internal static void RefuseToReplace(string option, string path, IEnumerable<string?> read)
    {
        if (read.OfType<string>().Any(file => PlaceOf(file) == PlaceOf(path)))
            throw new InputException(option, "is a file that is read; give another name");
    }

    internal Stream Content => content;

    /// <summary>Where a path leads, through links.</summary>
    internal static string PlaceOf(string path)
    {
        var whole = Path.GetFullPath(path);
        return new FileInfo(whole).LinkTarget is null ? whole : File.ResolveLinkTarget(whole, returnFinalTarget: true)!.FullName;
    }

    /// <summary>To the disk; nothing is written after it.</summary>
    internal void Finish()
    {
        content.Flush(flushToDisk: true);
        content.Dispose();
    }

    /// <summary>In the place of an old one; after <see cref="Finish"/>.</summary>
    /// <exception cref="InputException">The old one may not be replaced.</exception>
    internal void Place()
    {
        try
        {
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, "cannot be put in its place: a folder is there now, or the permission is missing; give another name");
        }
    }

    public void Dispose()
    {
        content.Dispose();
        File.Delete(aside);
    }

    private static InputException Full(string path) =>
        new(path, "cannot be written: the disk is full, or files may not be so large; make room, nothing was written");

    /// <summary>Says what is wrong in the user's words. Beyond the size that the system permits a file (EFBIG) .NET throws what looks like a bug of ours.</summary>
    private sealed class LimitedFile(string aside, string path) : FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)
    {
        public override void Write(byte[] buffer, int offset, int count) => Do(() => base.Write(buffer, offset, count));

        public override void Flush(bool flushToDisk) => Do(() => base.Flush(flushToDisk));

        private void Do(Action action)
        {
            try
            {
                action();
            }
            catch (Exception error) when (error is IOException or ArgumentOutOfRangeException)
            {
                throw Full(path);
            }
        }
    }
}
