using System.Collections.Frozen;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Grains.Submissions;

/// <summary>What each profile takes from partners: what the network itself would release.</summary>
public static class SubmissionProfiles
{
    private static readonly FrozenDictionary<string, SubmissionRules> All = ReleaseProfiles.All.ToFrozenDictionary(
        profile => profile.Id,
        profile => SubmissionRules.Of(
            profile,
            PublicOutcomes.Policy.K,
            PublicOutcomes.Policy.Margin,
            PublicOutcomes.Policy.DistinctL,
            [.. PublicOutcomes.Policy.Grid.Attributes.Select(a => (a.Name, a.Paths))]),
        StringComparer.Ordinal);

    /// <summary>Null: there is none of this id.</summary>
    public static SubmissionRules? Find(string profile) => All.GetValueOrDefault(profile);
}
