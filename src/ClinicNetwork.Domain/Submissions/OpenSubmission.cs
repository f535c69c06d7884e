using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>
/// A partner begins a submission, or goes on with it. Refused: PROFILE_NOT_FOUND, PROFILE_VERSION_OTHER, HIERARCHIES_OTHER, COUNT_INVALID, SUBMISSION_DIFFERS, SUBMISSION_EXISTS.
/// </summary>
/// <param name="Expected">Records that will come, 1 to 1,000,000; 0: not known.</param>
/// <param name="HierarchiesHash">Lower-case hex; empty: not compared.</param>
[GenerateSerializer, Immutable, Alias("open-submission")]
public sealed record OpenSubmission(
    [property: Id(0)] string Profile, [property: Id(1)] int ProfileVersion, [property: Id(2)] long Expected, [property: Id(3)] string HierarchiesHash)
{
    /// <summary>Hours for which a submission takes records: a weekend lies within them ([K], our bound).</summary>
    public const int HoursOpen = 72;

    /// <summary>Records of one submission; its check holds some hundred bytes for each person ([K], our bound).</summary>
    public const long RecordsMax = 1_000_000;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(OpenSubmission);

    /// <param name="rules">Of the profile that the command names; null: there is none.</param>
    public static Decision<SubmissionAnswer> Decide(SubmissionState state, OpenSubmission command, SubmissionRules? rules, DateTimeOffset now)
    {
        if (state.Exists)
        {
            return RefuseOther(state, command) ?? Refusal.Exists("SUBMISSION_EXISTS", "submission", "It was begun already; go on with it.");
        }

        return rules is null ? Refusal.NotFound("PROFILE_NOT_FOUND", "opening.profile", $"The network takes submissions for {string.Join(" and ", ReleaseProfiles.All.Select(p => p.Id))}.")
            : command.ProfileVersion != rules.Profile.Version ? Refusal.Precondition("PROFILE_VERSION_OTHER", "opening.profile_version", $"The profile's version is {rules.Profile.Version}; bring the records into its form.")
            : command.HierarchiesHash.Length > 0 && command.HierarchiesHash != rules.HierarchiesHash ? Refusal.Precondition("HIERARCHIES_OTHER", "opening.hierarchies_sha256", "Your hierarchies are not the network's; take those of its manifests.")
            : command.Expected is < 0 or > RecordsMax ? Refusal.Invalid("COUNT_INVALID", "opening.expected_records", $"Give 1 to {RecordsMax}, or 0 when you do not know.")
            : Decision<SubmissionAnswer>.Accept(
                new(SubmissionStatus.InProgress, 0, ""), new SubmissionOpened(command.Profile, command.ProfileVersion, command.Expected, now, now.AddHours(HoursOpen)));
    }

    /// <summary>Null: the same submission again.</summary>
    public static Refusal? RefuseOther(SubmissionState state, OpenSubmission command) =>
        (state.Profile, state.ProfileVersion, state.Expected) == (command.Profile, command.ProfileVersion, command.Expected)
            ? null
            : Refusal.Exists("SUBMISSION_DIFFERS", "submission", "This id was opened with another profile, version or count; go on as it was opened, or choose another id.");
}
