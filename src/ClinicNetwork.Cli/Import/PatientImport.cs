using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Import;

/// <summary>
/// Sends the rows of a good file. Request ids come from clinic and patient id, never from a person's data, which a hash in clear would give
/// away: the same row again changes nothing, and a corrected file can be sent whole.
/// </summary>
internal sealed class PatientImport(ClinicNetworkClient network, string clinic, PatientFile file)
{
    /// <summary>Rows under way at once.</summary>
    private const int Concurrency = 8;

    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>Days of enrolment that lie ahead of the store's clock, in the clinic's time zone.</summary>
    internal async Task<IReadOnlyList<RowProblem>> CheckDaysAsync(CancellationToken cancellationToken)
    {
        var home = await network.Clinics.GetClinicAsync(new() { Name = clinic }, cancellationToken: cancellationToken);
        zone = TimeZoneInfo.FindSystemTimeZoneById(home.Clinic.TimeZone);
        var status = await network.Network.GetStatusAsync(new(), cancellationToken: cancellationToken);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(status.StoreTime.ToDateTimeOffset(), zone).DateTime);
        return
        [
            .. from row in file.Rows
               where row.EnrolledOn > today
               select new RowProblem(row.Line, "enrolled_on", "lies ahead of the network's clock; give a day up to today"),
        ];
    }

    /// <returns>Rows that the network refused. A server that is away is thrown: the same file may be sent again.</returns>
    internal async Task<IReadOnlyList<RowProblem>> SendAsync(
        IProgress<(long Done, long Total)> progress, CancellationToken cancellationToken)
    {
        var refused = new ConcurrentBag<RowProblem>();
        var done = 0L;
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            file.Rows, bounds, async (row, token) =>
            {
                try
                {
                    await network.Patients.EnrolPatientAsync(Request(row), cancellationToken: token);
                }
                catch (ClinicNetworkException error) when (error.Reason == "REQUEST_ID_REUSED")
                {
                    refused.Add(new(row.Line, "patient", "was imported before with other values, or by somebody else; correct the row, or choose another id"));
                }
                catch (ClinicNetworkException error) when (!error.Transient)
                {
                    refused.Add(new(row.Line, error.Field ?? "row", $"{error.Message} ({error.Reason})"));
                }
                progress.Report((Interlocked.Increment(ref done), file.Rows.Count));
            });
        return [.. refused.OrderBy(problem => problem.Line)];
    }

    internal EnrolPatientRequest Request(PatientRow row) => new()
    {
        RequestId = RequestIds.From("import csv", clinic, row.Patient),
        Patient = row.Patient,
        HomeClinic = clinic,
        GivenName = row.GivenName,
        FamilyName = row.FamilyName,
        BirthDate = row.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Sex = row.Sex,
        RecordNumber = row.RecordNumber,
        OccurredAt = Timestamp.FromDateTimeOffset(StartOf(row.EnrolledOn)),
    };

    /// <summary>The day's first instant in the clinic's time zone; where the clocks skip midnight, the first one there is.</summary>
    private DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
