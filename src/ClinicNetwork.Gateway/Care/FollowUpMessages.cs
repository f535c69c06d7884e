using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>The follow-up calendar and the progress of goals from the domain to the wire.</summary>
internal static class FollowUpMessages
{
    public static IEnumerable<Wire.FollowUpVisit> VisitsOf(PatientState state, DateTimeOffset now) => FollowUpCalendar.Of(state, now).Select(v => Of(state, v));

    public static IEnumerable<Wire.GoalProgress> GoalsOf(PatientState state, DateTimeOffset now) =>
        state.Plan is { } plan ? plan.Goals.Select(g => Of(g.Text, GoalProgress.Of(state, g, now))) : [];

    public static Wire.FollowUpRule Of(FollowUpRule rule) => new()
    {
        Id = rule.Id,
        Version = rule.Version,
        Title = rule.Title,
        Scale = (Wire.ScaleKind)(rule.Scale ?? default),
        Source = rule.Source,
        SafetyCheck = (Wire.SafetyCheckKind)(rule.Check ?? default),
    };

    private static Wire.FollowUpVisit Of(PatientState state, FollowUpVisit visit) => new()
    {
        Rule = visit.Rule.Key,
        Title = visit.Rule.Title,
        Occurrence = visit.Occurrence,
        Scale = (Wire.ScaleKind)(visit.Rule.Scale ?? default),
        State = (Wire.FollowUpState)visit.State,
        OpensAt = visit.OpensAt.ToTimestamp(),
        DueBy = visit.DueBy.ToTimestamp(),
        FirstDay = PatientMessages.Iso(state.DayOf(visit.OpensAt)),
        LastDay = PatientMessages.Iso(state.DayOf(visit.DueBy.AddTicks(-1))),
        Answer = visit.Answer is { } answer ? $"{state.Id.Name}/assessments/{answer.Value}" : visit.Check is { } check ? $"{state.Id.Name}/safetyChecks/{check.Value}" : "",
        AnsweredAt = visit.AnsweredAt?.ToTimestamp(),
        MissingReason = visit.Missing is { } reason ? (Wire.MissingReason)reason : Wire.MissingReason.Unspecified,
        Milestone = visit.Milestone is { } milestone ? (Wire.Milestone)milestone : Wire.Milestone.Unspecified,
        SafetyCheck = (Wire.SafetyCheckKind)(visit.Rule.Check ?? default),
        Explained = visit.Explained is { } told ? (Wire.VisitReason)told : Wire.VisitReason.Unspecified,
        Name = visit.Name,
        PlannedOn = visit.PlannedOn is { } day ? PatientMessages.Iso(day) : "",
        Session = visit.IsSession,
    };

    private static Wire.GoalProgress Of(string text, GoalProgress progress)
    {
        var message = new Wire.GoalProgress
        {
            Text = text,
            Measure = progress.Measure is { } measure ? (Wire.ScaleKind)measure : Wire.ScaleKind.Unspecified,
            ReachedOn = progress.ReachedOn is { } day ? PatientMessages.Iso(day) : "",
            Overdue = progress.IsOverdue,
        };
        if (progress.Target is { } target)
        {
            message.Target = target;
        }

        if (progress.Baseline is { } baseline)
        {
            message.Baseline = baseline;
        }

        if (progress.Latest is { } latest)
        {
            message.Latest = latest;
        }

        if (progress.DaysLeft is { } left)
        {
            message.DaysLeft = left;
        }

        return message;
    }
}
