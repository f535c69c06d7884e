using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Submissions;

/// <summary>The rows that each command of a submission writes beside itself. It stands in two lists for ever, the network's and the partner's, and in a third when it was taken, which share the table of what clinics have to do.</summary>
public static class SubmissionProjections
{
    /// <summary>No clinic's name.</summary>
    private const string NetworkList = "submissions";

    /// <summary>What a submission is called in each list; of one stream they must differ.</summary>
    private const string OfNetwork = "submission";

    private const string OfPartner = "submission-of-partner";

    private const string Taken = "submission-taken";

    /// <param name="partner">Null: the network's, of all partners.</param>
    public static string ListOf(string? partner) => partner is null ? NetworkList : $"{NetworkList}/{partner}";

    /// <summary>The partner's that were taken for a profile.</summary>
    public static string ListOfTaken(string partner, string profile) => $"{NetworkList}/{partner}/{profile}";

    public static IReadOnlyList<Projection> Of(string partner, SubmissionState before, SubmissionState after) =>
        !before.Exists
            ?
            [
                new Projection.FollowUpSet(ListOf(null), OfNetwork, after.OpenedAt, DateTimeOffset.MaxValue),
                new Projection.FollowUpSet(ListOf(partner), OfPartner, after.OpenedAt, DateTimeOffset.MaxValue),
                new Projection.DueSet(DueKinds.ExpireSubmission, after.ExpiresAt),
            ]
            : after.Status switch
            {
                SubmissionStatus.InProgress => [],
                SubmissionStatus.Aborted or SubmissionStatus.Expired => [new Projection.DueDone(DueKinds.ExpireSubmission), new Projection.RecordsDropped()],
                SubmissionStatus.Complete =>
                    [new Projection.DueDone(DueKinds.ExpireSubmission), new Projection.FollowUpSet(ListOfTaken(partner, after.Profile), Taken, after.ClosedAt!.Value, DateTimeOffset.MaxValue)],
                _ => [new Projection.DueDone(DueKinds.ExpireSubmission)],
            };
}
