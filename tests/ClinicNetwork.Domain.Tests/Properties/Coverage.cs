using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>What the sequences reached.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<string, int> _accepted = new();
    private readonly ConcurrentDictionary<(string UseCase, string Reason), int> _refused = new();
    private readonly ConcurrentDictionary<string, int> _states = new();

    public int AcceptedOf(string useCase) => _accepted.GetValueOrDefault(useCase);

    public int Accepted => _accepted.Values.Sum();

    public int Refused => _refused.Values.Sum();

    public double RefusedShare => (double)Refused / (Accepted + Refused);

    public IReadOnlyList<string> NeverAccepted => [.. UseCases.OfPatients.Where(u => !_accepted.ContainsKey(u))];

    public IReadOnlyList<string> NeverRefused => [.. UseCases.OfPatients.Where(u => _refused.Keys.All(k => k.UseCase != u))];

    public void Count(Attempt attempt, PatientState after)
    {
        if (attempt.Refusal is { } refusal)
            _refused.AddOrUpdate((attempt.UseCase, refusal.Reason), 1, (_, n) => n + 1);
        else
            _accepted.AddOrUpdate(attempt.UseCase, 1, (_, n) => n + 1);
        _states.AddOrUpdate(ShapeOf(after), 1, (_, n) => n + 1);
    }

    public IEnumerable<string> Lines()
    {
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{Accepted + Refused} commands, {Refused} refused ({RefusedShare:P0}), {_refused.Count} kinds of refusal, {_states.Count} kinds of state");
        foreach (var useCase in UseCases.OfPatients)
        {
            var reasons = _refused.Where(r => r.Key.UseCase == useCase).OrderBy(r => r.Key.Reason, StringComparer.Ordinal).Select(r => $"{r.Key.Reason} {r.Value}");
            yield return $"{useCase}: accepted {_accepted.GetValueOrDefault(useCase)}; {string.Join(", ", reasons)}";
        }
    }

    /// <summary>A patient's state without its content: where in care and in the release's life it stands.</summary>
    private static string ShapeOf(PatientState s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{s.Exists}|{s.Consultation?.TreatmentConsent}|{s.Consultation?.Contraindications.Length}|{s.Plan?.MadeFrom.Drug}|{s.Sessions.Any(x => x.CompletedAt is null)}|{Math.Min(s.Sessions.Length, 9)}|{s.EndedAt is null}|{s.ResearchConsent.Length > 0}|{s.InPool}|{s.Outcomes.Length}|{s.Outcomes.Count(o => o.Measured)}");
}
