namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>A release folder that cannot be attacked because it cannot be read. The message names file, line and rule, never a value.</summary>
public sealed class FeedFormatException(string file, string rule) : Exception($"{file}: {rule}")
{
    public string File { get; } = file;

    /// <summary>What is wrong, and what to do.</summary>
    public string Rule { get; } = rule;
}
