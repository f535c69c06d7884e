namespace ClinicNetwork.Cli;

/// <summary>What a script can rely on.</summary>
internal static class ExitCodes
{
    internal const int Done = 0;

    /// <summary>A step did not do what it promises; the output says which.</summary>
    internal const int Failed = 1;

    /// <summary>Bad input or a refusal: the same again fails again.</summary>
    internal const int Refused = 2;

    /// <summary>No answer from the server: the same again may succeed later.</summary>
    internal const int ServerAway = 3;

    /// <summary>Ended by Ctrl-C or SIGTERM (128 + SIGINT, as shells have it).</summary>
    internal const int Cancelled = 130;
}
