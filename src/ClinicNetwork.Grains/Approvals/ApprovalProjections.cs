using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Approvals;

/// <summary>
/// The rows that each command of an approval writes beside itself. What is open stands in two lists, the network's and the site's, which share the table of
/// what clinics have to do until a time; what was approved is due in the approval's own transaction, so that a kill forgets nothing.
/// </summary>
public static class ApprovalProjections
{
    /// <summary>No clinic's name.</summary>
    private const string NetworkList = "approvals";

    /// <summary>What an approval is called in each list; of one stream they must differ.</summary>
    private const string OfNetwork = "approval";

    private const string OfSite = "approval-of-site";

    /// <summary>Whose worklist holds what is open.</summary>
    /// <param name="site">Null: the network's, of all sites.</param>
    public static string ListOf(ClinicId? site) => site is { } clinic ? $"{NetworkList}/{clinic.Value}" : NetworkList;

    public static IReadOnlyList<Projection> Of(ApprovalState after) => after.Status switch
    {
        ApprovalStatus.Proposed =>
        [
            new Projection.FollowUpSet(ListOf(null), OfNetwork, after.ProposedAt, after.ExpiresAt),
            .. after.Site is { } site ? [new Projection.FollowUpSet(ListOf(site), OfSite, after.ProposedAt, after.ExpiresAt)] : (Projection[])[],
            new Projection.DueSet(DueKinds.ExpireApproval, after.ExpiresAt),
        ],
        ApprovalStatus.Approved => [new Projection.DueDone(DueKinds.ExpireApproval), new Projection.DueSet(DueKinds.ExecuteApproval, after.DecidedAt!.Value)],
        _ =>
        [
            new Projection.FollowUpDone(OfNetwork), new Projection.FollowUpDone(OfSite),
            new Projection.DueDone(DueKinds.ExpireApproval), new Projection.DueDone(DueKinds.ExecuteApproval),
        ],
    };
}
