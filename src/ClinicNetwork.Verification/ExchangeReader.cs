using System.Globalization;
using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>Reads the fields that version 2 of a manifest has beyond version 1, or in another form.</summary>
internal static class ExchangeReader
{
    /// <summary>Four shares, each rounded to four decimals, may miss 1 by half a unit each.</summary>
    private const double SharesTolerance = 4 * 5e-5 + 1e-9;

    public static readonly string[] Categories = ["worsening", "remission", "response", "no_change"];

    public static ManifestExchange Read(ManifestFields fields, IReadOnlyList<ManifestCell> cells, int k)
    {
        fields.OneOf("recipient_class", "RESEARCH_REGISTRY", "PARTNER_CLINIC", "PUBLIC_HEALTH", "INDUSTRY");
        fields.OneOf("purpose", "RESEARCH", "QUALITY_IMPROVEMENT", "SAFETY_MONITORING", "PRODUCT_DEVELOPMENT");
        ReadPolicy(fields.Object("policy"));
        fields.Fraction("withhold_share");
        ManifestCounts.ReadPromised(fields, k);
        return new ManifestExchange(
            fields.Text("recipient"),
            fields.Whole("publication", 1, int.MaxValue),
            fields.Fraction("t"),
            fields.Fraction("t_max"),
            ReadReference(fields, fields.Object("reference"), cells),
            ReadTombstones(fields),
            ReadCorrections(fields),
            ReadRedTeam(fields.Object("red_team")));
    }

    private static void ReadPolicy(ManifestFields policy)
    {
        policy.OneOf("kind", "safe-harbor", "expert-determination");
        policy.Text("text");
        if (!DateOnly.TryParseExact(policy.Text("dated"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            policy.Refuse("dated", "must be a day as YYYY-MM-DD");
        policy.RefuseOthers();
    }

    /// <summary>For each milestone of the cells and no other: shares that add up to 1, or nothing where nobody was ever measured.</summary>
    private static double[]?[] ReadReference(ManifestFields fields, ManifestFields reference, IReadOnlyList<ManifestCell> cells)
    {
        var byMilestone = new double[]?[OutcomeProfile.Milestones.Length];
        foreach (var milestone in cells.Select(cell => cell.Milestone).Distinct().Order())
        {
            if (!reference.Has(OutcomeProfile.Milestones[milestone])
                || !reference.Any(OutcomeProfile.Milestones[milestone], out var json)
                || json.ValueKind != JsonValueKind.Object)
            {
                fields.Refuse("reference", "lacks shares of a milestone of the cells");
                continue;
            }

            var shares = fields.Item("reference", milestone, json);
            double[] values = [.. Categories.Select(name => shares.Fraction(name))];
            shares.RefuseOthers();
            if (values.Sum() is > 0 and var sum && Math.Abs(sum - 1) > SharesTolerance)
                shares.Refuse("", "has shares that do not add up to 1");
            byMilestone[milestone] = values;
        }

        reference.RefuseOthers();
        return byMilestone;
    }

    private static List<(int, int)> ReadTombstones(ManifestFields fields)
    {
        var rows = new List<(int, int)>();
        foreach (var (index, json) in fields.List("tombstones", JsonValueKind.Object).Index())
        {
            var entry = fields.Item("tombstones", index, json);
            var batch = entry.Whole("batch", 1, Limits.BatchesMax);
            foreach (var row in entry.List("rows", JsonValueKind.Number))
            {
                if (row.TryGetInt32(out var number) && number is >= 0 and < Limits.RowsMax) rows.Add((batch, number));
                else entry.Refuse("rows", "must hold row numbers");
            }

            entry.RefuseOthers();
        }

        return rows;
    }

    private static List<Correction> ReadCorrections(ManifestFields fields)
    {
        var corrections = new List<Correction>();
        foreach (var (index, json) in fields.List("corrections", JsonValueKind.Object).Index())
        {
            var entry = fields.Item("corrections", index, json);
            corrections.Add(new Correction(
                entry.Whole("row", 0, Limits.RowsMax - 1), entry.Whole("batch", 1, Limits.BatchesMax), entry.Whole("of", 0, Limits.RowsMax - 1)));
            entry.RefuseOthers();
        }

        return corrections;
    }

    private static List<AttackClaim> ReadRedTeam(ManifestFields redTeam)
    {
        redTeam.OneOf("control", "none", "pool", "simulated");
        redTeam.Whole("persons", 0, Limits.RowsMax);
        var attacks = new List<AttackClaim>();
        foreach (var (index, json) in redTeam.List("attacks", JsonValueKind.Object).Index())
        {
            var entry = redTeam.Item("attacks", index, json);
            entry.Text("attack");
            entry.Whole("attacked", 0, int.MaxValue);
            entry.Fraction("risk");
            entry.Fraction("control_risk");
            string[] verdicts = ["held", "exceeded", "not_established"];
            attacks.Add(new AttackClaim(verdicts[entry.OneOf("verdict", verdicts)], entry.Fraction("excess_high", min: -1)));
            entry.RefuseOthers();
        }

        redTeam.RefuseOthers();
        return attacks;
    }
}
