using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Courses, and what ends, interrupts or stops them: between the domain and the wire.</summary>
internal static class CourseMessages
{
    public static RecordDeath Of(Wire.RecordDeathRequest r) => new(
        Fields.Enum<DeathCause>((int)r.Cause, "cause"),
        Fields.Enum<DeathSource>((int)r.Source, "source"),
        r.Note,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordContact Of(Wire.RecordContactRequest r) => new(
        Fields.Enum<ContactWay>((int)r.Way, "way"),
        Fields.Enum<ContactResult>((int)r.Result, "result"),
        r.Note,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static DeclareLost Of(Wire.DeclareLostRequest r) => new(r.Note, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordPregnancy Of(Wire.RecordPregnancyRequest r) => new(
        Fields.Enum<PregnancyFinding>((int)r.Finding, "finding"), r.Note, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static Wire.TreatmentStatus StatusOf(PatientState state) =>
        state.Death is not null ? Wire.TreatmentStatus.Died
        : state.PresentLoss() is not null ? Wire.TreatmentStatus.LostToFollowUp
        : state.EndedAt is not null ? Wire.TreatmentStatus.Ended
        : state.SessionsOfAllCourses().Any(s => s.DosedAt is not null) ? Wire.TreatmentStatus.InTreatment
        : Wire.TreatmentStatus.Enrolled;

    public static void AddTo(Wire.GetPatientResponse response, PatientState state, SignedTokens tokens, DateTimeOffset now)
    {
        response.Courses.AddRange(Enumerable.Range(1, state.CourseNumber()).Select(number => Of(state.InCourse(number), tokens, now)));
        response.Death = state.Death is { } death ? Of(death, Death.AdverseEventOf(state) is { } session ? $"{state.Id.Name}/sessions/{session.Value}" : "") : null;
        response.Contacts.AddRange(state.Contacts.Select(Of));
        response.Losses.AddRange(state.Losses.Select(l => Of(l, state.PresentLoss() == l)));
        response.Pregnancies.AddRange(state.Pregnancies.Select(Of));
        response.Pregnant = state.IsPregnant(now);
    }

    private static Wire.Course Of(PatientState course, SignedTokens tokens, DateTimeOffset now)
    {
        var message = new Wire.Course
        {
            Number = course.CourseNumber(),
            Plan = course.Plan is { } plan ? PatientMessages.Of(course, plan, tokens) : null,
            Doses = course.Sessions.Count(s => s.DosedAt is not null),
            FirstDoseDay = InductionCourse.Of(course) is { } induction ? PatientMessages.Iso(induction.FirstDose) : "",
            EndedAt = course.EndedAt?.ToTimestamp(),
        };
        if (OutcomeEvaluation.Baseline(course) is { } baseline)
        {
            message.BaselinePhq9 = baseline;
        }

        message.Sessions.AddRange(course.Sessions.OrderBy(s => s.StartedAt).Select(s => $"{course.Id.Name}/sessions/{s.Id.Value}"));
        message.Outcomes.AddRange(course.Outcomes.Select(PatientMessages.Of));
        message.Judgements.AddRange(PatientMessages.JudgementsOf(course, now));
        return message;
    }

    public static Wire.Death Of(Death death, string adverseEventOf) => new()
    {
        Cause = (Wire.DeathCause)death.Cause,
        Source = (Wire.DeathSource)death.Source,
        Note = death.Note,
        OccurredAt = death.OccurredAt.ToTimestamp(),
        AdverseEventOf = adverseEventOf,
    };

    public static Wire.Contact Of(Contact contact) => new()
    {
        Number = contact.Number,
        Way = (Wire.ContactWay)contact.Way,
        Result = (Wire.ContactResult)contact.Result,
        Note = contact.Note,
        OccurredAt = contact.OccurredAt.ToTimestamp(),
    };

    public static Wire.Loss Of(Loss loss, bool present) => new()
    {
        Number = loss.Number,
        RuleVersion = loss.RuleVersion,
        Note = loss.Note,
        OccurredAt = loss.OccurredAt.ToTimestamp(),
        Present = present,
    };

    public static Wire.Pregnancy Of(Pregnancy pregnancy) => new()
    {
        Number = pregnancy.Number,
        Finding = (Wire.PregnancyFinding)pregnancy.Finding,
        Note = pregnancy.Note,
        OccurredAt = pregnancy.OccurredAt.ToTimestamp(),
    };
}
