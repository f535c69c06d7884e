using System.Collections.Concurrent;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Patients;
using Grpc.Core;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A clinic's own figures: each patient whose home it is is asked, and what they answer is counted. Nothing of one patient leaves.</summary>
internal static class OwnOutcomes
{
    /// <summary>Patients asked at once.</summary>
    private const int Parallel = 8;

    private const int RosterPage = 500;
    private const int PatientsMax = 20_000;

    private static readonly Refusal TooLarge = Refusal.Precondition(
        "CLINIC_TOO_LARGE", "name", "More than 20,000 patients have this clinic as their home; take out their records (clinicnet patient export) and count them there.");

    public static async Task<Wire.GetClinicOutcomesResponse> ReadAsync(IGrainFactory grains, ClinicId clinic, ServerCallContext context)
    {
        var (site, cancellationToken) = (Origins.SiteOf(context), context.CancellationToken);
        var courses = new ConcurrentBag<CourseOutcomes>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            await ListAsync(grains, clinic, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (stream, token) =>
            {
                var reading = await grains.GetGrain<IPatientGrain>(stream).ReadOutcomes(new(false, 0, site), token);
                if (reading is { State: { Outcomes.Length: > 0 } course })
                {
                    courses.Add(course);
                }
                else if (reading.Refusal is { Kind: RefusalKind.Unavailable } refusal)
                {
                    throw new RefusedException(refusal);
                }
            });
        var response = new Wire.GetClinicOutcomesResponse { K = ClinicFigures.K, Columns = { ClinicFigures.Columns } };
        response.Milestones.AddRange(ClinicFigures.Of(courses).Select(Of));
        return response;
    }

    private static async Task<List<string>> ListAsync(IGrainFactory grains, ClinicId clinic, CancellationToken cancellationToken)
    {
        var (own, after) = (new List<string>(), "");
        IReadOnlyList<RosterItem> page;
        do
        {
            page = Receipts.Of(await grains.GetGrain<IClinicGrain>(Streams.Of(clinic)).ReadRoster(after, RosterPage, cancellationToken), "name").State.Items;
            own.AddRange(page.Where(i => i.HomeClinic == clinic.Name).Select(i => i.Stream));
            if (own.Count > PatientsMax)
            {
                throw new RefusedException(TooLarge);
            }

            after = page.Count > 0 ? page[^1].Stream : after;
        }
        while (page.Count == RosterPage);
        return own;
    }

    private static Wire.ClinicOutcomes Of(ClinicTable table)
    {
        var message = new Wire.ClinicOutcomes { Milestone = (Wire.Milestone)table.Milestone, All = Of("", table.Shown.ColumnTotals, table.Shown.Total) };
        message.Protocols.AddRange(table.Protocols.Select((protocol, row) => Of(protocol, table.Shown.Counts[row], table.Shown.RowTotals[row])));
        return message;
    }

    private static Wire.ProtocolOutcomes Of(string protocol, int?[] counts, int? total)
    {
        var message = new Wire.ProtocolOutcomes { Protocol = protocol, Total = Of(total) };
        message.Counts.AddRange(counts.Select(Of));
        return message;
    }

    private static Wire.ShownCount Of(int? count)
    {
        var message = new Wire.ShownCount();
        if (count is { } shown)
        {
            message.Count = shown;
        }

        return message;
    }
}
