using System.Collections.Concurrent;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>What a clinic's day shows beside its worklist: who the patients are, and what their sessions need next. Each patient of a page is asked once.</summary>
internal static class ClinicDays
{
    /// <summary>Patients asked at once.</summary>
    private const int Parallel = 8;

    /// <summary>Those who may read a patient; an administrator sees the list alone.</summary>
    private const Roles Readers = Roles.Clinician | Roles.Nurse | Roles.Coordinator;

    public static async Task<IEnumerable<Wire.ClinicDayEntry>> OfAsync(
        IGrainFactory grains, IReadOnlyCollection<(string Stream, Wire.WorklistEntry Entry)> entries, DateTimeOffset now, ServerCallContext context)
    {
        var patients = new ConcurrentDictionary<string, Reading<PatientState>>(StringComparer.Ordinal);
        if ((Caller.Of(context).Roles & Readers) != Roles.None)
        {
            var site = Origins.SiteOf(context);
            await System.Threading.Tasks.Parallel.ForEachAsync(
                entries.Select(e => e.Stream).Distinct(StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = context.CancellationToken },
                async (stream, token) =>
                {
                    // Of a patient that this clinic may not see any more, nothing but its row is told.
                    patients[stream] = await grains.GetGrain<IPatientGrain>(stream).Read(new(false, 0, site), token);
                });
        }

        if (patients.Values.Any(p => p.InEmergency))
        {
            Entries.MarkEmergency(context);
        }

        return entries.Select(e => patients.GetValueOrDefault(e.Stream) is { Refusal: null, State: { } state } ? Of(state, e.Entry, now) : new() { Entry = e.Entry });
    }

    private static Wire.ClinicDayEntry Of(PatientState state, Wire.WorklistEntry entry, DateTimeOffset now)
    {
        var message = new Wire.ClinicDayEntry { Entry = entry, GivenName = state.GivenName, FamilyName = state.FamilyName };
        if (entry.Session.Length > 0)
        {
            message.Session = SessionProgress.Of(state, new SessionId(entry.Session[(entry.Session.LastIndexOf('/') + 1)..])) is { } progress ? Of(state, progress) : null;
        }
        else if (entry.Visit.Length > 0 && FollowUpCalendar.Find(state, entry.Visit, now) is { } visit)
        {
            var (first, last) = FollowUpCalendar.PlanningDays(state, visit);
            message.FirstDay = PatientMessages.Iso(first);
            message.LastDay = PatientMessages.Iso(last);
            message.PlannedOn = visit.PlannedOn is { } day ? PatientMessages.Iso(day) : "";
        }

        return message;
    }

    private static Wire.SessionProgress Of(PatientState state, SessionProgress progress)
    {
        var message = new Wire.SessionProgress
        {
            Session = $"{state.Id.Name}/sessions/{progress.Session.Value}",
            Stage = (Wire.SessionStage)progress.Stage,
            ObservedUntil = progress.ObservedUntil?.ToTimestamp(),
        };
        message.Readings.AddRange(progress.Readings.Select(r =>
        {
            var due = new Wire.DueReadings { Minute = r.Minute, From = r.From.ToTimestamp(), To = r.To.ToTimestamp() };
            due.Signs.AddRange(ProtocolMessages.Names(r.Missing));
            return due;
        }));
        message.Checklist.AddRange(progress.Checklist.Select(DischargeChecklist.FieldOf));
        message.UnresolvedSideEffects.AddRange(progress.Unresolved);
        return message;
    }
}
