namespace ClinicNetwork.Domain.Identity;

/// <summary>A request for a dose of one patient; unique within the patient.</summary>
[GenerateSerializer, Immutable, Alias("dose-request-id")]
public readonly record struct DoseRequestId([property: Id(0)] string Value);
