using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Verification;

/// <summary>A cell at one milestone: published whole, once.</summary>
internal struct CellMilestone
{
    /// <summary>Number of the batch that published it; 0 before.</summary>
    public int Batch;

    /// <summary>Members as the manifest says, withdrawn ones included; 0 when the manifest does not list it.</summary>
    public int Members;

    /// <summary>Delivered rows; a correction counts as the row which it replaces.</summary>
    public int Rows;

    /// <summary>Those of them that are corrections.</summary>
    public int Corrected;

    /// <summary>Distinct persons of the delivered rows.</summary>
    public int Persons;

    /// <summary>Delivered rows with an outcome.</summary>
    public int Measured;

    /// <summary>How many of them are of each category.</summary>
    public CategoryCounts Counts;

    public Bands Bands;

    /// <summary>Published again by a later batch, already reported.</summary>
    public bool Twice;

    /// <summary>Line of its first delivered row; 0 without any.</summary>
    public int FirstLine;

    /// <summary>Members no longer delivered: withdrawn, or all of them when the cell fell under k.</summary>
    public readonly int Withdrawn => Members - Rows;

    /// <summary>Measured rows whose category the agreed columns do not tell.</summary>
    public readonly int Unknown => Counts[(int)OutcomeCategory.Unknown];

    /// <summary>Distinct categories among the rows of known category.</summary>
    public readonly int Categories
    {
        get
        {
            var distinct = 0;
            for (var i = 0; i < OutcomeProfile.OutcomeCategories; i++) distinct += Counts[i] > 0 ? 1 : 0;
            return distinct;
        }
    }

    /// <summary>Most distinct categories there may have been, had every withdrawn or unknown row been of one of its own.</summary>
    public readonly int CategoriesMost => Math.Min(
        Bands == Bands.Coarse ? OutcomeProfile.CoarseCategories : OutcomeProfile.OutcomeCategories,
        Categories + Unknown + Math.Max(0, Withdrawn));
}

/// <summary>Counts by <see cref="OutcomeCategory"/>.</summary>
[InlineArray(OutcomeProfile.OutcomeCategories + 1)]
internal struct CategoryCounts
{
    private int _first;
}

/// <summary>Every cell of the release, its quasi-identifiers and its milestones.</summary>
internal sealed class CellRegister
{
    private readonly Dictionary<ulong, int> _cells = [];
    private readonly List<ulong?> _quasiIdentifiers = [];
    private CellMilestone[] _milestones = new CellMilestone[64 * MilestoneCount];

    public static readonly int MilestoneCount = OutcomeProfile.Milestones.Length;

    /// <summary>Cells with a delivered row.</summary>
    public int Living { get; private set; }

    public int IndexOf(ulong cell)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, cell, out var known);
        if (known) return index;
        index = _quasiIdentifiers.Count;
        _quasiIdentifiers.Add(null);
        if (_quasiIdentifiers.Count * MilestoneCount > _milestones.Length) Array.Resize(ref _milestones, 2 * _milestones.Length);
        return index;
    }

    /// <summary>A place that holds until the next <see cref="IndexOf"/>.</summary>
    public ref CellMilestone At(int cell, int milestone) => ref _milestones[SlotOf(cell, milestone)];

    public ref CellMilestone At(int slot) => ref _milestones[slot];

    public static int SlotOf(int cell, int milestone) => cell * MilestoneCount + milestone;

    public static int MilestoneOf(int slot) => slot % MilestoneCount;

    /// <summary>Whether a row's quasi-identifiers are those of its cell; the first row decides them.</summary>
    public bool Admits(int cell, ulong quasiIdentifiers)
    {
        if (_quasiIdentifiers[cell] is { } own) return own == quasiIdentifiers;
        _quasiIdentifiers[cell] = quasiIdentifiers;
        Living++;
        return true;
    }
}
