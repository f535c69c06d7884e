namespace ClinicNetwork.Domain.Identity;

/// <summary>An answered scale of one patient; unique within the patient.</summary>
[GenerateSerializer, Immutable, Alias("assessment-id")]
public readonly record struct AssessmentId([property: Id(0)] string Value);
