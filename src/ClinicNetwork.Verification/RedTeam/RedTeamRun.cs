using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>What the red team is given.</summary>
/// <param name="Releases">Anonymised tables, 1 or more; one with a leading column <c>batch</c> is several.</param>
/// <param name="Originals">None; one that every release was made from; or one for each release. Rows as in the release.</param>
/// <param name="Hierarchies">Of the quasi-identifiers, 1 or more.</param>
/// <param name="Control">Rows of persons who are in no release; null: none.</param>
/// <param name="Regions">The grid's regions, one tuple a row; null: not known.</param>
public sealed record AttackFiles(
    IReadOnlyList<AttackedFile> Releases,
    IReadOnlyList<AttackedFile> Originals,
    IReadOnlyList<TableHierarchy> Hierarchies,
    AttackedFile? Control = null,
    AttackedFile? Regions = null);

/// <param name="K">Fewest persons that a target may be one of, 2 or more.</param>
/// <param name="Person">Name of the column of persons; null: every row is another person's.</param>
/// <param name="Sensitive">Name of the sensitive column; null: none.</param>
/// <param name="FixedRegions">The releases are meant to be in regions of a grid; false: tight covers.</param>
/// <param name="Seed">The same seed gives the same results.</param>
/// <param name="Attacks">Of each kind, at most; 1 or more.</param>
public sealed record AttackSettings(int K, string? Person = null, string? Sensitive = null, bool FixedRegions = false, int Seed = 1, int Attacks = 2_000);

/// <summary>Every attack on one set of files.</summary>
/// <param name="Persons">Persons of the originals; 0 without one.</param>
public sealed record RedTeamReport(AttackSettings Settings, int Releases, int Persons, IReadOnlyList<AttackResult> Results)
{
    public bool Held => Results.All(result => result.Verdict != AttackVerdict.Exceeded);
}

/// <summary>Attacks released tables. What each attack assumes is said at its class.</summary>
public static class RedTeamRun
{
    /// <exception cref="AttackInputException">The files do not fit together.</exception>
    public static RedTeamReport Attack(AttackFiles files, AttackSettings settings, CancellationToken cancellationToken = default)
    {
        var tables = new AttackedTablesReader(files, settings).Read();
        var grid = files.Regions is null ? null : GridRegions.Read(files.Regions, files.Hierarchies);
        List<AttackResult> results =
        [
            IntersectionAttack.Run(tables, settings.K, new Random(settings.Seed), cancellationToken),
            HomogeneityAttack.Run(tables),
            MinimalityAttack.Run(tables, settings.FixedRegions, grid),
            DowncodingAttack.Run(tables, settings.K, settings.FixedRegions, cancellationToken),
            .. SinglingOutAttack.Run(tables, settings.Attacks, settings.Seed, cancellationToken),
            LinkageAttack.Run(tables, settings.Attacks, new Random(settings.Seed), cancellationToken),
            InferenceAttack.Run(tables, settings.Attacks, new Random(settings.Seed), cancellationToken),
        ];
        return new(settings, tables.Releases.Count, tables.Original?.Persons.Distinct().Count() ?? 0, results);
    }
}
