using System.Globalization;
using ClinicNetwork.Domain.Patients;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A plan on the wire.</summary>
internal static class PlanMessages
{
    /// <summary>Without its etag.</summary>
    public static Wire.Plan Of(string patient, Plan plan)
    {
        var protocol = plan.MadeFrom;
        var message = new Wire.Plan
        {
            Name = patient + "/plan",
            Protocol = plan.Protocol.Name,
            ProtocolVersion = plan.ProtocolVersion,
            Drug = (Wire.Drug)protocol.Drug,
            Route = (Wire.Route)protocol.Route,
            Setting = (Wire.Setting)plan.Setting,
            DoseMgPerKg = plan.DoseMgPerKg ?? 0,
            DoseMg = plan.DoseMg ?? 0,
            InductionSessions = plan.InductionSessions,
            Revision = plan.Revision,
            RevisionReason = plan.RevisionReason,
            Supervision = plan.Supervision ?? "",
            RevisedBy = plan.RevisedBy ?? "",
            RevisedAtSite = plan.RevisedFrom?.Name ?? "",
            Phase = (Wire.PlannedPhase)(plan.ChosenPhase ?? 0),
        };
        if (plan.Interval is { } interval)
        {
            (message.IntervalDays, message.IntervalPhase) = (interval.Days, (Wire.PlannedPhase)interval.Phase);
        }

        message.Goals.AddRange(plan.Goals.Select(Of));
        message.Support.AddRange(plan.GivenSupport.Select(s => new Wire.PlannedSupport
        {
            Kind = (Wire.SupportKind)s.Kind,
            Provider = s.Provider,
            EveryDays = s.EveryDays,
            FromDay = Iso(s.From),
            ToDay = s.To is { } to ? Iso(to) : "",
        }));
        return message;
    }

    private static Wire.Goal Of(Goal goal)
    {
        var message = new Wire.Goal { Text = goal.Text, TargetDate = goal.TargetDate is { } day ? Iso(day) : "" };
        if (goal.TargetPhq9 is { } target)
        {
            message.TargetPhq9 = target;
        }

        if (goal is { Measure: { } measure, TargetTotal: { } total })
        {
            (message.Measure, message.TargetTotal) = ((Wire.ScaleKind)measure, total);
        }

        return message;
    }

    private static string Iso(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
