using System.Collections.Immutable;
using ClinicNetwork.Domain.Alerts;

namespace ClinicNetwork.Domain.Patients;

/// <summary>An early warning: raised by the command that recorded its cause, escalated by its clock, closed by the answering fact or by who acknowledges it.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="RuleVersion">Of the catalogue's rule that raised it.</param>
/// <param name="Causes">In order: the facts that meet the rule, <c>assessments/{id}</c>, <c>dose-requests/{id}</c>, <c>follow-ups/{rule}/{n}</c>, <c>pregnancies/{number}</c>, <c>plan-conflicts/{number}</c> or <c>sessions/{id}</c> (alone: what its start says, its monitoring, or in older alerts any of its readings) with <c>/dose</c>, <c>/vitals/{n}</c> or <c>/completion</c>; a cause is one alert's of a kind. Empty when all were withdrawn.</param>
/// <param name="RaisedAt">By the store's clock.</param>
/// <param name="DueAt">When the present level's clock runs out, by the store's clock.</param>
[GenerateSerializer, Immutable, Alias("alert")]
public sealed record Alert(
    [property: Id(0)] int Number,
    [property: Id(1)] AlertKind Kind,
    [property: Id(2)] int RuleVersion,
    [property: Id(3)] ImmutableArray<string> Causes,
    [property: Id(4)] DateTimeOffset RaisedAt,
    [property: Id(5)] DateTimeOffset DueAt)
{
    /// <summary>1 to the rule's number of levels.</summary>
    [Id(6)] public int Level { get; init; } = 1;

    /// <summary>When it was answered or acknowledged; null: it is open.</summary>
    [Id(7)] public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The fact that answered it, as causes are written; empty when none did.</summary>
    [Id(8)] public string Answer { get; init; } = "";

    /// <summary>Who acknowledged it; empty when nobody did.</summary>
    [Id(9)] public string Actor { get; init; } = "";

    /// <summary>What was done, by who acknowledged it.</summary>
    [Id(10)] public string Done { get; init; } = "";

    /// <summary>Its causes were entered long after they happened, and later facts say otherwise: it waits for somebody to acknowledge it, without escalation.</summary>
    [Id(11)] public bool Historical { get; init; }

    /// <summary>Facts that met the rule and do no more; one whose last cause went is over without an answer.</summary>
    [Id(50)] public ImmutableArray<WithdrawnCause> Withdrawn { get; init; } = [];

    /// <summary>Number of the retraction that took its answer away last; null when none did.</summary>
    [Id(51)] public int? ReopenedBy { get; init; }

    public bool IsOpen => ClosedAt is null;

    public AlertRule Rule => AlertCatalogue.Get(Kind, RuleVersion);

    public AlertLevel AtLevel => Rule.Levels[Level - 1];

    public bool IsAtLastLevel => Historical || Level == Rule.Levels.Length;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Alert);
}
