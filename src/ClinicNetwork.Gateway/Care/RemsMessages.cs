using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>What the programme for esketamine asks for, from the wire and to it.</summary>
internal static class RemsMessages
{
    public static RecordRemsEnrolment Of(Wire.RecordRemsEnrolmentRequest r) => new(
        Fields.Enum<RemsEnrolmentKind>((int)r.Kind, "kind"),
        Fields.Clinic(r.Clinic, "clinic"),
        r.Prescriber,
        r.Indication == Wire.RemsIndication.Unspecified ? null : Fields.Enum<RemsIndication>((int)r.Indication, "indication"),
        r.ConsentSigned,
        r.Reference,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordRemsDetails Of(Wire.RecordRemsDetailsRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        r.LotNumber,
        [.. r.Taking.Select((m, i) => Fields.Enum<RemsMedication>((int)m, $"taking[{i}]"))],
        r.HasReadyMinutes ? r.ReadyMinutes : null,
        r.MonitoredBy,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordRemsSubmission Of(Wire.RecordRemsSubmissionRequest r) =>
        new(new SessionId(Fields.Id(r.SessionId, "session_id")), r.Reference, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordSeriousEvent Of(Wire.RecordSeriousEventRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        [.. r.Criteria.Select((c, i) => Fields.Enum<SeriousCriterion>((int)c, $"criteria[{i}]"))],
        r.Description,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static ConfigureClinic Of(Wire.ConfigureClinicRequest r) => new(
        r.RemsCertificate is { } c
            ? new RemsCertificate(c.Number, Fields.Day(c.FirstDay, "rems_certificate.first_day"), c.LastDay.Length == 0 ? null : Fields.Day(c.LastDay, "rems_certificate.last_day"))
            : null,
        r.RetentionRule.Length == 0 ? null : r.RetentionRule,
        r.HasRetentionYears ? r.RetentionYears : null);

    public static void Add(Wire.Patient message, PatientState state)
    {
        message.RemsEnrolments.AddRange(state.RemsEnrolments.Select(Of));
        message.RemsSubmissions.AddRange(state.RemsSubmissions.Select(s => Of(state, s)));
        message.SeriousEvents.AddRange(state.SeriousEvents.Select(e => Of(state, e)));
    }

    public static Wire.RemsEnrolment Of(RemsEnrolment enrolment) => new()
    {
        Number = enrolment.Number,
        Kind = (Wire.RemsEnrolmentKind)enrolment.Kind,
        Clinic = enrolment.Clinic.Name,
        Prescriber = enrolment.Prescriber,
        Indication = (Wire.RemsIndication)(enrolment.Indication ?? 0),
        Reference = enrolment.Reference,
        OccurredAt = enrolment.OccurredAt.ToTimestamp(),
    };

    public static Wire.RemsDetails Of(PatientState state, RemsDetails details)
    {
        var message = new Wire.RemsDetails
        {
            Number = details.Number,
            Session = NameOf(state, details.Session),
            LotNumber = details.LotNumber,
            Taking = { details.Taking.Select(m => (Wire.RemsMedication)m) },
            MonitoredBy = details.MonitoredBy,
            OccurredAt = details.OccurredAt.ToTimestamp(),
        };
        if (details.ReadyMinutes is { } minutes)
        {
            message.ReadyMinutes = minutes;
        }

        return message;
    }

    public static Wire.RemsSubmission Of(PatientState state, RemsSubmission submission) => new()
    {
        Number = submission.Number,
        Session = NameOf(state, submission.Session),
        Reference = submission.Reference,
        OccurredAt = submission.OccurredAt.ToTimestamp(),
        SubmittedBy = submission.By,
    };

    public static Wire.SeriousEvent Of(PatientState state, SeriousEvent serious) => new()
    {
        Number = serious.Number,
        Session = NameOf(state, serious.Session),
        Criteria = { serious.Criteria.Select(c => (Wire.SeriousCriterion)c) },
        Description = serious.Description,
        OccurredAt = serious.OccurredAt.ToTimestamp(),
    };

    public static IEnumerable<Wire.RemsDue> DueOf(PatientState state, DateTimeOffset now) =>
        state.SessionsOfAllCourses().OrderBy(s => s.StartedAt).Select(s => (Session: s, Form: MonitoringForm.Of(state, s))).Where(f => f.Form is not null).Select(f => Of(state, f.Session, f.Form!, now));

    /// <exception cref="RefusedException">FAILED_PRECONDITION: there is no such session, or no form of it.</exception>
    public static Wire.GetRemsFormResponse FormOf(PatientState state, SessionId id, DateTimeOffset now)
    {
        var session = state.FindSession(id) ?? throw new RefusedException(Refusal.Precondition("SESSION_UNKNOWN", "session_id", "This patient has no such session."));
        var form = MonitoringForm.Of(state, session)
            ?? throw new RefusedException(Refusal.Precondition("REMS_NOT_ASKED", "session_id", "The programme asks for sessions with a dose of esketamine alone."));
        var message = new Wire.GetRemsFormResponse { Due = Of(state, session, form, now), Source = form.Version.Source };
        message.Entries.AddRange(form.Entries.Select(e => new Wire.RemsEntry
        {
            Field = (Wire.RemsField)e.Field,
            Value = e.Value,
            Sources = { e.Sources },
            Missing = e.Missing,
            At = e.At?.ToTimestamp(),
            ResolvedAt = e.ResolvedAt?.ToTimestamp(),
        }));
        return message;
    }

    public static string NameOf(PatientState state, SessionId session) => $"{state.Id.Name}/sessions/{session.Value}";

    public static Wire.RemsCertificate Of(RemsCertificate certificate) => new()
    {
        Number = certificate.Number,
        FirstDay = PatientMessages.Iso(certificate.FirstDay),
        LastDay = certificate.LastDay is { } day ? PatientMessages.Iso(day) : "",
    };

    private static Wire.RemsDue Of(PatientState state, Session session, MonitoringForm form, DateTimeOffset now) => new()
    {
        Session = NameOf(state, session.Id),
        FormVersion = form.Version.Version,
        Missing = form.Entries.Count(e => e.IsMissing),
        LastDay = PatientMessages.Iso(state.DayOf(form.DueBy.AddTicks(-1))),
        DueBy = form.DueBy.ToTimestamp(),
        SubmittedAt = form.Submission?.OccurredAt.ToTimestamp(),
        Overdue = (form.Submission?.OccurredAt ?? now) >= form.DueBy,
    };
}
