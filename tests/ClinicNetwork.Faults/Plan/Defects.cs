namespace ClinicNetwork.Faults.Plan;

/// <summary>A mistake that a test build can be told to make.</summary>
/// <param name="Verdicts">Those that have to find it: one of them is enough.</param>
internal sealed record Defect(string Name, string What, params string[] Verdicts);

/// <summary>The planted defects: the checker must find each.</summary>
internal static class Defects
{
    public static readonly IReadOnlyList<Defect> All =
    [
        new("OverwritesVersion", "a version that is taken is overwritten", "I1", "I2", "I5", "I13"),
        new("RenumbersVersion", "a version that is taken becomes the next free one without a new decision", "I13", "I4", "I1", "I5"),
        new("KeepsHalfOfStaleCommand", "a command that lost its version leaves its projections", "I6", "I7", "I3"),
        new("MissesRequestIndex", "no unique key over request ids", "I1", "I2", "I5"),
        new("StoresAnswersLater", "the answer is stored in a transaction of its own", "I5"),
        new("AcknowledgesBeforeCommit", "acknowledged before the commit", "I1", "I4", "I5"),
        new("ReadsFeedOverGaps", "the feed is read above transactions that are not over", "I6"),
        new("PlacesOverGaps", "the audit is placed above transactions that are not over", "I11"),
        new("BookmarksTooFar", "a bookmark stands after what was not sent", "I6"),
        new("SkipsLastOfPage", "the last entry of a page is not sent", "I6"),
        new("ExecutesRetriesAgain", "a retry is executed again under another id", "I2", "I5", "I1"),
        new("RefusesWhatIsUnknown", "an unknown outcome is told as a definite refusal", "I2", "I4"),
        new("AdoptsBeforeCommit", "memory is changed before the append and stays so when it fails", "I4", "I13"),
        new("LosesFeedOnRetry", "a command decided again after a conflict leaves no feed entry", "I6"),
        new("ConfirmsFromMemory", "a confirmed read does not look at the head", "I4"),
        new("ReadsOlderThanAsked", "min_version is ignored", "I4"),
        new("RefusesFromMemory", "a refusal is not checked against the head", "I4"),
        new("RefusesRetries", "a retry of what was accepted is refused", "I5"),
        new("AnswersRetriesAnew", "a retry gets another answer than the one stored", "I5"),
        new("LetsLastWriteWin", "the base version of a plan's revision is ignored", "I13"),
        new("MergesInSilence", "a proposal is judged as if it had been made on the present plan", "I15"),
        new("StartsOverConflict", "a session starts while two doses contradict each other", "I15"),
        new("RunsOnWallClock", "what is due is judged by the machine's clock", "I7"),
        new("LeaksHandles", "each command leaves a file open", "I14"),
        new("LogsIdentifiers", "names are written to the log", "I10"),
    ];
}
