namespace ClinicNetwork.Gateway.Audit;

/// <summary>How a call that succeeded is audited. Whatever is refused is audited in any case, before the answer.</summary>
internal enum Audited
{
    /// <summary>It tells nothing of a patient and releases nothing.</summary>
    Not,

    /// <summary>It writes a journal row, which is the entry.</summary>
    ByJournal,

    /// <summary>An ordinary read: kept within a second.</summary>
    AsRead,

    /// <summary>Something leaves the network, or a whole record is taken out: kept before anything is sent.</summary>
    AsRelease,
}
