using ClinicNetwork.Domain;

namespace ClinicNetwork.Grains.Releases;

/// <summary>What waits for the disclosure ledger.</summary>
internal static class LedgerRefusal
{
    public const string Reason = "LEDGER_UNAVAILABLE";

    public static readonly Refusal Unavailable = Refusal.Unavailable(
        Reason, "The disclosure ledger cannot be written, so nothing was done; its operator has to act (see the server's log). Try again with the same request id.");
}
