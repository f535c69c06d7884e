using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Submissions;

/// <summary>What a partner submits at once: the owner of the stream <c>sb-{partner}.{submission}</c>.</summary>
[Alias("submission-grain")]
public interface ISubmissionGrain : IGrainWithStringKey
{
    /// <summary>Again with the same terms it answers where the submission stands.</summary>
    [ForRoles(Roles.Registry)]
    [Alias("open")]
    Task<Reply<SubmissionAnswer>> Open(OpenSubmission command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Whole pages: nothing of a refused one is there. Of records that are there already it answers where the submission stands, also when it is closed.</summary>
    [ForRoles(Roles.Registry)]
    [Alias("receive")]
    Task<Reply<SubmissionAnswer>> Receive(ReceiveRecords command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Reads and checks all records: some seconds for a million.</summary>
    [ForRoles(Roles.Registry)]
    [ResponseTimeout("00:00:55")]
    [Alias("complete")]
    Task<Reply<SubmissionAnswer>> Complete(CompleteSubmission command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Registry)]
    [Alias("abort")]
    Task<Reply<SubmissionAnswer>> Abort(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop when its time is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("expire")]
    Task<Reply<Accepted>> Expire(CommandOrigin origin, CancellationToken cancellationToken = default);

    [ReadOnly]
    [ForRoles(Roles.Registry | Roles.NetworkAdmin | Roles.Auditor)]
    [Alias("read")]
    Task<Reading<SubmissionState>> Read(ReadRequest request, CancellationToken cancellationToken = default);
}
