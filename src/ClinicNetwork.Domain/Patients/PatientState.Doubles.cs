using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What was said about records that look like this person's.</summary>
public sealed partial record PatientState
{
    /// <summary>In order; of a pair by this record or by the other one.</summary>
    [Id(113)] public ImmutableArray<DoubleDismissed> DismissedDoubles { get; init; } = [];
}
