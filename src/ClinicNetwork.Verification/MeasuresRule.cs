namespace ClinicNetwork.Verification;

/// <summary>
/// Decides whether a manifest's measures are what the rows give. A batch with withdrawn rows shows its measures as published, so for it
/// only bounds are decided: between what the delivered rows alone give and what the withdrawn ones could have added.
/// </summary>
internal sealed class MeasuresRule(ReleaseState state, Manifest manifest, BatchTally tally, string file)
{
    /// <summary>Half a unit of the sixth decimal, to which <c>ncp</c> is rounded, and a margin for binary fractions.</summary>
    private const double NcpTolerance = 5e-7 + 1e-9;

    /// <summary>Half a unit of the fourth decimal: the format page rounds the risks to no fewer.</summary>
    private const double RiskTolerance = 5e-5 + 1e-9;

    private int Withdrawn => tally.Withdrawn;

    public void Verify(CellRules.Diversity diversity)
    {
        Decide("persons", manifest.Persons, tally.Persons, tally.Persons + Withdrawn);
        Decide("classes", manifest.Classes, tally.Classes.Count, tally.Classes.Count + Withdrawn / manifest.K);
        VerifyClassMin();
        VerifyNcp();
        VerifyRisks();
        var least = Withdrawn == 0 ? diversity.Delivered : diversity.Delivered == 0 ? 0 : Math.Min(diversity.Delivered, manifest.DistinctL);
        Decide("l_distinct", manifest.LDistinct, least, diversity.Most);
        Decide("suppressed", manifest.Suppressed, tally.AtRoot, manifest.Format.IsSecond ? tally.AtRoot + Withdrawn : tally.AtRoot);
        for (var i = 0; i < OutcomeProfile.MissingReasons.Length; i++) VerifyMissing(i);
    }

    private void VerifyClassMin()
    {
        var delivered = tally.ClassMin;
        // Only k withdrawn rows or more can have been a class of their own.
        var least = Withdrawn < manifest.K ? delivered : delivered == 0 ? manifest.K : Math.Min(delivered, manifest.K);
        Decide("class_min", manifest.ClassMin, least, delivered + Withdrawn);
    }

    private void VerifyNcp()
    {
        var cells = Math.Max(1, (double)tally.Rows * OutcomeProfile.QuasiIdentifierCount);
        var withdrawnLoss = (double)Withdrawn * OutcomeProfile.QuasiIdentifierCount;
        Decide("ncp", manifest.Ncp, tally.Loss / cells - NcpTolerance, (tally.Loss + withdrawnLoss) / cells + NcpTolerance);
    }

    /// <summary>The risks follow from class_min, classes and rows, which are decided elsewhere.</summary>
    private void VerifyRisks()
    {
        var highest = manifest.ClassMin == 0 ? 0 : 1.0 / manifest.ClassMin;
        var average = tally.Rows == 0 ? 0 : (double)manifest.Classes / tally.Rows;
        Decide("risk_max", manifest.RiskMax, highest - RiskTolerance, highest + RiskTolerance);
        Decide("risk_avg", manifest.RiskAvg, average - RiskTolerance, average + RiskTolerance);
    }

    private void VerifyMissing(int reason)
    {
        var reported = manifest.Missing[reason];
        var counted = tally.Missing[reason];
        var name = $"missing.{OutcomeProfile.MissingReasons[reason]}";
        if (reported.Discloses(manifest.K)) Refuse(name, "is under k and must be shown as fewer than k");
        else if (!reported.Meets(counted, counted + Withdrawn)) Refuse(name, "is not what the rows give");
    }

    private void Decide(string name, double stated, double least, double most)
    {
        if (stated < least || stated > most) Refuse(name, "is not what the rows give");
    }

    private void Refuse(string name, string fault) => state.Log.Add(Rules.Measures, file, null, $"{name} {fault}");
}
