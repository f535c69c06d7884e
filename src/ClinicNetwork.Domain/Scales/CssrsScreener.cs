namespace ClinicNetwork.Domain.Scales;

/// <summary>
/// Columbia Suicide Severity Rating Scale, screener: yes or no, with a triage and no total (Posner 2011, 10.1176/appi.ajp.2011.10111704). Questions 3 to 5 are
/// asked when 2 is yes, the second part of 6 when the first is.
/// </summary>
public static class CssrsScreener
{
    private const string Thoughts = "thoughts";
    private const string Behaviour = "behaviour-ever";

    /// <summary>LOINC: HL7 US Behavioral Health Profiles, example of the C-SSRS.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.CssrsScreener,
        "c-ssrs-screener",
        Version: 1,
        "Columbia Suicide Severity Rating Scale, screener",
        Items:
        [
            Question(1, "wish", RiskTriage.Low, "93246-7"),
            Question(2, Thoughts, RiskTriage.Low, "93247-5"),
            Question(3, "method", RiskTriage.Moderate, "93248-3", Thoughts),
            Question(4, "intent", RiskTriage.High, "93249-1", Thoughts),
            Question(5, "plan", RiskTriage.High, "93250-9", Thoughts),
            Question(6, Behaviour, RiskTriage.Moderate, "93267-3"),
            Question(6, "behaviour-3-months", RiskTriage.High, "93269-9", Behaviour),
        ],
        Bands: [],
        RecallDays: 30,
        ProratedItemsMax: 0,
        MissingRule: "Every question that is asked is answered; none is filled in.",
        Licence: "Free for use in care (Columbia Lighthouse Project); its wording is not shipped.",
        Source: "Posner 2011, Am J Psychiatry 168:1266, 10.1176/appi.ajp.2011.10111704. Triage: Blueprint and Rula, their guides to the screener: high is 4, 5 or 6 within 3 months, moderate is 3 or 6 earlier, "
            + "low is 1 or 2 alone. Past month: Blueprint; question 6 is about the whole life and the last 3 months.")
    {
        ResultLoinc = "93374-7",
    };

    private static ScaleItem Question(int number, string key, RiskTriage triage, string loinc, string askedIf = "") =>
        new(number, key, Max: 1) { Domain = "", Triage = triage, AskedIf = askedIf, Loinc = loinc };
}
