namespace ClinicNetwork.Cli.Servers;

/// <summary>Ctrl-C goes to all processes of the terminal's session at once; what has to be stopped in order runs in one of its own.</summary>
internal static class Sessions
{
    /// <summary>util-linux; it becomes the program itself, so the process id stays.</summary>
    private static readonly string[] Setsid = ["/usr/bin/setsid", "/bin/setsid"];

    internal static (string Program, string[] Arguments) Wrap(string program, string[] arguments, bool ownSession) =>
        ownSession && Setsid.FirstOrDefault(File.Exists) is { } setsid ? (setsid, [program, .. arguments]) : (program, arguments);
}
