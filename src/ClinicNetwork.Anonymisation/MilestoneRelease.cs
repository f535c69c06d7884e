namespace ClinicNetwork.Anonymisation;

/// <summary>One member of a cell at one milestone.</summary>
/// <param name="Permits">Whether the person still permits what the cell was formed under.</param>
/// <param name="Sensitive">The sensitive value; null when the milestone was not measured.</param>
/// <param name="Ready">Whether the milestone has closed for the person.</param>
public sealed record MemberAtMilestone(string Person, bool Permits, bool Ready, string? Sensitive);

public enum MilestoneFate
{
    /// <summary>Some member's window is still open.</summary>
    Waits,

    /// <summary>One row per living member is released.</summary>
    Released,

    /// <summary>Not diverse enough, or chosen by the keyed hash: never released, the reason is not told apart.</summary>
    Withheld,

    /// <summary>Fewer than k living members: this and all later milestones stay unreleased.</summary>
    Retired,
}

/// <summary>Decides what becomes of a cell's milestone on a publication day. Cells are never merged, never topped up.</summary>
public static class MilestoneRelease
{
    /// <param name="chance">Keyed hash of cell and milestone as a number in [0, 1): below the policy's share the milestone is withheld.</param>
    public static MilestoneFate Decide(ReleasePolicy policy, IReadOnlyList<MemberAtMilestone> members, double chance)
    {
        var living = members.Where(m => m.Permits).ToArray();
        if (living.DistinctBy(m => m.Person).Count() < policy.K)
        {
            return MilestoneFate.Retired;
        }

        if (!living.All(m => m.Ready))
        {
            return MilestoneFate.Waits;
        }

        var diverse = living.Where(m => m.Sensitive is not null).Select(m => m.Sensitive).Distinct().Count() >= policy.DistinctL;
        return diverse && chance >= policy.WithholdShare ? MilestoneFate.Released : MilestoneFate.Withheld;
    }
}
