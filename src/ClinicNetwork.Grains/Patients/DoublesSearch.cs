using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Patients;

/// <summary>
/// Compares whoever was enrolled with all others, a page every second: so an enrolment waits for nothing, and what a migration or a restore brings is compared beside the work, some 700,000
/// patients an hour. One silo at a time does it; the others, and all while there is nobody to be compared, look less and less often.
/// </summary>
public sealed class DoublesSearch(IJournal journal, IDoubles doubles, IStoreClock clock, TimeProvider time, ILogger<DoublesSearch> log) : BackgroundService
{
    private const int PageMax = 200;

    /// <summary>Read at once: they share a query, and whoever waits for a patient waits behind no more than these.</summary>
    private const int TogetherMax = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), PauseMax = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = new TroubleLine(log, "New patients are not compared with others", "New patients are compared with others again");
        var pause = Pause;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            var (compared, problem) = await TryCompareAsync(stoppingToken);
            trouble.Tell(problem);
            pause = PauseAfter(pause, compared);
        }
    }

    /// <summary>A second after there was somebody; twice as long, 5 s at most, after there was nobody or another silo was at it.</summary>
    public static TimeSpan PauseAfter(TimeSpan pause, int compared) => compared > 0 ? Pause : 2 * pause < PauseMax ? 2 * pause : PauseMax;

    /// <summary>One page; how many were in it, 0 also when another silo compares.</summary>
    public async Task<int> CompareAsync(CancellationToken cancellationToken)
    {
        var streams = await doubles.ReadUncomparedAsync(PageMax, cancellationToken);
        if (streams.Count == 0)
        {
            return 0;
        }

        var (patients, unreadable) = (new List<ComparedPatient>(), new List<string>());
        foreach (var together in streams.Chunk(TogetherMax))
        {
            var found = await Task.WhenAll(together.Select(stream => FindAsync(stream, cancellationToken)));
            patients.AddRange(found.OfType<IReadOnlyList<ComparedPatient>>().SelectMany(one => one));
            unreadable.AddRange(together.Where((_, i) => found[i] is null));
        }

        return await doubles.CompareAsync(patients, unreadable, clock.Now, cancellationToken) ? streams.Count : 0;
    }

    /// <summary>Who a patient is, which is said once: when the patient is enrolled. Null: it cannot be read.</summary>
    private async Task<IReadOnlyList<ComparedPatient>?> FindAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await journal.ReadTailAsync(stream, 0, [], 1, cancellationToken) ?? [];
            return [.. rows.SelectMany(row => row.Events).OfType<PatientEnrolled>().Select(e => new ComparedPatient(stream, e.GivenName, e.FamilyName, e.BirthDate))];
        }
        catch (Exception exception) when (exception is KeyLostException or StoreDamagedException or UnknownEventException)
        {
            return null;
        }
    }

    /// <summary>How many were compared; and null, or why not everybody could be.</summary>
    private async Task<(int Compared, string? Problem)> TryCompareAsync(CancellationToken stoppingToken)
    {
        try
        {
            return (await CompareAsync(stoppingToken), null);
        }
        catch (StoreUnavailableException)
        {
            return (0, "the database does not answer");
        }
        catch (StoreRefusedException)
        {
            return (0, "a key file is missing on this server");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("Patients could not be compared; it is tried again: {Failure}", ExceptionFrames.Of(exception));
            return (0, exception.GetType().Name);
        }
    }
}
