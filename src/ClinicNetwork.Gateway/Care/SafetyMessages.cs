using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Safety;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;
using ResultCase = ClinicNetwork.Protocol.Care.V1.RecordSafetyCheckRequest.ResultOneofCase;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Safety checks from and to the wire.</summary>
internal static class SafetyMessages
{
    public static RecordSafetyCheck Of(Wire.RecordSafetyCheckRequest r) => new(new SafetyCheck(
        new SafetyCheckId(Fields.Id(r.SafetyCheckId, "safety_check_id")),
        r.ResultCase switch
        {
            ResultCase.LiverPanel => SafetyCheckKind.LiverPanel,
            ResultCase.CognitionTest => SafetyCheckKind.CognitionTest,
            ResultCase.MisuseScreen => SafetyCheckKind.MisuseScreen,
            ResultCase.PregnancyTest => SafetyCheckKind.PregnancyTest,
            ResultCase.UrineDrugScreen => SafetyCheckKind.UrineDrugScreen,
            _ => throw Fields.Invalid("RESULT_MISMATCH", "result", "Give one of the documented results."),
        },
        Fields.Instant(r.OccurredAt, "occurred_at"),
        r.LiverPanel is { } panel ? new LiverPanel(Of(panel.Alt, "alt"), Of(panel.Ast, "ast"), Of(panel.Alp, "alp"), Of(panel.Bilirubin, "bilirubin")) : null,
        r.CognitionTest is { } test
            ? new CognitionTest(
                test.Test,
                Fields.Finite(test.Score, "cognition_test.score"),
                Fields.Finite(test.ScoreMax, "cognition_test.score_max"),
                test.HasNormalFrom ? Fields.Finite(test.NormalFrom, "cognition_test.normal_from") : null)
            : null,
        Of(r.MisuseScreen, "misuse_screen") ?? Of(r.PregnancyTest, "pregnancy_test") ?? Of(r.UrineDrugScreen, "urine_drug_screen"),
        r.Note));

    /// <summary>In order of recording.</summary>
    public static IEnumerable<Wire.SafetyCheck> Of(PatientState state) => state.SafetyChecks.Select(c => Of(state, c));

    public static IEnumerable<Wire.SafetyWarning> WarningsOf(PatientState state) => SafetyRules.Warnings(state).Select(w => new Wire.SafetyWarning
    {
        SafetyCheck = NameOf(state, w.Check),
        Kind = (Wire.SafetyCheckKind)w.Check.Kind,
        OccurredAt = w.Check.OccurredAt.ToTimestamp(),
        Finding = (Wire.SafetyFinding)w.Judgement.Finding,
        AsksFor = w.Judgement.AsksFor,
        Rule = w.Judgement.Rule.Key,
        RuleText = w.Judgement.Rule.Text,
        Source = w.Judgement.Rule.Source,
    });

    public static Wire.SafetyCheck Of(PatientState state, SafetyCheck check)
    {
        var judgement = SafetyRules.Judge(check);
        var message = new Wire.SafetyCheck
        {
            Name = NameOf(state, check),
            Kind = (Wire.SafetyCheckKind)check.Kind,
            OccurredAt = check.OccurredAt.ToTimestamp(),
            Note = check.Note,
            Finding = (Wire.SafetyFinding)judgement.Finding,
            Rule = judgement.Rule.Key,
        };
        switch (check.Kind)
        {
            case SafetyCheckKind.LiverPanel:
                message.LiverPanel = Of(check.Liver!);
                break;
            case SafetyCheckKind.CognitionTest:
                message.CognitionTest = Of(check.Cognition!);
                break;
            case SafetyCheckKind.MisuseScreen:
                message.MisuseScreen = Of(check.Screen!);
                break;
            case SafetyCheckKind.PregnancyTest:
                message.PregnancyTest = Of(check.Screen!);
                break;
            case SafetyCheckKind.UrineDrugScreen:
                message.UrineDrugScreen = Of(check.Screen!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(check));
        }

        return message;
    }

    private static string NameOf(PatientState state, SafetyCheck check) => $"{state.Id.Name}/safetyChecks/{check.Id.Value}";

    private static LiverValue? Of(Wire.LiverValue? value, string name) => value is null ? null : new(
        Fields.Finite(value.Value, $"liver_panel.{name}.value"),
        Fields.Finite(value.UpperLimit, $"liver_panel.{name}.upper_limit"),
        Fields.Enum<LiverUnit>((int)value.Unit, $"liver_panel.{name}.unit"));

    private static ScreenResult? Of(Wire.ScreenResult? screen, string field) =>
        screen is null ? null : new(Fields.Enum<ScreenOutcome>((int)screen.Outcome, field + ".outcome"), screen.Instrument, [.. screen.Substances]);

    private static Wire.LiverPanel Of(LiverPanel panel) => new() { Alt = Of(panel.Alt), Ast = Of(panel.Ast), Alp = Of(panel.Alp), Bilirubin = Of(panel.Bilirubin) };

    private static Wire.LiverValue? Of(LiverValue? value) =>
        value is null ? null : new() { Value = value.Value, UpperLimit = value.UpperLimit, Unit = (Wire.LiverUnit)value.Unit };

    private static Wire.CognitionTest Of(CognitionTest test)
    {
        var message = new Wire.CognitionTest { Test = test.Test, Score = test.Score, ScoreMax = test.ScoreMax };
        if (test.NormalFrom is { } from)
        {
            message.NormalFrom = from;
        }

        return message;
    }

    private static Wire.ScreenResult Of(ScreenResult screen)
    {
        var message = new Wire.ScreenResult { Outcome = (Wire.ScreenOutcome)screen.Outcome, Instrument = screen.Instrument };
        message.Substances.AddRange(screen.Substances);
        return message;
    }
}
