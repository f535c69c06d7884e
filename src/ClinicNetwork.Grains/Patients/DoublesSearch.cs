using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Patients;

/// <summary>
/// Compares whoever was enrolled with all others, a page every second: so an enrolment waits for nothing, and what a migration or a restore brings is compared beside the work, some 700,000
/// patients an hour for each silo at most.
/// </summary>
public sealed class DoublesSearch(IJournal journal, IDoubles doubles, IStoreClock clock, TimeProvider time, ILogger<DoublesSearch> log) : BackgroundService
{
    private const int PageMax = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = new TroubleLine(log, "New patients are not compared with others", "New patients are compared with others again");
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            trouble.Tell(await TryCompareAsync(stoppingToken));
        }
    }

    /// <summary>One page; how many were in it.</summary>
    public async Task<int> CompareAsync(CancellationToken cancellationToken)
    {
        var streams = await doubles.ReadUncomparedAsync(PageMax, cancellationToken);
        var (patients, unreadable) = (new List<ComparedPatient>(), new List<string>());
        foreach (var stream in streams)
        {
            try
            {
                // Who a patient is, is said once: when the patient is enrolled.
                var rows = await journal.ReadAsync(stream, 0, 1, cancellationToken);
                patients.AddRange(rows.SelectMany(row => row.Events).OfType<PatientEnrolled>().Select(e => new ComparedPatient(stream, e.GivenName, e.FamilyName, e.BirthDate)));
            }
            catch (Exception exception) when (exception is KeyLostException or StoreDamagedException or UnknownEventException)
            {
                unreadable.Add(stream);
            }
        }

        return streams.Count > 0 && !await doubles.CompareAsync(patients, unreadable, clock.Now, cancellationToken) ? 0 : streams.Count;
    }

    /// <summary>Null, or why not everybody could be compared.</summary>
    private async Task<string?> TryCompareAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CompareAsync(stoppingToken);
            return null;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (StoreRefusedException)
        {
            return "a key file is missing on this server";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("Patients could not be compared; it is tried again: {Failure}", ExceptionFrames.Of(exception));
            return exception.GetType().Name;
        }
    }
}
