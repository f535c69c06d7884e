namespace ClinicNetwork.Site;

/// <summary>How a site's copy is kept.</summary>
public sealed record SiteOptions
{
    /// <summary>The key file, 32 bytes, mode 0600; null: <c>site.key</c> in the folder. Elsewhere, a stolen folder tells nothing.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The machine's clock; what it is wrong by is measured at each contact. Tests replace it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Waiting changes at most: more are refused, OUTBOX_FULL.</summary>
    /// <value>Default 100,000: years of a clinic.</value>
    public int OutboxMax { get; init; } = 100_000;

    /// <summary>How long what the network confirmed is kept, to be sent again should the network be restored to before it.</summary>
    /// <value>Default 30 days, as long as the network keeps its answers.</value>
    public TimeSpan KeptAfter { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>The folder cannot be used; the message says what to do and holds nothing of a patient.</summary>
public sealed class SiteException(string message, Exception? cause = null) : Exception(message, cause);
