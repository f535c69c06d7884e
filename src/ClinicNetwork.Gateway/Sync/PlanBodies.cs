using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>What comes with changes and listed patients.</summary>
internal enum Bodies
{
    None,
    Plans,
    Replicas,
}

/// <summary>What the caller may read of one patient; nothing, where it may not, or there is none.</summary>
/// <param name="IsUnreadable">The record is damaged, or of a later version: one that cannot be told stops none of the others.</param>
internal readonly record struct PlanBody(Plan? Plan, Replica? Replica, bool IsUnreadable = false);

/// <summary>Plans and replicas of many patients for one call: each is read, permitted and audited as GetPlan does it.</summary>
public sealed class PlanBodies(IGrainFactory grains, SignedTokens tokens, AccessLog log, TimeProvider time)
{
    /// <summary>Bodies of one call that are read at the same time.</summary>
    private const int AtOnceMax = 32;

    /// <summary>Of all bodies of a page, which so stays below the 4 MiB that clients take by default.</summary>
    private const int PageBytesMax = 3 * 1024 * 1024;

    private static readonly PlanBody Unreadable = new(null, null, IsUnreadable: true);

    /// <summary>As many of those asked for, from the first on, as a page holds; one at least.</summary>
    /// <param name="asked">Streams, each once, with the version that the body must have at least.</param>
    /// <exception cref="RefusedException">UNAVAILABLE, or the audit is full: nothing may be told.</exception>
    internal async Task<IReadOnlyList<PlanBody>> ReadAsync(
        IReadOnlyList<(string Stream, long Version)> asked, Bodies kind, ServerCallContext context, CancellationToken cancellationToken)
    {
        var (bodies, bytes, ahead, begun) = (new List<PlanBody>(asked.Count), 0L, new Queue<Task<PlanBody>>(AtOnceMax), 0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (bodies.Count < asked.Count)
            {
                for (; begun < asked.Count && ahead.Count < AtOnceMax; begun++)
                {
                    ahead.Enqueue(ReadAsync(asked[begun].Stream, asked[begun].Version, kind, context, stop.Token));
                }

                var body = await ahead.Dequeue();
                bytes += (body.Plan?.CalculateSize() ?? 0) + (body.Replica?.CalculateSize() ?? 0);
                if (bytes > PageBytesMax && bodies.Count > 0)
                {
                    break;
                }

                bodies.Add(body);
            }

            return bodies;
        }
        finally
        {
            // None goes on when the call is over: each keeps an entry of it in the audit.
            await stop.CancelAsync();
            await Task.WhenAll(ahead.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<PlanBody> ReadAsync(string stream, long version, Bodies kind, ServerCallContext context, CancellationToken cancellationToken)
    {
        var (grain, asked) = (grains.GetGrain<IPatientGrain>(stream), new ReadRequest(false, version, Origins.SiteOf(context)));
        if (kind == Bodies.Plans)
        {
            var reading = await grain.ReadPlan(asked, cancellationToken);
            if (Keep(reading, stream, context))
            {
                return Unreadable;
            }

            return reading.State is { } found ? new(SectionMessages.Told(PatientMessages.Of(found.Patient.Name, found.Plan, tokens), reading), null) : default;
        }

        var whole = await grain.ReadReplica(asked, cancellationToken);
        if (Keep(whole, stream, context))
        {
            return Unreadable;
        }

        if (whole.State is not { } patient)
        {
            return default;
        }

        var told = patient.Plan is { } plan ? SectionMessages.Told(PatientMessages.Of(patient.Patient.Name, plan, tokens), whole) : null;
        return new(told, patient.State is { } state
            ? new() { Format = ReplicaCodec.Format, State = UnsafeByteOperations.UnsafeWrap(state), Version = whole.Version, PlanEtag = told?.Etag ?? "" }
            : null);
    }

    /// <summary>What was refused for a moment alone refuses the call. True: this record cannot be read.</summary>
    private bool Keep<T>(Reading<T> reading, string stream, ServerCallContext context)
        where T : class
    {
        var unreadable = reading.Refusal is { Reason: "STREAM_UNREADABLE" };
        if (!unreadable && reading.Refusal is { Kind: not (RefusalKind.NotFound or RefusalKind.Denied or RefusalKind.Precondition) } refusal)
        {
            throw new RefusedException(refusal);
        }

        if (!log.TryKeep(Entries.OfOne(context, stream, reading.InEmergency, OutcomeOf(reading.Refusal), time)))
        {
            throw new RefusedException(AuditInterceptor.Full);
        }

        return unreadable;
    }

    private static string OutcomeOf(Refusal? refusal) =>
        refusal is null ? "OK" : Entries.OutcomeOf(RefusalStatus.CodeOf(refusal.Kind), RefusalStatus.Of(refusal));
}
