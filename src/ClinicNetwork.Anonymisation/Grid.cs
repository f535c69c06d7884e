namespace ClinicNetwork.Anonymisation;

/// <summary>
/// The versioned grid over the quasi-identifiers. A region is one value per attribute; regions are fixed in advance, so a published
/// value is a function of the region and never of the neighbours (design, section 6).
/// </summary>
public sealed record Grid(string Id, int Version, IReadOnlyList<Hierarchy> Attributes)
{
    /// <summary>The region that covers everybody; never released.</summary>
    public IReadOnlyList<string> Root => [.. Attributes.Select(_ => Hierarchy.Root)];

    /// <summary>Mean loss over the attributes of publishing this region, 0 to 1.</summary>
    public double Loss(IReadOnlyList<string> region)
    {
        var sum = 0.0;
        for (var i = 0; i < Attributes.Count; i++)
        {
            sum += Attributes[i].Loss(region[i]);
        }

        return sum / Attributes.Count;
    }

    /// <summary>Null when there is one known leaf per attribute, else the name of the first attribute that is wrong.</summary>
    public string? FirstWrong(IReadOnlyList<string> leaves) =>
        leaves.Count != Attributes.Count
            ? "(number of attributes)"
            : Attributes.Where((a, i) => !a.IsLeaf(leaves[i])).Select(a => a.Name).FirstOrDefault();
}
