using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Long-term safety is looked at by these and by the scale of long-term safety items, which has the bladder.</summary>
[GenerateSerializer, Alias("safety-check-kind")]
public enum SafetyCheckKind
{
    LiverPanel = 1,
    CognitionTest = 2,
    MisuseScreen = 3,
    PregnancyTest = 4,
    UrineDrugScreen = 5,
}

[GenerateSerializer, Alias("liver-unit")]
public enum LiverUnit
{
    /// <summary>ALT, AST, ALP.</summary>
    UnitsPerLitre = 1,

    /// <summary>Bilirubin.</summary>
    MicromolPerLitre = 2,

    /// <summary>Bilirubin.</summary>
    MgPerDecilitre = 3,
}

/// <summary>A laboratory's value with its own upper limit of normal, in the same unit.</summary>
[GenerateSerializer, Immutable, Alias("liver-value")]
public sealed record LiverValue([property: Id(0)] double Value, [property: Id(1)] double UpperLimit, [property: Id(2)] LiverUnit Unit)
{
    /// <summary>Multiple of the upper limit; rounded, so that 2.4 is no more than twice 1.2.</summary>
    internal double Times => Math.Round(Value / UpperLimit, 9);
}

/// <summary>Liver tests, total bilirubin among them; what was not measured is null, and at least one was.</summary>
[GenerateSerializer, Immutable, Alias("liver-panel")]
public sealed record LiverPanel(
    [property: Id(0)] LiverValue? Alt, [property: Id(1)] LiverValue? Ast, [property: Id(2)] LiverValue? Alp, [property: Id(3)] LiverValue? Bilirubin);

/// <summary>A test of cognition; more is better.</summary>
/// <param name="Test">Its name and version.</param>
/// <param name="ScoreMax">Highest score, points, above 0.</param>
/// <param name="NormalFrom">Lowest normal score by the test's own norms for this person; null: there is none.</param>
[GenerateSerializer, Immutable, Alias("cognition-test")]
public sealed record CognitionTest([property: Id(0)] string Test, [property: Id(1)] double Score, [property: Id(2)] double ScoreMax, [property: Id(3)] double? NormalFrom);

[GenerateSerializer, Alias("screen-outcome")]
public enum ScreenOutcome
{
    Negative = 1,
    Positive = 2,
    Unclear = 3,
}

/// <summary>A screen for misuse, a pregnancy test, or a screen of the urine for drugs.</summary>
/// <param name="Instrument">What it was done by; empty when that is not told.</param>
/// <param name="Substances">Found by a screen of the urine.</param>
[GenerateSerializer, Immutable, Alias("screen-result")]
public sealed record ScreenResult([property: Id(0)] ScreenOutcome Outcome, [property: Id(1)] string Instrument, [property: Id(2)] ImmutableArray<string> Substances);

/// <summary>A safety check that was done: one result, of its kind. What it means is derived by <see cref="Safety.SafetyRules"/>, never stored.</summary>
[GenerateSerializer, Immutable, Alias("safety-check")]
public sealed record SafetyCheck(
    [property: Id(0)] SafetyCheckId Id,
    [property: Id(1)] SafetyCheckKind Kind,
    [property: Id(2)] DateTimeOffset OccurredAt,
    [property: Id(3)] LiverPanel? Liver,
    [property: Id(4)] CognitionTest? Cognition,
    [property: Id(5)] ScreenResult? Screen,
    [property: Id(6)] string Note) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.SafetyCheck, Id.Value, 0);
}

[GenerateSerializer, Immutable, Alias("safety-check-recorded")]
public sealed record SafetyCheckRecorded([property: Id(0)] SafetyCheck Check) : IEvent;
