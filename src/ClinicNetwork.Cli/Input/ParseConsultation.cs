using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Input;

/// <summary>Parts of a consultation, and safety checks.</summary>
internal static partial class Parse
{
    /// <summary><c>TREATMENT:adequate|inadequate:none|partial|full</c>, and <c>:class=ssri,dose=150mg,weeks=8,adherence=good,episode=present</c> after it.</summary>
    internal static EarlierTreatment? EarlierTreatment(string text)
    {
        var parts = text.Split(':');
        if (parts is not [{ Length: > 0 and <= 120 } treatment, "adequate" or "inadequate", var response, ..] || parts.Length > 4 || Choice<TreatmentResponse>.Find(response) is not { } worked)
            return null;
        var parsed = new EarlierTreatment { Treatment = treatment, Adequate = parts[1] == "adequate", Response = worked };
        if (parts.Length == 4)
            parsed.Trial = Trial(parts[3]);
        return parts.Length == 4 && parsed.Trial is null ? null : parsed;
    }

    /// <summary><c>NAME:CLASS</c> or <c>NAME:CLASS:DOSE</c>.</summary>
    internal static Medication? Medication(string text) =>
        text.Split(':', 3) is [{ Length: > 0 and <= 120 } name, var kind, .. var rest] && Choice<MedicationClass>.Find(kind) is { } found && rest.All(dose => dose.Length <= 120)
            ? new Medication { Name = name, MedicationClass = found, Dose = string.Concat(rest) }
            : null;

    /// <summary><c>31/40</c> in U/L.</summary>
    internal static LiverValue? Enzyme(string text) => Liver(text, LiverUnit.UnitsPerLitre, 50_000, 1_000);

    /// <summary><c>12/21umol</c> or <c>0.7/1.2mg</c>.</summary>
    internal static LiverValue? Bilirubin(string text) =>
        text.EndsWith("umol", StringComparison.Ordinal) ? Liver(text[..^4], LiverUnit.MicromolPerLitre, 2_000, 100)
        : text.EndsWith("mg", StringComparison.Ordinal) ? Liver(text[..^2], LiverUnit.MgPerDecilitre, 117, 5.8)
        : null;

    /// <summary><c>NAME;SCORE;HIGHEST</c> or <c>NAME;SCORE;HIGHEST;NORMAL-FROM</c>.</summary>
    internal static CognitionTest? Cognition(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (parts.Length is < 3 or > 4 || parts[0].Length is 0 or > 120 || Number(parts[2], 0, 1_000) is not { } most || Number(parts[1], 0, most) is not { } score)
            return null;
        var test = new CognitionTest { Test = parts[0], Score = score, ScoreMax = most };
        if (parts.Length == 4)
        {
            if (Number(parts[3], 0, most) is not { } from)
                return null;
            test.NormalFrom = from;
        }
        return test;
    }

    private static LiverValue? Liver(string text, LiverUnit unit, double most, double limitMost) =>
        text.Split('/') is [var value, var limit] && Number(value, 0, most) is { } found && Number(limit, 0, limitMost) is { } upper && upper > 0
            ? new LiverValue { Value = found, UpperLimit = upper, Unit = unit }
            : null;

    private static TreatmentTrial? Trial(string text)
    {
        var trial = new TreatmentTrial();
        foreach (var part in text.Split(','))
        {
            if (part.Split('=', 2) is not [var key, var value] || !Set(trial, key, value))
                return null;
        }
        return trial.TreatmentClass == TreatmentClass.Unspecified ? null : trial;
    }

    private static bool Set(TreatmentTrial trial, string key, string value)
    {
        switch (key)
        {
            case "class" when Choice<TreatmentClass>.Find(value) is { } kind:
                trial.TreatmentClass = kind;
                return true;
            case "dose" when value.EndsWith("mg", StringComparison.Ordinal) && Number(value[..^2], 0, 10_000) is { } mg:
                (trial.Dose, trial.DoseUnit) = (mg, DoseUnit.MgPerDay);
                return true;
            case "dose" when value.EndsWith("sessions", StringComparison.Ordinal) && Number(value[..^8], 0, 10_000) is { } sessions:
                (trial.Dose, trial.DoseUnit) = (sessions, DoseUnit.Sessions);
                return true;
            case "weeks" when Whole(value, 1, 520) is { } weeks:
                trial.Weeks = weeks;
                return true;
            case "adherence" when Choice<Adherence>.Find(value) is { } adherence:
                trial.Adherence = adherence;
                return true;
            case "episode" when value is "present" or "earlier":
                trial.PresentEpisode = value == "present";
                return true;
            default:
                return false;
        }
    }
}
