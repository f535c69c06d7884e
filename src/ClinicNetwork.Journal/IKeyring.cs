namespace ClinicNetwork.Journal;

/// <summary>
/// What was destroyed on purpose. <see cref="LossOf"/> tells from memory, so that it costs a call nothing: what another process destroyed shows
/// within <see cref="Every"/> and the time of one read. The database itself arbitrates what is written.
/// </summary>
public interface IKeyring
{
    /// <summary>How often what others destroyed is looked for.</summary>
    static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Null while nothing is known against it. Since this process began for streams, from ever for clinics.</summary>
    /// <param name="name">A stream, or a clinic's resource name.</param>
    KeyLoss? LossOf(string name);

    /// <summary>
    /// Takes what was destroyed, by whichever process, since the last call into the list beside the master key, by which a restore destroys it again. One at a time.
    /// False: this process may not write to that folder, and somebody else has to keep the list.
    /// </summary>
    /// <exception cref="StoreRefusedException">The list cannot be written; the next call begins where this one did.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    Task<bool> ListDestroyedAsync(CancellationToken cancellationToken);

    /// <summary>The command that erased a stream, or null; read from the database.</summary>
    Task<Erasure?> FindErasureAsync(string stream, CancellationToken cancellationToken);
}

/// <param name="Version">The version that the command made.</param>
/// <param name="Actor">Who gave the command, and for which <paramref name="Site"/> (empty: none): nobody else is told that it was done.</param>
public sealed record Erasure(string RequestId, long Version, DateTimeOffset RecordedAt, string Actor, string Site);
