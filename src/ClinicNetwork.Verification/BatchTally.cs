using System.Runtime.InteropServices;

namespace ClinicNetwork.Verification;

/// <summary>Counts of one batch's rows, as far as they could be read.</summary>
internal sealed class BatchTally
{
    private const int MilestoneBits = 4;
    private readonly Dictionary<ulong, ClassCount> _classes = [];

    internal struct ClassCount
    {
        public int Rows;
        public int Persons;
        public int FirstLine;
    }

    /// <summary>Every line was a row of known values: without it, counts mean nothing.</summary>
    public bool Complete { get; set; } = true;

    /// <summary>Rows with values that are no corrections, as all counts here but those of <see cref="Milestones"/> and the three below.</summary>
    public int Delivered { get; private set; }

    public int Corrections { get; private set; }
    public int CorrectionsWithdrawn { get; set; }
    public double CorrectionsLoss { get; private set; }
    public int Withdrawn { get; set; }
    public int Rows => Delivered + Withdrawn;
    public int Persons { get; private set; }
    public int AtRoot { get; private set; }
    public double Loss { get; private set; }
    public int[] Missing { get; } = new int[OutcomeProfile.MissingReasons.Length];
    public MilestoneTally[] Milestones { get; } = [.. OutcomeProfile.Milestones.Select(name => new MilestoneTally(name))];

    /// <summary>Slots of <see cref="CellRegister"/> that this batch published, by its manifest or its rows.</summary>
    public List<int> Published { get; } = [];

    /// <summary>Rows of one milestone with equal quasi-identifiers.</summary>
    public IReadOnlyDictionary<ulong, ClassCount> Classes => _classes;

    public int ClassMin => _classes.Count == 0 ? 0 : _classes.Values.Min(count => count.Rows);

    public void Count(in OutcomeRow row, PersonRegister.Sighting sighting, int line)
    {
        Delivered++;
        Loss += row.Loss;
        if (row.AtRoot) AtRoot++;
        if (sighting.NewInBatch) Persons++;
        if (!row.Measured && row.MissingReason != OutcomeProfile.Empty) Missing[row.MissingReason - 1]++;
        Milestones[row.Milestone].Count(row);
        ref var ofClass = ref CollectionsMarshal.GetValueRefOrAddDefault(_classes, ClassOf(row), out var known);
        if (!known) ofClass.FirstLine = line;
        ofClass.Rows++;
        if (sighting.NewInMilestone) ofClass.Persons++;
    }

    public void CountCorrection(in OutcomeRow row)
    {
        Corrections++;
        CorrectionsLoss += row.Loss;
        Milestones[row.Milestone].Count(row);
    }

    /// <summary>The class of a row within its batch.</summary>
    public static ulong ClassOf(in OutcomeRow row) => row.QuasiIdentifiers << MilestoneBits | row.Milestone;
}
