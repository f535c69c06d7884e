using System.Text.Json.Serialization;

namespace ClinicNetwork.Faults.History;

/// <summary>
/// One line of a history file: all that the checker knows of a run. Times are milliseconds of one monotonic clock since the run began; a thing
/// is written before it is sent and after it was answered, so that the interval told is never shorter than the true one.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunBegan), "run")]
[JsonDerivedType(typeof(Invoked), "invoke")]
[JsonDerivedType(typeof(Sent), "sent")]
[JsonDerivedType(typeof(Told), "told")]
[JsonDerivedType(typeof(StateRead), "read")]
[JsonDerivedType(typeof(ReadRefused), "read-refused")]
[JsonDerivedType(typeof(FeedBegan), "feed-began")]
[JsonDerivedType(typeof(FeedEntry), "feed")]
[JsonDerivedType(typeof(FeedBookmark), "bookmark")]
[JsonDerivedType(typeof(FeedEnded), "feed-ended")]
[JsonDerivedType(typeof(FaultBegan), "fault")]
[JsonDerivedType(typeof(FaultHealed), "healed")]
[JsonDerivedType(typeof(PointAwaited), "point")]
[JsonDerivedType(typeof(GraceChecked), "grace")]
[JsonDerivedType(typeof(Sampled), "sample")]
[JsonDerivedType(typeof(HistoryEntry), "entry")]
[JsonDerivedType(typeof(HistoryComplete), "history")]
[JsonDerivedType(typeof(OverdueListed), "overdue")]
[JsonDerivedType(typeof(AuditPlaced), "audit")]
[JsonDerivedType(typeof(AuditRead), "audit-read")]
[JsonDerivedType(typeof(Scanned), "scan")]
[JsonDerivedType(typeof(Leaked), "leak")]
[JsonDerivedType(typeof(RunEnded), "end")]
public abstract record HistoryEvent
{
    /// <summary>Set by the writer.</summary>
    public double AtMs { get; init; }
}

/// <param name="FloorPerSecond">Acknowledged commands a second below which the run does not count.</param>
/// <param name="Defect">The planted defect, empty for none.</param>
/// <param name="Patients">Patients made before the first fault.</param>
public sealed record RunBegan(int Seed, string Plan, double FloorPerSecond, string Defect, int Patients) : HistoryEvent;

/// <summary>A command that is about to be sent for the first time.</summary>
/// <param name="Op">The request id.</param>
/// <param name="Refusable">True when the state may refuse it (a revision on a plan that changed meanwhile).</param>
/// <param name="Base">Of a change of the plan: the version whose plan the caller had read.</param>
/// <param name="Site">The site that sees the patient from this command on.</param>
/// <param name="Session">The session it belongs to.</param>
/// <param name="FirstDose">Clinical day of the patient's first dose, when this is it.</param>
/// <param name="Fault">Number of the fault whose recovery it measures.</param>
public sealed record Invoked(
    string Op, string Patient, string Command, bool Refusable, long? Base = null, string? Site = null, string? Session = null, DateOnly? FirstDose = null, int? Fault = null) : HistoryEvent
{
    /// <summary>Of a change of the plan: the sessions of its induction; null leaves them.</summary>
    public int? Sessions { get; init; }

    /// <summary>Of a change of the plan: the goals' names in order; null leaves them.</summary>
    public string? Goals { get; init; }

    /// <summary>Number of the conflict that it resolves.</summary>
    public int? Conflict { get; init; }

    /// <summary>What holds then: <c>proposed</c>, <c>present</c> or <c>revised</c>.</summary>
    public string? Holds { get; init; }
}

/// <summary>An attempt is about to be sent.</summary>
public sealed record Sent(string Op, int Attempt, string Gateway) : HistoryEvent;

/// <summary>What an attempt was told.</summary>
public enum Outcome
{
    /// <summary>Accepted, at a version.</summary>
    Ok,

    /// <summary>Definitely not executed by this attempt.</summary>
    Refused,

    /// <summary>Nothing is known.</summary>
    Unknown,
}

/// <param name="Answer">Hash of the whole answer.</param>
/// <param name="PlanRevision">Of an answer that shows a plan: its revision.</param>
/// <param name="Reason">Status and reason of what was not accepted.</param>
public sealed record Told(string Op, int Attempt, Outcome Outcome, long Version = 0, string? Answer = null, int? PlanRevision = null, string? Reason = null) : HistoryEvent
{
    /// <summary>Of an answer that shows a plan: its sessions and goals, as <c>6: first second</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>Of a proposal: <c>accepted</c>, <c>merged</c>, <c>agreed</c> or <c>conflict</c>.</summary>
    public string? Became { get; init; }
}

/// <summary>A read that was answered.</summary>
/// <param name="BeganMs">When it was about to be sent.</param>
/// <param name="Asked">A confirmed read was asked for.</param>
/// <param name="Confirmed">The answer said it was confirmed.</param>
/// <param name="Content">Hash of the state shown.</param>
public sealed record StateRead(
    double BeganMs, string Patient, string Gateway, bool Asked, long MinVersion, long Version, bool Confirmed, int PlanRevision, int Assessments, int Sessions, string Content) : HistoryEvent
{
    /// <summary>Sessions and goals of the plan shown, as <c>6: first second</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>Conflicts of the plan that nobody has resolved.</summary>
    public int OpenConflicts { get; init; }
}

/// <summary>A read of a patient that is there, or of a version that was told, was definitely refused.</summary>
public sealed record ReadRefused(double BeganMs, string Patient, string Gateway, long MinVersion, string Reason) : HistoryEvent;

/// <summary>A reader begins or resumes.</summary>
/// <param name="From">What it resumes from: <c>start</c>, <c>change</c> or <c>bookmark</c>.</param>
/// <param name="UntilCaughtUp">The stream is asked to end when caught up.</param>
public sealed record FeedBegan(string Site, string Reader, string From, bool UntilCaughtUp) : HistoryEvent;

public sealed record FeedEntry(string Site, string Reader, string Patient, long Version, string Command) : HistoryEvent;

public sealed record FeedBookmark(string Site, string Reader) : HistoryEvent;

/// <param name="Complete">The server ended the stream because it had caught up.</param>
/// <param name="Refused">Status and reason, when the server refused the cursor definitely.</param>
public sealed record FeedEnded(string Site, string Reader, bool Complete, string? Refused = null) : HistoryEvent;

/// <param name="Fault">For example <c>F1 kill one</c>.</param>
public sealed record FaultBegan(int Number, string Fault, string Detail) : HistoryEvent;

/// <summary>The cause is gone: the process was started again, the link is whole.</summary>
public sealed record FaultHealed(int Number) : HistoryEvent;

/// <summary>Whether a server that was to crash at a point (F4) got there; one that did not is killed where it stands.</summary>
public sealed record PointAwaited(int Number, string Point, bool Reached) : HistoryEvent;

/// <summary>Within the grace after a fault a patient accepts a write, a feed drains, a command gets its answer.</summary>
public sealed record GraceChecked(int Number, string Subject, bool Ok, double TookMs) : HistoryEvent;

/// <param name="When"><c>before</c> the first fault or <c>after</c> the last.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Connections">Of the database: sessions; of a process 0.</param>
public sealed record Sampled(string Process, string When, int Handles, double MemoryMiB, int Connections) : HistoryEvent;

/// <summary>One entry of a patient's history as read at the end.</summary>
/// <param name="RecordedAt">The store's clock.</param>
public sealed record HistoryEntry(string Patient, long Version, string Op, string Command, DateTimeOffset RecordedAt) : HistoryEvent;

/// <summary>A patient's history was read to its end.</summary>
public sealed record HistoryComplete(string Patient, int Entries) : HistoryEvent;

/// <summary>A change of a patient as it lies in the audit tree at the end, in the order of positions.</summary>
public sealed record AuditPlaced(long Position, string Patient, long Version) : HistoryEvent;

/// <summary>The whole audit was read.</summary>
/// <param name="Entries">Of every kind.</param>
/// <param name="Signed">Of them under a signed head.</param>
/// <param name="Finding">What its verifier found; null: nothing.</param>
public sealed record AuditRead(long Entries, long Signed, string? Finding) : HistoryEvent;

/// <summary>A follow-up that a worklist shows as overdue at the end.</summary>
public sealed record OverdueListed(string Patient, string Milestone) : HistoryEvent;

/// <param name="Bytes">Read while looking for planted identifiers.</param>
public sealed record Scanned(string Where, long Bytes) : HistoryEvent;

/// <summary>A planted identifier was found where none may be.</summary>
public sealed record Leaked(string Where, string What) : HistoryEvent;

/// <param name="LoadMs">How long commands were sent under faults.</param>
/// <param name="StoreTime">The store's clock at the end.</param>
public sealed record RunEnded(double LoadMs, DateTimeOffset StoreTime) : HistoryEvent;
