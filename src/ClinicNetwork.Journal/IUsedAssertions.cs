namespace ClinicNetwork.Journal;

/// <summary>Ids of client assertions that were used: each once, whichever gateway of the network is asked, whatever was killed in between.</summary>
public interface IUsedAssertions
{
    /// <summary>Expired ones that are forgotten with each use, at most.</summary>
    const int ForgottenMax = 100;

    /// <summary>Takes it; durable when it returns true. False: it was taken before.</summary>
    /// <param name="id">SHA-256 of client and <c>jti</c>, 32 bytes.</param>
    /// <param name="until">From then on it may be forgotten: the assertion is refused for its age by any gateway.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer; it may have been taken.</exception>
    Task<bool> TryUseAsync(byte[] id, DateTimeOffset until, CancellationToken cancellationToken);
}
