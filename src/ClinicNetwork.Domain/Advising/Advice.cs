using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Advising;

/// <summary>A fact that advice rests on.</summary>
/// <param name="Fact">Its name within the patient: <c>assessments/…</c>, <c>sessions/…</c>, <c>side-effects/N</c>, or what the plan says: <c>plan/…</c>.</param>
/// <param name="Says">What the rule saw in it, by class.</param>
[GenerateSerializer, Immutable, Alias("advice-datum")]
public sealed record AdviceDatum([property: Id(0)] string Fact, [property: Id(1)] string Says)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(AdviceDatum);
}

/// <summary>What a plan has once it follows the advice; what is null stays as it is. Nothing at all: the advice is not about the plan.</summary>
/// <param name="IntervalDays">In <paramref name="Phase"/>, or the phase that holds.</param>
[GenerateSerializer, Immutable, Alias("advice-change")]
public sealed record AdviceChange(
    [property: Id(0)] int? IntervalDays = null,
    [property: Id(1)] PhaseKind? Phase = null,
    [property: Id(2)] double? DoseMgPerKg = null,
    [property: Id(3)] double? DoseMg = null,
    [property: Id(4)] SupportKind? Support = null)
{
    public static readonly AdviceChange None = new();

    /// <param name="revised">The plan as a revision left it; null when none followed.</param>
    public bool IsIn(Plan? revised) => this == None
        || (revised is not null
            && (IntervalDays is null || revised.Interval?.Days == IntervalDays)
            && (Phase is null || revised.ChosenPhase == Phase)
            && (DoseMgPerKg is null || revised.DoseMgPerKg == DoseMgPerKg)
            && (DoseMg is null || revised.DoseMg == DoseMg)
            && (Support is null || revised.GivenSupport.Any(s => s.Kind == Support)));
}

/// <summary>One piece of advice, explained. Decision support: a clinician decides, and nothing is done by itself.</summary>
/// <param name="Rule">Key of the rule, <c>id/version</c>.</param>
/// <param name="Text">What is advised here.</param>
/// <param name="Data">The facts it rests on; at least one.</param>
/// <param name="Limit">The bound of protocol or label that it stays in.</param>
/// <param name="Alternatives">What else was considered.</param>
[GenerateSerializer, Immutable, Alias("advice")]
public sealed record Advice(
    [property: Id(0)] string Rule,
    [property: Id(1)] AdviceKind Kind,
    [property: Id(2)] string Text,
    [property: Id(3)] ImmutableArray<AdviceDatum> Data,
    [property: Id(4)] string Limit,
    [property: Id(5)] ImmutableArray<string> Alternatives,
    [property: Id(6)] AdviceChange Change)
{
    internal const int IdLengthMax = 1_000;

    /// <summary>The rule and the facts: the same facts under the same rule are the same advice.</summary>
    public string Id => $"{Rule}@{string.Join('+', Data.Select(d => d.Fact))}";

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Advice);
}

/// <summary>What is not there, and what cannot be advised on without it.</summary>
/// <param name="Missing">What to record or plan.</param>
public sealed record AdviceGap(string Missing, ImmutableArray<AdviceKind> Kinds);
