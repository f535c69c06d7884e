namespace ClinicNetwork.Domain.Identity;

/// <summary>A safety check of one patient; unique within the patient.</summary>
[GenerateSerializer, Immutable, Alias("safety-check-id")]
public readonly record struct SafetyCheckId([property: Id(0)] string Value);
