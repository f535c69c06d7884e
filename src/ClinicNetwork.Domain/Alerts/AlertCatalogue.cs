using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Alerts;

/// <summary>Every kind of alert, in every version that an alert may have been raised by. Owners and clocks are [K], ours: a clinician has to sign them off.</summary>
public static class AlertCatalogue
{
    /// <summary>mmHg: what the label of Spravato counts as severe hypertension.</summary>
    public const int SevereSystolicMmHg = 180;

    /// <inheritdoc cref="SevereSystolicMmHg"/>
    public const int SevereDiastolicMmHg = 110;

    private const int Hour = 60;
    private const int Day = 24 * Hour;

    public static readonly ImmutableArray<AlertRule> All =
    [
        new(
            AlertKind.RiskScreenDue, 1, "item 9 of a PHQ-9 is 1 or more: a C-SSRS the same clinical day",
            [new(Roles.Clinician | Roles.Nurse, null), new(Roles.Clinician, Hour), new(Roles.Clinician | Roles.SiteAdmin, Day)],
            "[K], practice; owners and clocks [K]"),
        new(
            AlertKind.HighRisk, 1, "a C-SSRS screen comes to high risk",
            [new(Roles.Clinician, 15), new(Roles.Clinician | Roles.SiteAdmin, 30)],
            "Triage: Posner 2011, 10.1176/appi.ajp.2011.10111704, and guides to the screener; owners and clocks [K]")
        { LateDays = 7 },
        new(
            AlertKind.ClinicalWorsening, 1, "a PHQ-9 at least 5 points above baseline, or above the best total of the course when that was at least 50 % below baseline",
            [new(Roles.Clinician, Day), new(Roles.Clinician | Roles.SiteAdmin, 2 * Day)],
            "worsening-clinical-phq9/1 ([K], our rule); owners and clocks [K]")
        { LateDays = 14 },
        new(
            AlertKind.LossOfResponse, 1, "a PHQ-9 less than 50 % below baseline after one of the course that was at least 50 % below it",
            [new(Roles.Clinician, 3 * Day), new(Roles.Clinician | Roles.SiteAdmin, 4 * Day)],
            "McInnes 2022, 10.1016/j.jad.2021.12.097 ([K] for the rule); owners and clocks [K]")
        { LateDays = 14 },
        new(
            AlertKind.SevereHypertension, 1, "a session's reading of 180 mmHg systolic or more, or 110 mmHg diastolic or more",
            [new(Roles.Clinician | Roles.Nurse, 10), new(Roles.Clinician, 10), new(Roles.Clinician | Roles.SiteAdmin, Hour)],
            "Spravato label, its figures for severe hypertension; owners and clocks [K]")
        { LateDays = 1 },
        new(
            AlertKind.AbruptStop, 1, "doses of a patient with at least 50 % below baseline have stopped without a taper: treatment ended, or none came for twice the longest interval planned",
            [new(Roles.Clinician, Day), new(Roles.Clinician | Roles.SiteAdmin, 2 * Day)],
            "Relapse without maintenance: SUSTAIN-1, Daly 2019, PMC6551577; no schedule for a taper was found; the rule, owners and clocks [K]"),
        new(
            AlertKind.MisusePattern, 1,
            "doses outside the plan; or a request for an early, an extra or a replaced dose within 28 days of another one, or of a session left against advice, readings missed at home or long-term safety items missed",
            [new(Roles.Clinician, 3 * Day), new(Roles.Clinician | Roles.SiteAdmin, 4 * Day)],
            "ASA, \"watch for diversion\"; the rule, owners and clocks [K]"),
        new(
            AlertKind.Pregnancy, 1, "a pregnancy is recorded, by report or test",
            [new(Roles.Clinician, Day), new(Roles.Clinician | Roles.SiteAdmin, 2 * Day)],
            "Spravato label, its caution about pregnancy; owners and clocks [K]"),
        new(
            AlertKind.PlanConflict, 1, "the plan was changed at two places at once, and the changes contradict each other",
            [new(Roles.Clinician, Day), new(Roles.Clinician | Roles.SiteAdmin, 2 * Day)],
            "[K], ours: docs/decisions/0051; owners and clocks [K]"),
        new(
            AlertKind.OutsideGates, 1,
            "a session was started without the network that a gate would have held, or where the clinic had no right to dose; or with it, while another clinic had that right",
            [new(Roles.Clinician, Hour), new(Roles.Clinician | Roles.SiteAdmin, Day)],
            "[K], ours: docs/decisions/0054; owners and clocks [K]"),
    ];

    /// <summary>The version that alerts are raised by today.</summary>
    public static AlertRule Get(AlertKind kind) => All.Where(r => r.Kind == kind).MaxBy(r => r.Version)!;

    /// <exception cref="InvalidOperationException">No such version: a newer release raised it.</exception>
    public static AlertRule Get(AlertKind kind, int version) => All.Single(r => r.Kind == kind && r.Version == version);
}
