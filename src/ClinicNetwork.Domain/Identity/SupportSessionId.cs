namespace ClinicNetwork.Domain.Identity;

/// <summary>A session of psychotherapy or of a support group; unique within the patient.</summary>
[GenerateSerializer, Immutable, Alias("support-session-id")]
public readonly record struct SupportSessionId([property: Id(0)] string Value);
