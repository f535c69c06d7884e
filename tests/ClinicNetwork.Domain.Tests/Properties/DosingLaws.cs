using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>One clinic at a time may dose while cut off, for 72 hours at most; no other starts a session meanwhile unless a clinician answers for it; written without the domain's own look-up.</summary>
internal static class DosingLaws
{
    public static void Hold(PatientState before, object command, PatientState after, DateTimeOffset now)
    {
        // At any instant at which a right begins, and just before each ends.
        foreach (var at in after.DosingRights.SelectMany(r => (DateTimeOffset[])[r.TakenAt, r.ExpiresAt.AddTicks(-1), (r.EndedAt ?? r.ExpiresAt).AddTicks(-1), now]))
            Assert.True(after.DosingRights.Count(r => IsHeld(r, at)) <= 1, "Two clinics may dose while cut off.");
        Assert.True(after.DosingRights.Length >= before.DosingRights.Length);
        Assert.True(command is TakeDosing or PassDosing || after.DosingRights.All(r => before.DosingRights.Any(b => (b.Site, b.TakenAt, b.ExpiresAt) == (r.Site, r.TakenAt, r.ExpiresAt))), "A right came by itself.");
        var (was, held) = (before.DosingRights.LastOrDefault(r => IsHeld(r, now)), after.DosingRights.LastOrDefault(r => IsHeld(r, now)));
        if (command is TakeDosing or PassDosing)
        {
            var to = command is TakeDosing take ? take.Site : ((PassDosing)command).To;
            Assert.Equal(to, held?.Site);
            Assert.True(held!.ExpiresAt > now && held.ExpiresAt <= now.AddHours(72));
            Assert.True(command is TakeDosing ? was is null || was.Site == to : was?.Site == ((PassDosing)command).Site, "A right was taken from who had it.");
        }

        Assert.True(command is not (EndTreatment or RecordDeath or AcceptTransfer or EndDosing) || held is null || after.EndedAt > now || after.Death?.OccurredAt > now, "What ends the right left it.");
        Assert.True(command is not SetSharing { OccurredAt: var at2 } || at2 > now || held is null || held.Site == after.HomeClinic || after.WritableBy(held.Site).HasFlag(PlanSections.Medication | PlanSections.Sessions));
        if (command is StartSession start)
        {
            var overridden = start.ActorRoles.HasFlag(Roles.Clinician) && start.Overrides.Any(o => o.Gate == GateKind.DosingSite);
            Assert.True(was is null || was.Site == start.Clinic || overridden, "A session started while another clinic could dose.");
        }

        if (command is ReportSession reported)
        {
            var session = after.FindSession(reported.Session.Session)!;
            var right = before.DosingRights.Any(r => IsHeld(r, session.StartedAt) && r.Site == session.Clinic);
            var answered = reported.Session.ActorRoles.HasFlag(Roles.Clinician) && (reported.EmergencyReason.Length > 0 || reported.Session.Overrides.Any(o => o.Gate == GateKind.DosingSite));
            Assert.Equal(!right && !answered, session.Report!.OutsideGates.Contains("DOSING_NOT_HERE"));
            Assert.True(right || after.Death is not null || after.Alerts.Any(a => a.Kind == AlertKind.OutsideGates && a.Causes.Contains("sessions/" + session.Id.Value)), "A session without the right raised nothing.");
        }
    }

    private static bool IsHeld(DosingRight right, DateTimeOffset at) => at >= right.TakenAt && at < right.ExpiresAt && (right.EndedAt is not { } ended || at < ended);
}
