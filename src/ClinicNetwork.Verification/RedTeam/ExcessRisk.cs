namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// What an attack on persons of the release gains over the same attack on persons who are not in it (Giomi et al., PoPETs 2023(2):312-328, doi:10.56553/popets-2023-0055):
/// (attack − control)/(1 − control), each rate the centre of its 95 % Wilson interval, the half-widths propagated to first order.
/// </summary>
/// <param name="Attack">Successes against persons of the release.</param>
/// <param name="Control">Successes against persons of the control.</param>
public readonly record struct ExcessRisk(Proportion Attack, Proportion Control)
{
    /// <summary>Attacks on either side, at least: with fewer the risk is not established.</summary>
    public const int AttacksMin = 200;

    /// <summary>Highest upper 95 % bound of the excess that is held.</summary>
    public const double Bound = 0.05;

    /// <summary>0 to 1; below 0 is 0.</summary>
    public double Estimate => Math.Clamp(Raw, 0, 1);

    public double Lower => Math.Clamp(Raw - Error, 0, 1);

    public double Upper => Math.Clamp(Raw + Error, 0, 1);

    public bool IsEstablished => Math.Min(Attack.Of, Control.Of) >= AttacksMin;

    private double Room => 1 - Control.Centre;

    private double Raw => (Attack.Centre - Control.Centre) / Room;

    private double Error => double.Hypot(Attack.HalfWidth / Room, Control.HalfWidth * (1 - Attack.Centre) / (Room * Room));

    /// <param name="persons">Of the smaller of release and control.</param>
    internal AttackResult Judge(string attack, int persons, bool gates = true)
    {
        var figures = new Dictionary<string, double> { ["attacks"] = Attack.Of, ["successes"] = Attack.Count };
        if (Attack.Of > 0)
        {
            (figures["attack_rate"], figures["attack_lower"], figures["attack_upper"]) = (Attack.Estimate, Attack.Lower, Attack.Upper);
        }

        if (Control.Of == 0 || Attack.Of == 0)
        {
            var why = Attack.Of == 0 ? "nothing to attack with" : "no --control, so the excess is unknown";
            return new(attack, AttackVerdict.NotEstablished, $"{Attack.Count} of {Attack.Of} succeed; {why}", figures);
        }

        (figures["control_attacks"], figures["control_successes"], figures["control_rate"]) = (Control.Of, Control.Count, Control.Estimate);
        (figures["excess"], figures["excess_lower"], figures["excess_upper"], figures["bound"]) = (Estimate, Lower, Upper, Bound);
        var found = $"{AttackResult.Percent(Attack.Estimate)} of {Attack.Of} succeed, control {AttackResult.Percent(Control.Estimate)} of {Control.Of}; excess "
            + $"{AttackResult.Percent(Estimate)} ({AttackResult.Percent(Lower)} to {AttackResult.Percent(Upper)})";
        var verdict = !gates ? AttackVerdict.Reported : !IsEstablished || persons < AttacksMin ? AttackVerdict.NotEstablished : Upper > Bound ? AttackVerdict.Exceeded : AttackVerdict.Held;
        return new(attack, verdict, verdict == AttackVerdict.NotEstablished ? $"{found}; under {AttacksMin} attacks or persons" : found, figures);
    }
}
