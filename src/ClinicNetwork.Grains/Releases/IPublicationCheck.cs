using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Verifier and red team on prepared bytes. In the server, because grains know neither; one outcome that is not clean blocks the publication.</summary>
public interface IPublicationCheck
{
    /// <summary>Attacks everything that the recipient was ever given together with the candidate.</summary>
    Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken);

    /// <summary>What the independent verifier refuses in the whole release with the candidate: rules, each with file and line; empty: nothing.</summary>
    Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken);
}

/// <summary>A recipient's whole release, the candidate last.</summary>
/// <param name="Batches">1..n in order. While attacked, the candidate's manifest lacks <c>red_team</c> and is not signed.</param>
/// <param name="Known">Persons of the release, of whom the leaves are known.</param>
/// <param name="Control">Persons who are in no release.</param>
public sealed record CandidateRelease(
    string Recipient, string PublicKeyPem, IReadOnlyList<CandidateBatch> Batches, IReadOnlyList<KnownPerson> Known, IReadOnlyList<KnownPerson> Control)
{
    /// <summary>Re-key lists that the recipient was given, in order: without them a person whose pseudonym was replaced looks like two.</summary>
    public IReadOnlyList<ExchangeDocument> Rekeys { get; init; } = [];
}

/// <param name="Rows">In order; may be read more than once.</param>
public sealed record CandidateBatch(int Number, byte[] Manifest, byte[] Signature, Func<CancellationToken, IAsyncEnumerable<CandidateRow>> Rows);

/// <param name="Salt">Null with <paramref name="Values"/>: the row is delivered as its leaf.</param>
public sealed record CandidateRow(byte[]? Salt, IReadOnlyList<string>? Values, byte[] Leaf);

/// <param name="Pseudonym">Empty for the control.</param>
/// <param name="Leaves">One leaf of the grid for each quasi-identifier.</param>
/// <param name="Category">Outcome category at the end of induction; null: not measured.</param>
public sealed record KnownPerson(string Pseudonym, IReadOnlyList<string> Leaves, string? Category);

/// <param name="Control"><c>none</c>, <c>pool</c> or <c>simulated</c>.</param>
/// <param name="Persons">In the release.</param>
public sealed record RedTeamSummary(string Control, int Persons, IReadOnlyList<AttackSummary> Attacks)
{
    public bool Exceeded => Attacks.Any(a => a.Verdict == "exceeded");
}

/// <param name="Risk">Share of attacks that succeeded, 0 to 1; the control's beside it.</param>
/// <param name="ExcessHigh">Upper bound of the 95 % interval of the excess over the control.</param>
/// <param name="Verdict"><c>held</c>, <c>exceeded</c> or <c>not_established</c> (docs/release-format.md).</param>
public sealed record AttackSummary(string Attack, int Attacked, double Risk, double ControlRisk, double ExcessHigh, string Verdict);
