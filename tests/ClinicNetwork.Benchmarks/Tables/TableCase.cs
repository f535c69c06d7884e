using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>One table and privacy model that all contenders get.</summary>
/// <param name="Group">As <c>--only</c> takes it.</param>
/// <param name="Data">Drawn when its turn comes, and let go after it.</param>
/// <param name="Prior">For fixed regions; another draw of the same kind.</param>
/// <param name="Goals">For our tight table, or our stream; empty: none.</param>
internal sealed record TableCase(string Group, string Name, Func<Microdata> Data, Func<Microdata>? Prior, PrivacyModel Model, params IReadOnlyList<TableGoal> Goals)
{
    /// <summary>Of a stream, rows; 0: a table at once.</summary>
    public int Delay { get; init; }

    /// <summary>Small enough for the plain sweep over all vectors.</summary>
    public bool IsCensus { get; init; }

    /// <summary>Place in a plot: rows or number of quasi-identifiers.</summary>
    public (string Plot, int At)? Point { get; init; }
}

/// <param name="Of">What is compared.</param>
/// <param name="Most">It is met at this or less.</param>
internal sealed record TableGoal(GoalOf Of, double Most);

internal enum GoalOf
{
    Ncp,
    Suppressed,
    Seconds,
}
