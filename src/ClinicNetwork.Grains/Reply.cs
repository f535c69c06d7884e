using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains;

/// <summary>What a grain says to a command: accepted with an answer at a version, or refused.</summary>
/// <param name="Version">The version the command made; 0 when refused.</param>
[GenerateSerializer, Immutable, Alias("reply`1")]
public sealed record Reply<TAnswer>(
    [property: Id(0)] TAnswer? Answer,
    [property: Id(1)] long Version,
    [property: Id(2)] DateTimeOffset RecordedAt,
    [property: Id(3)] Refusal? Refusal)
    where TAnswer : class
{
    public static Reply<TAnswer> Accepted(TAnswer answer, long version, DateTimeOffset recordedAt) => new(answer, version, recordedAt, null);

    public static Reply<TAnswer> Refused(Refusal refusal) => new(null, 0, default, refusal);

    /// <summary>Without the answer: Orleans writes messages into its log.</summary>
    public override string ToString() => Refusal is null ? $"accepted as version {Version}" : Refusal.Reason;
}

/// <summary>How fresh a read has to be, and which site asks.</summary>
/// <param name="Confirmed">Compare with the database before answering.</param>
/// <param name="MinVersion">The answer is never older than this.</param>
/// <param name="Site">The clinic that asks; none for the network itself.</param>
[GenerateSerializer, Immutable, Alias("read-request")]
public sealed record ReadRequest([property: Id(0)] bool Confirmed, [property: Id(1)] long MinVersion, [property: Id(2)] Domain.Identity.ClinicId? Site);

/// <summary>A state at a version, or why not.</summary>
/// <param name="InEmergency">Only emergency access permits it: the audit says so.</param>
[GenerateSerializer, Immutable, Alias("reading`1")]
public sealed record Reading<TState>(
    [property: Id(0)] TState? State,
    [property: Id(1)] long Version,
    [property: Id(2)] bool Confirmed,
    [property: Id(3)] Refusal? Refusal,
    [property: Id(4)] bool InEmergency = false)
    where TState : class
{
    /// <summary>What of a patient the site may read; whatever else is in the state is for nobody to be told.</summary>
    [Id(5)] public PlanSections Readable { get; init; } = PlanSections.All;

    /// <summary>What of that the site may change, without an emergency; of an older silo none.</summary>
    [Id(6)] public PlanSections Writable { get; init; }

    public static Reading<TState> Refused(Refusal refusal) => new(null, 0, false, refusal);

    /// <summary>Without the state: Orleans writes messages into its log.</summary>
    public override string ToString() => Refusal is null ? $"version {Version}" : Refusal.Reason;
}

/// <summary>Who changed what, when, from which site.</summary>
[GenerateSerializer, Immutable, Alias("history-entry")]
public sealed record HistoryEntry(
    [property: Id(0)] long Version,
    [property: Id(1)] string RequestId,
    [property: Id(2)] string Command,
    [property: Id(3)] IReadOnlyList<string> Events,
    [property: Id(4)] string Actor,
    [property: Id(5)] string Site,
    [property: Id(6)] DateTimeOffset RecordedAt);
