using System.Globalization;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Verification;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Server;

/// <summary>Red team and verifier on a candidate, from files as its recipient would have them: neither sees anything of what made them.</summary>
internal sealed class PublicationCheck(TimeProvider time) : IPublicationCheck
{
    /// <summary>Of each random kind: all rows are looked at, persons are drawn. With 500 an interval of ±0.05 is not to be had.</summary>
    private const int Attacks = 2_000;

    public async Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken)
    {
        using var folder = await CandidateFolder.WriteAsync(release, time, cancellationToken);
        var (name, control) = ControlCohort.For(release.Known, release.Control);
        var people = new FeedPeople(Persons(release.Known), Persons(control));
        var settings = new FeedSettings(Seed: release.Batches.Count, Attacks);
        var report = await Task.Run(() => FeedRun.Attack([folder.Path], people, settings, cancellationToken), cancellationToken);
        return new(name, report.Persons, [.. report.Results.Where(result => result.Verdict is not (AttackVerdict.NotRun or AttackVerdict.Reported)).Select(Summary)]);
    }

    public async Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken)
    {
        using var folder = await CandidateFolder.WriteAsync(release, time, cancellationToken);
        var report = await Task.Run(() => ReleaseVerifier.VerifyFolder(folder.Path, cancellationToken), cancellationToken);
        return [.. report.Findings.Select(finding => finding.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{finding.Rule} {finding.File}:{line}") : $"{finding.Rule} {finding.File}")];
    }

    private static FeedPerson[] Persons(IReadOnlyList<KnownPerson> persons) => [.. persons.Select(person => new FeedPerson(person.Pseudonym, person.Leaves, person.Category))];

    /// <summary>An attack without a control finds or does not: its risk is the share found, or 1.</summary>
    private static AttackSummary Summary(AttackResult result)
    {
        var verdict = result.Verdict switch
        {
            AttackVerdict.Held => "held",
            AttackVerdict.Exceeded => "exceeded",
            AttackVerdict.NotEstablished => "not_established",
            _ => throw new ArgumentOutOfRangeException(nameof(result)),
        };
        var figures = result.Figures;
        if (figures.TryGetValue("attacks", out var attacks))
        {
            return new(result.Attack, (int)attacks, figures.GetValueOrDefault("attack_rate"), figures.GetValueOrDefault("control_rate"), figures.GetValueOrDefault("excess_upper", 1), verdict);
        }

        var risk = result.Verdict == AttackVerdict.Exceeded ? figures.GetValueOrDefault("share_under_k", 1) : 0;
        return new(result.Attack, (int)figures.Values.First(), risk, 0, risk, verdict);
    }
}
