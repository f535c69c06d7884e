namespace ClinicNetwork.Verification;

/// <summary>
/// A release's figures, recomputed from its rows and never copied from a manifest (except <see cref="ManifestWaiting"/> and
/// <see cref="WithheldCells"/>, which no row can tell). A withdrawn row has no values: only <see cref="Rows"/> and
/// <see cref="WithdrawnRows"/> count it.
/// </summary>
/// <param name="Batches">Batches whose rows were read.</param>
/// <param name="Rows">Rows in all batches, the withdrawn ones included.</param>
/// <param name="Persons">Distinct pseudonyms.</param>
/// <param name="Cells">Distinct cells with a delivered row.</param>
/// <param name="ClassMin">Rows of the smallest class of any batch; 0 without rows. A class: rows of one batch and milestone with equal
/// quasi-identifiers.</param>
/// <param name="Ncp">Normalised certainty penalty, mean over delivered rows × quasi-identifiers, 0 (leaves) to 1 (all <c>*</c>).</param>
/// <param name="RiskMax">Highest prosecutor risk, 1 / <see cref="ClassMin"/>.</param>
/// <param name="RiskAvg">Average prosecutor risk, classes / delivered rows.</param>
/// <param name="LDistinct">Fewest distinct outcome categories among the measured rows of one cell and milestone; 0 when nothing was
/// measured.</param>
/// <param name="Suppressed">Delivered rows with <c>*</c> in every quasi-identifier.</param>
/// <param name="WithdrawnRows">Rows delivered as their hash only.</param>
/// <param name="ManifestWaiting">The last manifest's <c>waiting</c>, as text; empty without a readable manifest.</param>
/// <param name="WithheldCells">Sum of the manifests' <c>withheld_cells</c>.</param>
/// <param name="Milestones">Milestones with a delivered row, in time order.</param>
public sealed record ReleaseFigures(
    int Batches,
    long Rows,
    int Persons,
    int Cells,
    int ClassMin,
    double Ncp,
    double RiskMax,
    double RiskAvg,
    int LDistinct,
    int Suppressed,
    int WithdrawnRows,
    string ManifestWaiting,
    int WithheldCells,
    IReadOnlyList<MilestoneFigures> Milestones);

/// <summary>Counts of one milestone over all batches' delivered rows.</summary>
/// <param name="Milestone">Name of the milestone, as in the column.</param>
/// <param name="Rows">Delivered rows, measured or missing: the denominator that keeps drop-outs in.</param>
/// <param name="Measured">Rows with an outcome.</param>
/// <param name="Missing">Rows without one, by reason; reasons that do not occur are left out.</param>
/// <param name="Response">Measured rows with response.</param>
/// <param name="Remission">Measured rows with remission.</param>
/// <param name="Worsening">Measured rows with worsening.</param>
public sealed record MilestoneFigures(
    string Milestone,
    int Rows,
    int Measured,
    IReadOnlyDictionary<string, int> Missing,
    int Response,
    int Remission,
    int Worsening);
