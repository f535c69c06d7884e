namespace ClinicNetwork.Journal;

/// <summary>What no append may be, whatever the store holds. A breach is a bug of the caller and an <see cref="ArgumentException"/>.</summary>
internal static class AppendRules
{
    public static void Check(Append append)
    {
        ArgumentNullException.ThrowIfNull(append);
        Require(append.Stream.Length > 0, "names no stream");
        Require(append.Version >= 1, "has no version");
        Require(append.BaseHash is not null && append.Origin.PayloadHash is not null, "lacks a hash");
        Require(append.Origin.RequestId.Length > 0, "has no request id");
        Require(append.Events.Count > 0, "has no event");
        foreach (var projection in append.Projections)
        {
            Check(projection);
        }
    }

    private static void Check(Projection projection)
    {
        if (projection is Projection.ConsentSet consent)
        {
            Require(consent.Recipients >= 0, "sets a negative consent");
        }
        else if (projection is Projection.PublicationPrepared { Step: var step })
        {
            Require(step.Cells.All(cell => cell.Members.Count > 0), "forms a cell of nobody");
        }
    }

    private static void Require(bool holds, string breach)
    {
        if (!holds)
        {
            throw new ArgumentException($"The append {breach}.");
        }
    }
}
