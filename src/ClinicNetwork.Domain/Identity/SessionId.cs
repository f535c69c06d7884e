namespace ClinicNetwork.Domain.Identity;

/// <summary>A session of one patient; unique within the patient.</summary>
[GenerateSerializer, Immutable, Alias("session-id")]
public readonly record struct SessionId([property: Id(0)] string Value);
