namespace ClinicNetwork.Anonymisation;

/// <summary>One member of a cell at one milestone.</summary>
/// <param name="Permits">Whether the person still permits what the cell was formed under.</param>
/// <param name="Sensitive">The sensitive value; null when the milestone was not measured.</param>
/// <param name="Coarse">The same in coarse bands.</param>
/// <param name="Ready">Whether the milestone has closed for the person.</param>
public sealed record MemberAtMilestone(string Person, bool Permits, bool Ready, string? Sensitive, string? Coarse);

public enum MilestoneFate
{
    /// <summary>Some member's window is still open.</summary>
    Waits,

    /// <summary>One row per living member is released.</summary>
    Released,

    /// <summary>The same in coarse bands, because the cell is further than t from the others.</summary>
    ReleasedCoarse,

    /// <summary>Not diverse enough, or chosen by the keyed hash: never released, the reason is not told apart.</summary>
    Withheld,

    /// <summary>Fewer than k living members: this and all later milestones stay unreleased.</summary>
    Retired,
}

/// <summary>Decides what becomes of a cell's milestone on a publication day. Cells are never merged, never topped up.</summary>
public static class MilestoneRelease
{
    /// <param name="reference">Shares of the sensitive values among all that is released of the milestone with this publication.</param>
    /// <param name="chance">Keyed hash of cell and milestone as a number in [0, 1): below the policy's share the milestone is withheld.</param>
    public static MilestoneFate Decide(ReleasePolicy policy, IReadOnlyList<MemberAtMilestone> members, IReadOnlyDictionary<string, double> reference, double chance)
    {
        var living = members.Where(m => m.Permits).DistinctBy(m => m.Person).ToArray();
        if (living.Length < policy.K)
        {
            return MilestoneFate.Retired;
        }

        if (!living.All(m => m.Ready))
        {
            return MilestoneFate.Waits;
        }

        if (chance < policy.WithholdShare)
        {
            return MilestoneFate.Withheld;
        }

        return IsDiverse(policy, [.. living.Select(m => m.Sensitive)]) && Distance([.. living.Select(m => m.Sensitive)], reference) <= policy.T ? MilestoneFate.Released
            : IsDiverse(policy, [.. living.Select(m => m.Sensitive)]) && IsDiverse(policy, [.. living.Select(m => m.Coarse)]) ? MilestoneFate.ReleasedCoarse
            : MilestoneFate.Withheld;
    }

    /// <summary>At least l distinct values among those that were measured (not null).</summary>
    public static bool IsDiverse(ReleasePolicy policy, IReadOnlyList<string?> sensitive) =>
        sensitive.Where(s => s is not null).Distinct(StringComparer.Ordinal).Count() >= policy.DistinctL;

    /// <summary>Total variation distance of the measured (not null) values from shares, 0 to 1; 0 when nothing was measured.</summary>
    public static double Distance(IReadOnlyList<string?> sensitive, IReadOnlyDictionary<string, double> reference)
    {
        var counts = sensitive.Where(s => s is not null).CountBy(s => s!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        double all = counts.Values.Sum();
        return all == 0 ? 0 : counts.Keys.Union(reference.Keys, StringComparer.Ordinal).Sum(v => Math.Abs((counts.GetValueOrDefault(v) / all) - reference.GetValueOrDefault(v))) / 2;
    }
}
