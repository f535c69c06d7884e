namespace ClinicNetwork.Verification;

internal delegate void RowObserver(Manifest manifest, in OutcomeRow row, RowLine line);

/// <summary>What the batches of one release share: rules over all batches are decided on it.</summary>
internal sealed class ReleaseState
{
    public FindingLog Log { get; } = new();
    public PersonRegister Persons { get; } = new();
    public CellRegister Cells { get; } = new();
    public LabelRegister[] Labels { get; } = [.. OutcomeProfile.QuasiIdentifiers.Select(_ => new LabelRegister())];
    public FiguresTally Figures { get; } = new();

    public TombstoneRegister Tombstones { get; } = new();

    /// <summary>Cells and milestones that later corrections may fill up.</summary>
    public List<DeferredSlot> Deferred { get; } = [];

    /// <summary>Classes under k, by batch and class, that later corrections may fill up.</summary>
    public Dictionary<(int Batch, ulong Class), (int Persons, int K, int Line, string RowsFile)> SmallClasses { get; } = [];

    /// <summary>By column: every batch has it.</summary>
    public bool[] Columns { get; } = [.. OutcomeProfile.ColumnNames.Select(_ => true)];

    /// <summary>Is shown each row that has values, while the line holds them.</summary>
    public RowObserver? OnRow { get; init; }

    /// <summary>Of the last batch read; in version 1 the batch's own number. 0 before.</summary>
    public int Publication { get; set; }

    /// <summary>One batch is verified without the others.</summary>
    public bool Alone { get; init; }

    /// <summary>Every manifest and row so far was readable; else differences between milestones mean nothing.</summary>
    public bool Complete { get; set; } = true;

    public VerificationReport Report() => new(Log.Findings, Log.More, Figures.Figures(Persons.Count, Cells.Living));
}

/// <summary>A cell and milestone with rows that are withdrawn, or corrected by a later batch.</summary>
/// <param name="Slot">Of <see cref="CellRegister"/>.</param>
internal readonly record struct DeferredSlot(int Slot, int K, int DistinctL, string RowsFile);
