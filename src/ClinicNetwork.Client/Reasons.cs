namespace ClinicNetwork.Client;

/// <summary>Reasons that this library decides on, or makes itself. The full list is in the comments of the protos.</summary>
public static class Reasons
{
    /// <summary>From the server: overloaded, nothing was done; RetryInfo says when to come back.</summary>
    public const string NotExecuted = "NOT_EXECUTED";

    /// <summary>From the server: it cannot tell whether the command was stored; the same request id finds out.</summary>
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";

    /// <summary>From the server: this client made more calls than it may; nothing was done. RetryInfo says when to come back.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>From the server: it has no such version of the resource; it may have been restored.</summary>
    public const string VersionUnknown = "VERSION_UNKNOWN";

    /// <summary>From the server: the records of a submission are not those that were hashed.</summary>
    public const string HashDiffers = "HASH_DIFFERS";

    /// <summary>From the server, and from this library before anything is sent: one record id with two contents.</summary>
    public const string RecordIdReused = "RECORD_ID_REUSED";

    /// <summary>From this library: too many attempts failed, so none is made for a while.</summary>
    public const string CircuitOpen = "CIRCUIT_OPEN";

    /// <summary>From this library: all attempts together took too long.</summary>
    public const string TimedOut = "TIMED_OUT";

    /// <summary>From this library: nobody answers at the address.</summary>
    public const string ServerAway = "SERVER_AWAY";

    /// <summary>From this library: the server is not of the network that the identity trusts, or did not take the identity.</summary>
    public const string NotSecured = "NOT_SECURED";

    /// <summary>From this library: a page's rows do not give its checksum.</summary>
    public const string PageChecksum = "PAGE_CHECKSUM";

    /// <summary>From this library: a page does not begin at the row after the last one.</summary>
    public const string RowGap = "ROW_GAP";

    /// <summary>From this library: the rows do not give the count or the root that the trailer or the manifest says.</summary>
    public const string BatchRoot = "BATCH_ROOT";

    /// <summary>From this library: the network's release key is not the one that was kept at the first pull.</summary>
    public const string ReleaseKeyChanged = "RELEASE_KEY_CHANGED";

    /// <summary>From this library: a manifest is not signed by the release key, or is not a manifest of the batch.</summary>
    public const string Manifest = "MANIFEST";

    /// <summary>From this library: what was pulled before is not what the network has now.</summary>
    public const string ReleaseReplaced = "RELEASE_REPLACED";

    /// <summary>From the server: the agreement's rows of the day are used up; RetryInfo says when the next begins.</summary>
    public const string QuotaExceeded = "QUOTA_EXCEEDED";

    /// <summary>From the server: the reader took nothing for too long. A stream goes on by itself at the row that it lacks.</summary>
    public const string SlowConsumer = "SLOW_CONSUMER";

    /// <summary>From this library: a table of statistics is not signed by the release key.</summary>
    public const string Statistics = "STATISTICS";

    /// <summary>From this library: a re-key list is not signed by the release key, or is out of order.</summary>
    public const string Rekey = "REKEY";

    /// <summary>From this library: the folder holds another profile, or another recipient's release.</summary>
    public const string OtherRelease = "OTHER_RELEASE";

    /// <summary>From this library: a value would be a formula in a spreadsheet.</summary>
    public const string FormulaValue = "FORMULA_VALUE";
}
