using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Why two records look like one person's; names are compared by <see cref="MatchForm"/>. The first that fits.</summary>
public enum DoubleReason
{
    SameNameAndBirthDate = 1,

    /// <summary>One's given name is the other's family name, and the reverse.</summary>
    NamesSwappedSameBirthDate = 2,

    /// <summary>The first of several given names is the same, the whole is not.</summary>
    SameFamilyNameAndBirthDateSimilarGiven = 3,
}

/// <summary>Somebody who knows the patient says that the other record is another person's.</summary>
/// <param name="Double">Names the pair; of the other record nothing is kept here.</param>
/// <param name="Site">For which somebody acted; null: for the network.</param>
[GenerateSerializer, Immutable, Alias("double-dismissed")]
public sealed record DoubleDismissed(
    [property: Id(0)] DoubleId Double,
    [property: Id(1)] string Reason,
    [property: Id(2)] ClinicId? Site,
    [property: Id(3)] string Actor,
    [property: Id(4)] DateTimeOffset At) : IEvent
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DoubleDismissed);
}

/// <summary>What was said of a pair in this record holds no more.</summary>
/// <param name="Site">For which somebody acted; null: for the network.</param>
[GenerateSerializer, Immutable, Alias("double-reopened")]
public sealed record DoubleReopened(
    [property: Id(0)] DoubleId Double,
    [property: Id(1)] string Reason,
    [property: Id(2)] ClinicId? Site,
    [property: Id(3)] string Actor,
    [property: Id(4)] DateTimeOffset At) : IEvent
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DoubleReopened);
}
