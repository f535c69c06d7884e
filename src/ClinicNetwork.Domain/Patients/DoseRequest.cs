using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What was asked for.</summary>
[GenerateSerializer, Alias("dose-request-kind")]
public enum DoseRequestKind
{
    /// <summary>A dose before its time.</summary>
    Early = 1,

    /// <summary>A dose beside those of the plan.</summary>
    Extra = 2,

    /// <summary>A higher dose.</summary>
    Higher = 3,

    /// <summary>Supply in place of what is said to be lost, spilt or stolen.</summary>
    Replacement = 4,

    /// <summary>Doses were asked for or taken at another clinic, outside the plan.</summary>
    OtherClinic = 5,
}

[GenerateSerializer, Alias("dose-requester")]
public enum DoseRequester
{
    Patient = 1,
    Carer = 2,
}

[GenerateSerializer, Alias("dose-request-decision")]
public enum DoseRequestDecision
{
    Granted = 1,
    Refused = 2,

    /// <summary>Put off, for example to the next review of the plan.</summary>
    Deferred = 3,
}

/// <summary>Somebody asked for more than the plan gives; named <c>dose-requests/{id}</c>.</summary>
/// <param name="Reason">Why it was decided so.</param>
/// <param name="DecidedBy">Who decided, from the connection.</param>
[GenerateSerializer, Immutable, Alias("dose-request")]
public sealed record DoseRequest(
    [property: Id(0)] DoseRequestId Id,
    [property: Id(1)] DoseRequestKind Kind,
    [property: Id(2)] DoseRequester By,
    [property: Id(3)] DoseRequestDecision Decision,
    [property: Id(4)] string Reason,
    [property: Id(5)] string DecidedBy,
    [property: Id(6)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.DoseRequest, Id.Value, 0);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(DoseRequest);
}

/// <param name="At">By the store's clock: what time alone had made by then is noticed with it.</param>
[GenerateSerializer, Immutable, Alias("dose-requested")]
public sealed record DoseRequested([property: Id(0)] DoseRequest Request, [property: Id(1)] DateTimeOffset At) : IEvent;

/// <summary>What time alone had made by then was looked at: doses that did not come, monitoring that was missed.</summary>
/// <param name="At">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("lapse-noticed")]
public sealed record LapseNoticed([property: Id(0)] DateTimeOffset At) : IEvent;
