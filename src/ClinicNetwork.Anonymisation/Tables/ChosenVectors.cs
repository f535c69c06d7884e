using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Vectors that are visited where there are too many for all: those around some tuples, which are spread evenly over the table, so that equal inputs give equal vectors.</summary>
internal sealed class ChosenVectors(TupleTable tuples)
{
    private readonly (int Level, double Loss)[][] _levels = VectorOrder.LevelsOf(tuples);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>With the mean loss of each; the root, which publishes nothing, is always among them.</summary>
    public List<(int[] Levels, double Loss)> Vectors { get; } = [];

    /// <summary>Adds those around some of the tuples that are in no class.</summary>
    /// <param name="anchorsMax">Tuples to look around; each gives at most four vectors.</param>
    public void Add(Classes classes, int k, int anchorsMax, CancellationToken cancellationToken)
    {
        int[] open = [.. Enumerable.Range(0, classes.Tuples.Count).Where(t => classes.OfTuple[t] < 0)];
        var (near, anchors) = (new NearVectors(classes.Tuples, open, k), Math.Min(open.Length, anchorsMax));
        for (var i = 0; i < anchors; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            near.Around(open[(int)((long)i * open.Length / anchors)], Note);
        }

        Note([.. tuples.Data.Attributes.Select(a => a.Height)]);
    }

    private void Note(int[] vector)
    {
        if (_known.Add(new string(MemoryMarshal.Cast<int, char>(vector))))
        {
            Vectors.Add((vector, VectorOrder.MeanLoss(_levels, vector)));
        }
    }
}
