using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>Plans of many patients for one call: each is read, permitted and audited as GetPlan does it.</summary>
public sealed class PlanBodies(IGrainFactory grains, SignedTokens tokens, AccessLog log, TimeProvider time)
{
    /// <summary>Plans of one call that are read at the same time.</summary>
    private const int AtOnceMax = 16;

    /// <summary>By stream; one that the caller may not read, or that is not there, is missing.</summary>
    /// <param name="asked">Streams, each once, with the version that the plan must have at least.</param>
    /// <exception cref="RefusedException">UNAVAILABLE, or the audit is full: nothing may be told.</exception>
    internal async Task<IReadOnlyDictionary<string, Plan>> ReadAsync(
        IReadOnlyList<(string Stream, long Version)> asked, ServerCallContext context, CancellationToken cancellationToken)
    {
        var (plans, site) = (new Plan?[asked.Count], Origins.SiteOf(context));
        await Parallel.ForAsync(0, asked.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellationToken }, async (i, cancel) =>
        {
            var (stream, version) = asked[i];
            var reading = await grains.GetGrain<IPatientGrain>(stream).ReadPlan(new ReadRequest(false, version, site), cancel);
            if (reading.Refusal is { Kind: not (RefusalKind.NotFound or RefusalKind.Denied or RefusalKind.Precondition) } refusal)
            {
                throw new RefusedException(refusal);
            }

            if (!log.TryKeep(Entries.OfOne(context, stream, reading.InEmergency, OutcomeOf(reading.Refusal), time)))
            {
                throw new RefusedException(AuditInterceptor.Full);
            }

            plans[i] = reading.State is { } found ? SectionMessages.Told(PatientMessages.Of(found.Patient.Name, found.Plan, tokens), reading.Readable) : null;
        });
        return asked.Zip(plans).Where(one => one.Second is not null).ToDictionary(one => one.First.Stream, one => one.Second!, StringComparer.Ordinal);
    }

    private static string OutcomeOf(Refusal? refusal) =>
        refusal is null ? "OK" : Entries.OutcomeOf(RefusalStatus.CodeOf(refusal.Kind), RefusalStatus.Of(refusal));
}
