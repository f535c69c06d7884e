namespace ClinicNetwork.Verification;

/// <summary>What the caller knows of a release from elsewhere: what a folder alone cannot show.</summary>
/// <param name="PublicKeyPem">
/// The network's release key. Without it the folder's own key is trusted, which whoever rewrites all manifests exchanges together with them.
/// </param>
/// <param name="Persons">
/// Pseudonyms of all who must be in the release and of nobody else, as in its last batch: each is in a row, and in one of every milestone that was published of the
/// person's cell. Known to the source alone.
/// </param>
public sealed record Expected(string? PublicKeyPem = null, IReadOnlySet<string>? Persons = null);
