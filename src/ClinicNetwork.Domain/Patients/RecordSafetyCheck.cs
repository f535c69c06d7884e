using ClinicNetwork.Domain.Safety;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A safety check is recorded. Refused: RESULT_MISMATCH, LIVER_VALUES_MISSING, LIVER_VALUE_OUT_OF_RANGE, LIVER_UNIT_INVALID, SCORE_OUT_OF_RANGE, SUBSTANCES_UNEXPECTED, TOO_MANY,
/// TEXT_INVALID, SAFETY_CHECK_EXISTS, OCCURRED_BEFORE_BIRTH, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
[GenerateSerializer, Immutable, Alias("record-safety-check")]
public sealed record RecordSafetyCheck([property: Id(0)] SafetyCheck Check)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordSafetyCheck);

    /// <summary>Highest value that is no slip of the pen, U/L ([K], our bound).</summary>
    private const double EnzymeMax = 50_000;

    /// <summary>Highest upper limit of a laboratory, U/L ([K], our bound).</summary>
    private const double EnzymeLimitMax = 1_000;

    /// <summary>As <see cref="EnzymeMax"/>, of bilirubin in µmol/L; in mg/dL it is divided by 17.1, the molar mass of bilirubin (584.7 g/mol).</summary>
    private const double BilirubinMax = 2_000;

    private const double BilirubinLimitMax = 100;

    private const double MicromolPerMgPerDecilitre = 17.1;

    /// <summary>Points ([K], our bound: standard scores of test batteries stay below).</summary>
    private const double ScoreMaxMax = 1_000;

    private const int SubstancesMax = 20;

    public static Decision<SafetyCheckAnswer> Decide(PatientState state, RecordSafetyCheck command, DateTimeOffset now)
    {
        var check = command.Check;
        if ((CheckResult(check) ?? Texts.Check(check.Note, 0, 1000, "note") ?? ClinicTime.CheckOccurred(check.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.DayOf(check.OccurredAt) < state.BirthDate)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "Give a time in the patient's life.");
        }

        if (RecordedFacts.WasRecorded(state, new(FactKind.SafetyCheck, check.Id.Value, 0)))
        {
            return Refusal.Exists("SAFETY_CHECK_EXISTS", "safety_check_id", "Choose a new safety check id.");
        }

        var judgement = SafetyRules.Judge(check);
        return Decision<SafetyCheckAnswer>.Accept(new SafetyCheckAnswer(judgement.Finding, judgement.AsksFor, judgement.Rule.Key), new SafetyCheckRecorded(check));
    }

    private static Refusal? CheckResult(SafetyCheck check) => (check.Kind, check.Liver, check.Cognition, check.Screen) switch
    {
        (SafetyCheckKind.LiverPanel, { } liver, null, null) => CheckLiver(liver),
        (SafetyCheckKind.CognitionTest, null, { } cognition, null) => CheckCognition(cognition),
        (SafetyCheckKind.MisuseScreen or SafetyCheckKind.PregnancyTest or SafetyCheckKind.UrineDrugScreen, null, null, { } screen) => CheckScreen(check.Kind, screen),
        _ => Refusal.Invalid("RESULT_MISMATCH", "result", "Give the result that this kind of check has, and no other."),
    };

    private static Refusal? CheckLiver(LiverPanel panel) => panel is { Alt: null, Ast: null, Alp: null, Bilirubin: null }
        ? Refusal.Invalid("LIVER_VALUES_MISSING", "liver_panel", "Give at least one value.")
        : CheckEnzyme(panel.Alt, "alt") ?? CheckEnzyme(panel.Ast, "ast") ?? CheckEnzyme(panel.Alp, "alp") ?? CheckBilirubin(panel.Bilirubin);

    private static Refusal? CheckEnzyme(LiverValue? value, string name) => value is null ? null
        : value.Unit != LiverUnit.UnitsPerLitre ? Refusal.Invalid("LIVER_UNIT_INVALID", $"liver_panel.{name}.unit", "Give this value in U/L.")
        : CheckRange(value, EnzymeMax, EnzymeLimitMax, name);

    private static Refusal? CheckBilirubin(LiverValue? value)
    {
        var perUnit = value?.Unit == LiverUnit.MgPerDecilitre ? MicromolPerMgPerDecilitre : 1;
        return value is null ? null
            : value.Unit == LiverUnit.UnitsPerLitre ? Refusal.Invalid("LIVER_UNIT_INVALID", "liver_panel.bilirubin.unit", "Give bilirubin in µmol/L or mg/dL.")
            : CheckRange(value, BilirubinMax / perUnit, BilirubinLimitMax / perUnit, "bilirubin");
    }

    private static Refusal? CheckRange(LiverValue value, double most, double limitMost, string name) =>
        !(value.Value >= 0 && value.Value <= most) ? OutOfRange($"liver_panel.{name}.value")
        : !(value.UpperLimit > 0 && value.UpperLimit <= limitMost) ? OutOfRange($"liver_panel.{name}.upper_limit")
        : null;

    private static Refusal OutOfRange(string field) => Refusal.Invalid("LIVER_VALUE_OUT_OF_RANGE", field, "Give the laboratory's value and its upper limit of normal, both in the unit named.");

    private static Refusal? CheckCognition(CognitionTest test) =>
        Texts.Check(test.Test, 1, 120, "cognition_test.test")
        ?? (!(test.ScoreMax > 0 && test.ScoreMax <= ScoreMaxMax) ? Refusal.Invalid("SCORE_OUT_OF_RANGE", "cognition_test.score_max", $"Give the test's highest score, at most {ScoreMaxMax} points.")
            : !(test.Score >= 0 && test.Score <= test.ScoreMax) ? Refusal.Invalid("SCORE_OUT_OF_RANGE", "cognition_test.score", "Give 0 to the test's highest score.")
            : test.NormalFrom is { } from && !(from >= 0 && from <= test.ScoreMax) ? Refusal.Invalid("SCORE_OUT_OF_RANGE", "cognition_test.normal_from", "Give 0 to the test's highest score.")
            : null);

    private static Refusal? CheckScreen(SafetyCheckKind kind, ScreenResult screen)
    {
        var field = kind switch { SafetyCheckKind.MisuseScreen => "misuse_screen", SafetyCheckKind.PregnancyTest => "pregnancy_test", _ => "urine_drug_screen" };
        return Texts.Check(screen.Instrument, 0, 120, field + ".instrument")
            ?? (screen.Substances.Length > SubstancesMax ? Refusal.Invalid("TOO_MANY", field + ".substances", $"Give at most {SubstancesMax}.")
                : screen.Substances.Length > 0 && kind != SafetyCheckKind.UrineDrugScreen ? Refusal.Invalid("SUBSTANCES_UNEXPECTED", field + ".substances", "Only a screen of the urine for drugs finds substances.")
                : screen.Substances.Select((s, i) => Texts.Check(s, 1, 60, $"{field}.substances[{i}]")).FirstOrDefault(r => r is not null));
    }
}

/// <param name="Finding">As the newest rule of the kind read the result.</param>
/// <param name="AsksFor">What is to be done, in words; empty when nothing is.</param>
/// <param name="Rule">Id and version of that rule.</param>
[GenerateSerializer, Immutable, Alias("safety-check-answer")]
public sealed record SafetyCheckAnswer([property: Id(0)] SafetyFinding Finding, [property: Id(1)] string AsksFor, [property: Id(2)] string Rule);
