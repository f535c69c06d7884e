using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Cli.Demo;

/// <summary>The simulator's words in the contract's.</summary>
internal static class Words
{
    internal static BloodPressure Of(VirtualPressure pressure) =>
        new() { SystolicMmhg = pressure.SystolicMmHg, DiastolicMmhg = pressure.DiastolicMmHg };

    internal static Milestone Of(VirtualMilestone milestone) => milestone switch
    {
        VirtualMilestone.EndOfInduction => Milestone.EndOfInduction,
        VirtualMilestone.Week4 => Milestone.Week4,
        VirtualMilestone.Week8 => Milestone.Week8,
        VirtualMilestone.Week12 => Milestone.Week12,
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };

    internal static MissingReason Of(MissedReason reason) => reason switch
    {
        MissedReason.NotAttended => MissingReason.NotAttended,
        MissedReason.Unreachable => MissingReason.Unreachable,
        MissedReason.Declined => MissingReason.Declined,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    internal static TreatmentResponse Of(EarlierResponse response) => response switch
    {
        EarlierResponse.None => TreatmentResponse.None,
        EarlierResponse.Partial => TreatmentResponse.Partial,
        EarlierResponse.Full => TreatmentResponse.Full,
        _ => throw new ArgumentOutOfRangeException(nameof(response)),
    };

    internal static SideEffectKind Of(VirtualSideEffect kind) => kind switch
    {
        VirtualSideEffect.Dissociation => SideEffectKind.Dissociation,
        VirtualSideEffect.Nausea => SideEffectKind.Nausea,
        VirtualSideEffect.Sedation => SideEffectKind.Sedation,
        VirtualSideEffect.RaisedBloodPressure => SideEffectKind.BloodPressureIncreased,
        VirtualSideEffect.Headache => SideEffectKind.Headache,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static SideEffectSeverity Of(VirtualSeverity severity) => severity switch
    {
        VirtualSeverity.Mild => SideEffectSeverity.Mild,
        VirtualSeverity.Moderate => SideEffectSeverity.Moderate,
        VirtualSeverity.Severe => SideEffectSeverity.Severe,
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };

    internal static string Of(LeavingReason reason) => reason switch
    {
        LeavingReason.LackOfEffect => "lack of effect",
        LeavingReason.SideEffects => "side effects",
        LeavingReason.Cost => "cost",
        LeavingReason.MovedAway => "moved away",
        LeavingReason.OwnWish => "own wish",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
