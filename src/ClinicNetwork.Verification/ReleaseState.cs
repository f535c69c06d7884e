namespace ClinicNetwork.Verification;

/// <summary>What the batches of one release share: rules over all batches are decided on it.</summary>
internal sealed class ReleaseState
{
    public FindingLog Log { get; } = new();
    public PersonRegister Persons { get; } = new();
    public CellRegister Cells { get; } = new();
    public LabelRegister[] Labels { get; } = [.. OutcomeProfile.QuasiIdentifiers.Select(_ => new LabelRegister())];
    public FiguresTally Figures { get; } = new();

    /// <summary>Every manifest and row so far was readable; else differences between milestones mean nothing.</summary>
    public bool Complete { get; set; } = true;

    public VerificationReport Report() => new(Log.Findings, Log.More, Figures.Figures(Persons.Count, Cells.Living));
}
