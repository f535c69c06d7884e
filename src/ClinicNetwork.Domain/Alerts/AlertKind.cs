namespace ClinicNetwork.Domain.Alerts;

/// <summary>What an alert warns of.</summary>
[GenerateSerializer, Alias("alert-kind")]
public enum AlertKind
{
    RiskScreenDue = 1,
    HighRisk = 2,
    ClinicalWorsening = 3,
    LossOfResponse = 4,
    SevereHypertension = 5,
    AbruptStop = 6,
    MisusePattern = 7,
    Pregnancy = 80,
    PlanConflict = 90,
    OutsideGates = 105,
}
