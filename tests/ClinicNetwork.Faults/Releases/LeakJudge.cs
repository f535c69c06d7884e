using System.Collections.Concurrent;

namespace ClinicNetwork.Faults.Releases;

/// <summary>
/// What may not be read any more, as the races know it: after a withdrawal was acknowledged, no page that is asked for later holds a row of the person; and when consent is
/// given again, none in a cell that was formed before.
/// </summary>
internal sealed class LeakJudge
{
    private readonly ConcurrentDictionary<(string Person, string Recipient), Ban[]> _bans = new();

    /// <param name="at">When the acknowledgement was there; any clock that only goes on.</param>
    public void Withdrew(string person, string recipient, long at) =>
        _bans.AddOrUpdate((person, recipient), _ => [new(at, int.MaxValue)], (_, bans) => [.. bans, new(at, int.MaxValue)]);

    /// <param name="published">Number of the last publication that was committed before consent was given again.</param>
    public void Returned(string person, string recipient, int published) =>
        _bans.AddOrUpdate((person, recipient), _ => [], (_, bans) => [.. bans.Select(b => b with { UpTo = Math.Min(b.UpTo, published) })]);

    /// <param name="formed">Number of the publication that formed the row's cell.</param>
    /// <param name="askedAt">When the page was asked for, or before.</param>
    public bool IsLeak(string person, string recipient, int formed, long askedAt) =>
        _bans.TryGetValue((person, recipient), out var bans) && bans.Any(b => b.Since < askedAt && formed <= b.UpTo);

    /// <param name="UpTo">Cells formed by publications up to this are meant.</param>
    private sealed record Ban(long Since, int UpTo);
}
