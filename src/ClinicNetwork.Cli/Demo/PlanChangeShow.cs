using System.Diagnostics;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using ClinicNetwork.Simulation;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What was seen of a plan change.</summary>
/// <param name="AcknowledgedMs">From sending the change at the home clinic to its receipt.</param>
/// <param name="ArrivedMs">From sending the change at the home clinic to its arrival at the second site.</param>
/// <param name="OutsiderAnswer">What a third site got, which was given no access.</param>
internal sealed record PlanChangeSeen(
    string Patient,
    string Home,
    string SecondSite,
    string Outsider,
    Plan Before,
    Plan After,
    double AcknowledgedMs,
    double ArrivedMs,
    string OutsiderAnswer);

/// <summary>One clinic's plan change arrives at a second site; a third one sees nothing.</summary>
internal sealed class PlanChangeShow(ClinicNetworkClient network)
{
    /// <summary>From 0.5: the virtual doses to come stay within the 10 % that the plan permits.</summary>
    private const double RaisedDoseMgPerKg = 0.55;

    private static readonly TimeSpan ArrivalMax = TimeSpan.FromSeconds(20);

    /// <summary>A patient between two infusions whose plan nobody else sees; null when there is none at this time.</summary>
    internal static PatientScript? Candidate(IEnumerable<PatientScript> scripts, DateTimeOffset now) => scripts.FirstOrDefault(script =>
    {
        bool Past(VirtualEvent e) => script.Clinic.Instant(e.Day, e.Time) < now;
        var events = script.Virtual.Events;
        return script.Virtual.Treatment.Drug == VirtualDrug.RacemicIntravenous
            && events.OfType<SessionGiven>().Count(Past) >= 2
            && events.OfType<SessionGiven>().Any(e => !Past(e))
            && !events.OfType<PlanShared>().Any();
    });

    internal async Task<PlanChangeSeen> RunAsync(PatientScript script, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var homeIndex = DemoClinic.All.ToList().IndexOf(script.Clinic);
        var second = DemoClinic.All[(homeIndex + 1) % DemoClinic.All.Count].Name;
        var outsider = DemoClinic.All[(homeIndex + 2) % DemoClinic.All.Count].Name;
        var home = network.ActingFor(script.Clinic.Name);
        var read = new GetPlanRequest { Name = $"{script.Name}/plan", Read = new() { Confirmed = true } };
        var before = (await home.Patients.GetPlanAsync(read, cancellationToken: cancellationToken)).Plan;
        await home.Patients.SetSharingAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = script.Name,
                OccurredAt = Timestamp.FromDateTimeOffset(now),
                Sites = { new SiteGrant { Site = second, Access = SiteAccess.Read } },
            },
            cancellationToken: cancellationToken);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        watching.CancelAfter(ArrivalMax);
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrival = ArrivalAsync(network.ActingFor(second), second, script.Name, caughtUp, watching.Token);
        await Task.WhenAny(caughtUp.Task, arrival);

        var sent = Stopwatch.GetTimestamp();
        await home.Patients.RevisePlanAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = script.Name,
                Etag = before.Etag,
                DoseMgPerKg = RaisedDoseMgPerKg,
                Reason = "partial response so far (simulated)",
            },
            cancellationToken: cancellationToken);
        var acknowledged = Stopwatch.GetElapsedTime(sent);
        var (arrived, after) = await arrival;
        return new(
            script.Name, script.Clinic.Name, second, outsider, before, after, acknowledged.TotalMilliseconds,
            Stopwatch.GetElapsedTime(sent, arrived).TotalMilliseconds,
            await OutsiderAsync(network.ActingFor(outsider), read, cancellationToken));
    }

    private static async Task<(long Arrived, Plan Plan)> ArrivalAsync(
        ClinicNetworkClient site, string name, string patient, TaskCompletionSource caughtUp, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in site.WatchPlansAsync(name, cancellationToken: cancellationToken))
            {
                if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Bookmark)
                    caughtUp.TrySetResult();
                else if (caughtUp.Task.IsCompleted && item.Change.Patient == patient && item.Change.PlanChanged)
                {
                    var arrived = Stopwatch.GetTimestamp();
                    var plan = await site.Patients.GetPlanAsync(new() { Name = $"{patient}/plan" }, cancellationToken: cancellationToken);
                    return (arrived, plan.Plan);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, like a stream that ends.
        }
        throw new DemoException($"the plan change did not arrive at {name} within {ArrivalMax.TotalSeconds:0} s");
    }

    private static async Task<string> OutsiderAsync(ClinicNetworkClient outsider, GetPlanRequest read, CancellationToken cancellationToken)
    {
        try
        {
            await outsider.Patients.GetPlanAsync(read, cancellationToken: cancellationToken);
        }
        catch (ClinicNetworkException error) when (error.Code == StatusCode.NotFound)
        {
            return $"NOT_FOUND, {error.Reason}";
        }
        throw new DemoException("a site without access could read the plan");
    }
}
