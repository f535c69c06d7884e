namespace ClinicNetwork.Verification;

/// <summary>Adds the batches' counts up to a release's figures.</summary>
internal sealed class FiguresTally
{
    private readonly MilestoneTally[] _milestones = [.. OutcomeProfile.Milestones.Select(name => new MilestoneTally(name))];
    private int _batches;
    private long _delivered;
    private int _withdrawn;
    private long _classes;
    private int _classMin;
    private double _loss;
    private int _lDistinct;
    private int _suppressed;
    private int _withheldCells;
    private string _waiting = "";

    /// <param name="lDistinct">Of the batch; 0 when nothing was measured.</param>
    public void Add(Manifest manifest, BatchTally batch, int lDistinct)
    {
        _batches++;
        _delivered += batch.Delivered + batch.Corrections;
        _withdrawn += batch.Withdrawn + batch.CorrectionsWithdrawn;
        _classes += batch.Classes.Count;
        _classMin = LeastPositive(_classMin, batch.ClassMin);
        _loss += batch.Loss + batch.CorrectionsLoss;
        _lDistinct = LeastPositive(_lDistinct, lDistinct);
        _suppressed += batch.AtRoot;
        _withheldCells = (int)Math.Min(int.MaxValue, (long)_withheldCells + manifest.WithheldCells);
        _waiting = manifest.Waiting;
        for (var i = 0; i < _milestones.Length; i++) _milestones[i].Add(batch.Milestones[i]);
    }

    public ReleaseFigures Figures(int persons, int cells) => new(
        _batches,
        _delivered + _withdrawn,
        persons,
        cells,
        _classMin,
        _delivered == 0 ? 0 : _loss / ((double)_delivered * OutcomeProfile.QuasiIdentifierCount),
        _classMin == 0 ? 0 : 1.0 / _classMin,
        _delivered == 0 ? 0 : (double)_classes / _delivered,
        _lDistinct,
        _suppressed,
        _withdrawn,
        _waiting,
        _withheldCells,
        [.. _milestones.Where(milestone => milestone.Any).Select(milestone => milestone.Figures())]);

    private static int LeastPositive(int a, int b) => a == 0 ? b : b == 0 ? a : Math.Min(a, b);
}
