namespace ClinicNetwork.Grains.Releases;

/// <summary>Attacks and verifies nothing, and the manifest says so: for a silo that was given no check.</summary>
internal sealed class NoCheck : IPublicationCheck
{
    public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) =>
        Task.FromResult(new RedTeamSummary("none", 0, []));

    public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
}
