using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands;

/// <summary>A cursor in a file. Written aside and renamed, so that a kill leaves the old or the new one.</summary>
internal sealed class CursorFile(string path)
{
    /// <summary>Longer is no cursor.</summary>
    private const int CharsMax = 4096;

    /// <summary>Empty when there is no file yet.</summary>
    internal string Read()
    {
        if (!File.Exists(path))
            return "";
        if (new FileInfo(path).Length > CharsMax)
            throw new InputException("--cursor", "the file holds no cursor; name another file, or remove it to begin at the first change");
        return File.ReadAllText(path).Trim();
    }

    internal void Write(string cursor)
    {
        var aside = path + ".new";
        File.WriteAllText(aside, cursor + "\n");
        File.Move(aside, path, overwrite: true);
    }
}
