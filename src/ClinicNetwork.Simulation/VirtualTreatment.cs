namespace ClinicNetwork.Simulation;

public enum VirtualDrug
{
    /// <summary>Racemic ketamine, intravenous, in the clinic.</summary>
    RacemicIntravenous = 1,

    /// <summary>Esketamine, nasal, in the clinic under observation.</summary>
    EsketamineNasal = 2,
}

/// <summary>The planned induction.</summary>
/// <param name="Sessions">6 (IV) or 8 (esketamine).</param>
/// <param name="SessionsPerWeek">2 or 3.</param>
/// <param name="DoseMgPerKg">0.5 for IV; null for esketamine.</param>
/// <param name="InfusionMinutes">40 for IV; 0 for esketamine.</param>
/// <param name="FirstDoseMg">56 for esketamine; null for IV.</param>
/// <param name="LaterDoseMg">56 or 84 from the second esketamine session; null for IV.</param>
public sealed record VirtualTreatment(
    VirtualDrug Drug, int Sessions, int SessionsPerWeek, decimal? DoseMgPerKg, int InfusionMinutes, int? FirstDoseMg, int? LaterDoseMg)
{
    /// <summary>0.5 mg/kg over 40 min, six in two or three weeks (Murrough 2013; Phillips 2019; ELEKT-D 2023).</summary>
    public static VirtualTreatment Intravenous(int sessionsPerWeek) =>
        new(VirtualDrug.RacemicIntravenous, 6, sessionsPerWeek, 0.5m, 40, null, null);

    /// <summary>56 mg, then 56 or 84 mg, twice weekly for four weeks (Spravato label).</summary>
    public static VirtualTreatment Esketamine(int laterDoseMg) => new(VirtualDrug.EsketamineNasal, 8, 2, null, 0, 56, laterDoseMg);

    /// <summary>Dose of session 1, 2, … in mg, to 0.1 mg.</summary>
    public decimal DoseMg(int session, decimal weightKg) => Drug switch
    {
        VirtualDrug.RacemicIntravenous => Math.Round(DoseMgPerKg!.Value * weightKg, 1, MidpointRounding.ToEven),
        _ => session == 1 ? FirstDoseMg!.Value : LaterDoseMg!.Value,
    };

    /// <summary>Minutes from the start under which nobody goes home: 120 for esketamine (label), 100 for IV ([K]: 40 and an hour).</summary>
    public int ObservedMinutesMin => Drug == VirtualDrug.EsketamineNasal ? 120 : 100;
}
