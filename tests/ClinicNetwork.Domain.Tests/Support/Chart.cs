using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>
/// One hand-worked patient, written through the real use cases in clinic days: day 0 is the first dose's. Each entry must be accepted.
/// </summary>
internal sealed class Chart(string zone = "Europe/Berlin", DateOnly? dayZero = null)
{
    private readonly DateOnly _dayZero = dayZero ?? new DateOnly(2025, 2, 3);
    private int _sessions;
    private int _assessments;

    public PatientState State { get; private set; } = PatientState.Empty;

    /// <summary>Versions so far: one per accepted command.</summary>
    public long Version { get; private set; }

    /// <summary>Clinic time of a day, counted from the first dose's.</summary>
    public DateTimeOffset At(int day, int hour = 10, int minute = 0)
    {
        var local = _dayZero.AddDays(day).ToDateTime(new TimeOnly(hour, minute));
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Enrolled, consulted and with a plan, 40 days before day 0.</summary>
    public static Chart Planned(string zone = "Europe/Berlin", DateOnly? dayZero = null, int? inductionSessions = null, bool esketamine = false)
    {
        var chart = new Chart(zone, dayZero).Enrol().Consult();
        chart.Do(esketamine
            ? new CreatePlan(Given.Esketamine, Setting.CertifiedClinic, null, null, [Given.Goal], chart.Version + 1)
            : new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], chart.Version + 1));
        if (inductionSessions is not null && inductionSessions != chart.State.Plan!.InductionSessions)
            chart.Do(new RevisePlan(chart.State.Plan!.Version, null, null, inductionSessions, [], "A longer course", chart.Version + 1));
        return chart;
    }

    public Chart Enrol() => Do(Given.Enrolment(zone, At(-40)));

    public Chart Consult(params string[] contraindications) =>
        Do(new RecordConsultation(Given.Consultation with { Contraindications = [.. contraindications] }, At(-40)));

    /// <summary>A whole session with a dose of 40 mg (or the plan's fixed dose) at the hour given.</summary>
    public Chart Dose(int day, int hour = 10, int minute = 0)
    {
        var id = new SessionId($"s-{++_sessions}");
        var at = At(day, hour, minute);
        Do(new StartSession(id, Given.Home, true, Given.Calm, 80, "", at.AddMinutes(-5)));
        Do(new RecordDose(id, State.FindSession(id)!.PlannedDoseMg, 40, at));
        return Do(new CompleteSession(id, Given.Calm, at.AddHours(2)));
    }

    public Chart Doses(params int[] days) => days.Aggregate(this, (chart, day) => chart.Dose(day));

    public Chart Answer(int day, int total, int hour = 9, int minute = 0) =>
        Do(new RecordAssessment(new AssessmentId($"a-{++_assessments}"), Given.Items(total), At(day, hour, minute)));

    public Chart Missed(Milestone milestone, MissingReason reason, int day) => Do(new RecordMissedVisit(milestone, reason, At(day)));

    public Chart End(int day, int hour = 10) => Do(new EndTreatment("Moved away", At(day, hour)));

    /// <summary>Closes the milestone at the first instant it may be closed.</summary>
    public MilestoneOutcome Close(Milestone milestone = Milestone.EndOfInduction)
    {
        Do(new CloseMilestone(milestone), CloseMilestone.DueAt(State, milestone));
        return State.Outcomes.Single(o => o.Milestone == milestone);
    }

    /// <summary>Must be accepted; decided two years after day 0 unless told otherwise.</summary>
    public Chart Do(object command, DateTimeOffset? now = null)
    {
        var attempt = Try(command, now);
        Assert.True(attempt.Accepted, $"{attempt.UseCase}: {attempt.Refusal}");
        State = UseCases.Fold(State, attempt);
        Version++;
        return this;
    }

    public Attempt Try(object command, DateTimeOffset? now = null) => UseCases.Decide(State, command, now ?? At(730));
}
