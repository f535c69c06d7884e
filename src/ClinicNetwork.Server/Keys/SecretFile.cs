using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>A file with a private key in the key folder, mode 0600. Several processes may make it at once: one is first, and all get its content.</summary>
internal static class SecretFile
{
    /// <param name="import">Reads the text; what it throws says that the text is no key.</param>
    /// <exception cref="StoreRefusedException">One line that names the file and says what to do.</exception>
    public static T Read<T>(string path, Func<string, T> import)
    {
        try
        {
            return import(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoreRefusedException($"The key file {path} is missing; restore it from its backup, or let 'migrate' make it for a new network.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"The key file {path} cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or NotSupportedException)
        {
            throw new StoreRefusedException($"The key file {path} holds no private key of its kind; restore it from its backup.");
        }
    }

    /// <summary>Makes the file where there is none.</summary>
    public static void CreateMissing(string path, Func<string> text)
    {
        if (!File.Exists(path))
        {
            Write(path, text(), replace: false);
        }
    }

    /// <summary>Written aside under a name of its own, then put in place: a kill leaves either no file or a whole one.</summary>
    /// <param name="replace">False: another's file that was put there in the meantime stays.</param>
    public static void Write(string path, string text, bool replace)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            using (var writer = new StreamWriter(stream))
            {
                writer.Write(text);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            if (replace)
            {
                File.Move(draft, path, overwrite: true);
            }
            else
            {
                PutInPlace(draft, path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"The key file {path} cannot be written: {exception.Message}");
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Never in the place of another's. <see cref="File.Move(string, string)"/> looks first and then renames, and so would be, at times.</summary>
    private static void PutInPlace(string draft, string path)
    {
        if (!OperatingSystem.IsWindows() && Link(draft, path) == 0)
        {
            return;
        }

        // Windows, a file system without hard links, or another was first.
        try
        {
            File.Move(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // The other's key is the network's.
        }
    }

    /// <summary>link(2): fails when there is a file of the new name.</summary>
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
