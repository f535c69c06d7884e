using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Of whom the red team is told, when there are more than it needs.</summary>
internal sealed class RedTeamSample(IExchangeStore store, ReleaseSecrets secrets)
{
    /// <summary>Persons, of the release and of the pool: far above what its attacks draw.</summary>
    private const int KnownMax = 4_000;

    /// <summary>Those of the lowest keyed numbers whose leaves are known; no more are opened than that takes.</summary>
    public async Task<IEnumerable<WaitingPerson>> ReadAsync(IEnumerable<string> persons, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sample = new List<WaitingPerson>();
        foreach (var some in persons.OrderBy(secrets.SampleKey).Chunk(KnownMax))
        {
            var read = await store.ReadPersonsAsync(some, now, cancellationToken);
            sample.AddRange(read.Where(p => p.QuasiIdentifiers.Count > 0).OrderBy(p => secrets.SampleKey(p.Person)));
            if (sample.Count >= KnownMax)
            {
                break;
            }
        }

        return sample.Take(KnownMax);
    }
}
