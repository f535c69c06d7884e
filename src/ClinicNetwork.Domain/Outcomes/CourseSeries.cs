using System.Collections.Immutable;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>A scale's total on a clinical day.</summary>
public readonly record struct DatedTotal(DateOnly Day, ScaleKind Scale, int Total);

/// <summary>One course of treatment in numbers and clinical days: all that outcome definitions look at.</summary>
/// <param name="DoseDays">At least one, in order.</param>
/// <param name="InductionDosesPlanned">1 or more; doses beyond it are maintenance.</param>
/// <param name="Baselines">The last total before the first dose, of each scale that has one recent enough.</param>
/// <param name="Totals">From the first dose on, in order of time.</param>
/// <param name="EndedOn">The day on which treatment ended.</param>
/// <param name="Missed">The last reason recorded for a milestone.</param>
public sealed record CourseSeries(
    ImmutableArray<DateOnly> DoseDays,
    int InductionDosesPlanned,
    ImmutableDictionary<ScaleKind, int> Baselines,
    ImmutableArray<DatedTotal> Totals,
    DateOnly? EndedOn,
    ImmutableDictionary<Milestone, MissingReason> Missed)
{
    /// <summary>The day of death; nothing comes after it.</summary>
    public DateOnly? DiedOn { get; init; }

    /// <summary>Days on which the patient was lost to follow-up, the first of each stretch and the day of the contact that ended it.</summary>
    public ImmutableArray<(DateOnly From, DateOnly? Until)> Lost { get; init; } = [];

    public bool IsLostOn(DateOnly day) => Lost.Any(l => l.From <= day && !(l.Until <= day));

    public DateOnly FirstDose => DoseDays[0];

    public Induction Induction => Induction.Of(DoseDays, InductionDosesPlanned);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(CourseSeries);
}
