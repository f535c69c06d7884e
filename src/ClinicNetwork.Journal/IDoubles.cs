using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal;

/// <summary>
/// Records that look like one person's. Each patient is compared, once, with those that were compared before; nothing is found by the command that
/// enrols (docs/decisions/0057-probable-doubles.md).
/// </summary>
public interface IDoubles
{
    /// <summary>Patients that were not compared yet, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> ReadUncomparedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Compares each with all that were compared before, and with the others of this call, keeps the pairs, and marks all as compared, in one transaction. At most <see cref="PairsMax"/> of a kind are kept
    /// for each. Who is no patient any more is left out. Given again it changes nothing. Two at once, in whatever processes, miss no pair; false: another process compares, or another change
    /// came in between, nothing was done, and the same is to be tried again.
    /// </summary>
    /// <param name="unreadable">Marked as compared without it: nobody can read who they are.</param>
    Task<bool> CompareAsync(IReadOnlyList<ComparedPatient> patients, IReadOnlyList<string> unreadable, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Pairs after a position, what was found first first.</summary>
    /// <param name="clinic">Resource name; those with a patient whose home clinic it is now. Null: all.</param>
    /// <param name="dismissed">Those that were dismissed, else those that were not.</param>
    Task<IReadOnlyList<DoubleRow>> ReadAsync(string? clinic, bool dismissed, DoublePosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>One pair, or null.</summary>
    Task<DoubleRow?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>A name that thousands have (a placeholder) makes no thousands of pairs for each.</summary>
    const int PairsMax = 20;
}

/// <summary>Who a patient is.</summary>
public sealed record ComparedPatient(string Stream, string GivenName, string FamilyName, DateOnly BirthDate)
{
    /// <summary>Without who it is.</summary>
    public override string ToString() => nameof(ComparedPatient);
}

/// <param name="Name">32 hex digits, at random.</param>
/// <param name="One">The one of the two whose stream's name comes first.</param>
/// <param name="Dismissal">Null: it is open.</param>
public sealed record DoubleRow(string Name, DoubledRecord One, DoubledRecord Other, DoubleReason Reason, DateTimeOffset FoundAt, DoubleDismissal? Dismissal);

/// <param name="HomeClinic">Resource name of the clinic now.</param>
public sealed record DoubledRecord(string Stream, string HomeClinic);

/// <summary>By which command; the reason is in the stream.</summary>
/// <param name="Site">Id of the clinic that acted; empty: the network.</param>
public sealed record DoubleDismissal(string Stream, string Actor, string Site, DateTimeOffset At);

public sealed record DoublePosition(DateTimeOffset FoundAt, string Name);
