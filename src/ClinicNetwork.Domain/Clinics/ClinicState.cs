using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Clinics;

/// <summary>A site of the network: the fold of its events. Version 0 means not registered.</summary>
[GenerateSerializer, Immutable, Alias("clinic-state")]
public sealed record ClinicState
{
    public static readonly ClinicState Empty = new();

    [Id(0)] public ClinicId Id { get; init; }

    [Id(1)] public string DisplayName { get; init; } = "";

    /// <summary>IANA time zone.</summary>
    [Id(2)] public string TimeZone { get; init; } = "";

    /// <summary>May give esketamine, as it was registered.</summary>
    [Id(3)] public bool EsketamineCertified { get; init; }

    /// <summary>The clinic may not act any more.</summary>
    [Id(4)] public bool KeyDestroyed { get; init; }

    /// <summary>Null: <see cref="EsketamineCertified"/> tells.</summary>
    [Id(80)] public RemsCertificate? Certificate { get; init; }

    /// <summary>Id of the rule by which records are kept.</summary>
    [Id(81)] public string RetentionRule { get; init; } = Retention.GeneralRule;

    /// <summary>The clinic's own years after the last contact; null: the rule's.</summary>
    [Id(82)] public int? RetentionYears { get; init; }

    /// <summary>May give esketamine at this time.</summary>
    public bool IsCertified(DateTimeOffset at) => Certificate is { } certificate ? certificate.Holds(ClinicTime.DayOf(at, TimeZone)) : EsketamineCertified;

    public bool Exists => DisplayName.Length > 0;

    public static Refusal RefuseKeyDestroyed(string field) =>
        Refusal.Precondition("CLINIC_KEY_DESTROYED", field, "The key of this clinic was destroyed; act for another clinic, or register a new one.");

    public static ClinicState Evolve(ClinicState state, IEvent @event) => @event switch
    {
        ClinicRegistered e => state with { Id = e.Clinic, DisplayName = e.DisplayName, TimeZone = e.TimeZone, EsketamineCertified = e.EsketamineCertified },
        ClinicConfigured e => state with
        {
            Certificate = e.Certificate ?? state.Certificate,
            RetentionRule = e.RetentionRule ?? state.RetentionRule,
            RetentionYears = e.RetentionYears is not { } years ? state.RetentionYears : years == 0 ? null : years,
        },
        ClinicKeyDestroyed => state with { KeyDestroyed = true },
        _ => throw new InvalidOperationException($"A clinic has no event {@event.GetType().Name}."),
    };
}

[GenerateSerializer, Immutable, Alias("clinic-registered")]
public sealed record ClinicRegistered(
    [property: Id(0)] ClinicId Clinic,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string TimeZone,
    [property: Id(3)] bool EsketamineCertified) : IEvent;

[GenerateSerializer, Immutable, Alias("clinic-key-destroyed")]
public sealed record ClinicKeyDestroyed([property: Id(0)] string Reason) : IEvent;
