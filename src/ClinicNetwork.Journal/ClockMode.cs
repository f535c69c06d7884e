namespace ClinicNetwork.Journal;

/// <summary>Which clock a store runs by; chosen when it is created, never changed.</summary>
public enum ClockMode
{
    /// <summary>The machine's clock.</summary>
    System,

    /// <summary>A clock that only <see cref="IStoreClock.AdvanceAsync"/> moves: a test store.</summary>
    Manual,
}
