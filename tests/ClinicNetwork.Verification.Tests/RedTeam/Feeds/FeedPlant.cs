namespace ClinicNetwork.Verification.Tests.RedTeam.Feeds;

/// <summary>A mistake that a network makes.</summary>
public enum FeedPlant
{
    None,

    /// <summary>One pseudonym key for all recipients.</summary>
    SharedKey,

    /// <summary>Pseudonyms are SHA-256 of the person's id.</summary>
    UnkeyedHash,

    /// <summary>The last batch has all rows again.</summary>
    Cumulative,

    /// <summary>One newcomer goes into a cell that was released.</summary>
    TopUp,

    /// <summary>A member's row is left out at one milestone.</summary>
    LeftOut,

    /// <summary>Two cells go on as one.</summary>
    Merge,

    /// <summary>Nothing is withheld but milestones at which all had one outcome.</summary>
    WithholdUniform,

    /// <summary>The second recipient gets the same cells under other regions.</summary>
    OtherRegions,

    /// <summary>Rows have the leaves of their persons.</summary>
    Leaves,

    /// <summary>All of a region have one outcome, which others like them have not.</summary>
    Sorted,

    /// <summary>A number of persons under k is told.</summary>
    SmallCount,
}
