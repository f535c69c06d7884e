using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Grains.Releases;

/// <summary>What was disclosed and taken back, kept outside of the database: written before a publication makes anything deliverable and before a withdrawal is in the journal.</summary>
public interface IDisclosureLedger
{
    /// <summary>Durable when it returns. Given again after a kill it replaces nothing.</summary>
    /// <exception cref="LedgerUnavailableException">Nothing may be released, or acknowledged as withdrawn.</exception>
    Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken);
}

/// <summary>Keeps nothing.</summary>
internal sealed class NoLedger : IDisclosureLedger
{
    public Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken) => Task.CompletedTask;
}
