using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Facts entered in error, amendments and what follows, from and to the wire.</summary>
internal static class AmendmentMessages
{
    public static MarkEnteredInError Of(Wire.MarkEnteredInErrorRequest r) => new(Fact(r.Fact), r.Reason);

    public static AmendFact Of(Wire.AmendFactRequest r)
    {
        var fact = Fact(r.Fact);
        return new(fact, r.Reason, r.ReplacementCase switch
        {
            Wire.AmendFactRequest.ReplacementOneofCase.Scale => new(Scale: ScaleOf(r.Scale)),
            Wire.AmendFactRequest.ReplacementOneofCase.Dose => new(Dose: new RecordDose(
                SessionOf(fact), Fields.Finite(r.Dose.DoseMg, "replacement.dose_mg"), r.Dose.DurationMinutes, At(r.Dose.OccurredAt))),
            Wire.AmendFactRequest.ReplacementOneofCase.Vitals => new(Vitals: new RecordVitals(SessionOf(fact), VitalsOf(r.Vitals))),
            Wire.AmendFactRequest.ReplacementOneofCase.SideEffect => new(SideEffect: new RecordSideEffect(SideEffectOf(r.Patient, r.SideEffect))),
            Wire.AmendFactRequest.ReplacementOneofCase.MissedVisit => new(MissedVisit: new RecordMissedVisit(
                Fields.Enum<Milestone>((int)r.MissedVisit.Milestone, "replacement.milestone"),
                Fields.Enum<MissingReason>((int)r.MissedVisit.Reason, "replacement.reason"),
                At(r.MissedVisit.OccurredAt))),
            Wire.AmendFactRequest.ReplacementOneofCase.End => new(End: new EndTreatment(r.End.Reason, At(r.End.OccurredAt))),
            Wire.AmendFactRequest.ReplacementOneofCase.Death => new(Death: InReplacement(() => CourseMessages.Of(new Wire.RecordDeathRequest
            {
                Cause = r.Death.Cause,
                Source = r.Death.Source,
                Note = r.Death.Note,
                OccurredAt = r.Death.OccurredAt,
            }))),
            Wire.AmendFactRequest.ReplacementOneofCase.Contact => new(Contact: InReplacement(() => CourseMessages.Of(new Wire.RecordContactRequest
            {
                Way = r.Contact.Way,
                Result = r.Contact.Result,
                Note = r.Contact.Note,
                OccurredAt = r.Contact.OccurredAt,
            }))),
            Wire.AmendFactRequest.ReplacementOneofCase.Pregnancy => new(Pregnancy: InReplacement(() => CourseMessages.Of(new Wire.RecordPregnancyRequest
            {
                Finding = r.Pregnancy.Finding,
                Note = r.Pregnancy.Note,
                OccurredAt = r.Pregnancy.OccurredAt,
            }))),
            Wire.AmendFactRequest.ReplacementOneofCase.DoseRequest => new(DoseRequest: InReplacement(() => PatientCommands.Of(new Wire.RecordRequestForDoseRequest
            {
                DoseRequestId = r.DoseRequest.DoseRequestId,
                Kind = r.DoseRequest.Kind,
                Requester = r.DoseRequest.Requester,
                Decision = r.DoseRequest.Decision,
                Reason = r.DoseRequest.Reason,
                OccurredAt = r.DoseRequest.OccurredAt,
            }))),
            Wire.AmendFactRequest.ReplacementOneofCase.SafetyCheck => new(SafetyCheck: InReplacement(() => SafetyMessages.Of(CheckOf(r.SafetyCheck)))),
            _ => throw Fields.Invalid("FIELD_MISSING", "replacement", "Give what the fact should have been."),
        });
    }

    public static Wire.Amendment Of(string patient, AmendmentAnswer answer)
    {
        var message = new Wire.Amendment
        {
            Retraction = answer.Retraction,
            ReplacedBy = Name(patient, answer.ReplacedBy),
            BrokenDischarge = answer.BrokenDischarge,
            OutsidePlan = answer.OutsidePlan,
        };
        message.RevisedMilestones.AddRange(answer.Revised.Select(m => (Wire.Milestone)m));
        return message;
    }

    public static IEnumerable<Wire.RetractedFact> RetractedOf(PatientState state) => state.Retracted.Select(r => Of(state, r));

    public static IEnumerable<Wire.RevisedOutcome> RevisedOf(PatientState state) => state.RevisedOutcomes
        .Select(o => new Wire.RevisedOutcome { Was = PatientMessages.Of(o.Was), Retraction = o.Retraction, RevisedAt = o.At.ToTimestamp() });

    public static IEnumerable<Wire.MissedVisit> MissedOf(PatientState state) =>
        state.MissedVisits.Select((m, i) => Of(m, FactNumbers.At(state, FactKind.MissedVisit, "", i).Number));

    public static Wire.WithdrawnCause Of(PatientState state, WithdrawnCause cause) =>
        new() { Fact = $"{state.Id.Name}/{cause.Cause}", Retraction = cause.Retraction, WithdrawnAt = cause.At.ToTimestamp() };

    private static Wire.RetractedFact Of(PatientState state, RetractedFact kept)
    {
        var patient = state.Id.Name;
        var message = new Wire.RetractedFact
        {
            Number = kept.Number,
            Fact = Name(patient, kept.Fact),
            Reason = kept.Reason,
            Actor = kept.Actor,
            RetractedAt = kept.At.ToTimestamp(),
            ReplacedBy = Name(patient, kept.ReplacedBy),
            WithSession = Name(patient, kept.With),
        };
        switch (kept)
        {
            case { Assessment: { } assessment }:
                message.Assessment = PatientMessages.Of(state, assessment, overlapsEarlier: false);
                break;
            case { Scale: { } scale }:
                message.Scale = ScaleMessages.Of(state, scale, overlapsEarlier: false);
                break;
            case { Session: { } session }:
                message.Session = SessionMessages.Recorded(state, session, kept.Monitoring ?? new SessionMonitoring(session.Id));
                break;
            case { Vitals: { } vitals }:
                message.Vitals = SessionMessages.Of(vitals, kept.Fact.Number);
                break;
            case { SideEffect: { } effect }:
                message.SideEffect = PatientMessages.Of(state, effect, kept.Fact.Number);
                break;
            case { MissedVisit: { } missed }:
                message.MissedVisit = Of(missed, kept.Fact.Number);
                break;
            case { EndedAt: { } ended }:
                message.End = new() { Reason = kept.EndReason, OccurredAt = ended.ToTimestamp() };
                break;
            case { Consultation: { } consultation }:
                message.Consultation = PatientMessages.Of(consultation);
                break;
            case { Recorded: { } recorded }:
                Put(message, state, recorded);
                break;
            default:
                break;
        }

        return message;
    }

    private static void Put(Wire.RetractedFact message, PatientState state, IRecordedFact recorded)
    {
        switch (recorded)
        {
            case Death death:
                message.Death = CourseMessages.Of(death, adverseEventOf: "");
                break;
            case Contact contact:
                message.Contact = CourseMessages.Of(contact);
                break;
            case Loss loss:
                message.Loss = CourseMessages.Of(loss, present: false);
                break;
            case Pregnancy pregnancy:
                message.Pregnancy = CourseMessages.Of(pregnancy);
                break;
            case DoseRequest request:
                message.DoseRequest = PatientMessages.Of(state, request);
                break;
            case SafetyCheck check:
                message.SafetyCheck = SafetyMessages.Of(state, check);
                break;
            case SupportSession session:
                message.SupportSession = AdviceMessages.Of(state, session);
                break;
            case SeriousEvent serious:
                message.SeriousEvent = RemsMessages.Of(state, serious);
                break;
            case RemsEnrolment enrolment:
                message.RemsEnrolment = RemsMessages.Of(enrolment);
                break;
            case RemsDetails details:
                message.RemsDetails = RemsMessages.Of(state, details);
                break;
            case RemsSubmission submission:
                message.RemsSubmission = RemsMessages.Of(state, submission);
                break;
            case FollowUpMiss miss:
                message.FollowUpMiss = new()
                {
                    Number = miss.Number,
                    Visit = miss.Visit,
                    Reason = (Wire.MissingReason)miss.Reason,
                    OccurredAt = miss.OccurredAt.ToTimestamp(),
                };
                break;
            case DiaryEffect effect:
                message.DiaryEffect = VoiceMessages.Of(effect);
                break;
            case JournalEntry { Private: true, Text.Length: 0 }:
                // Withheld from all but the patient.
                break;
            case JournalEntry entry:
                message.JournalEntry = VoiceMessages.Of(entry);
                break;
            case VisitExplanation told:
                message.VisitExplanation = VoiceMessages.Of(told);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(recorded));
        }
    }

    private static Wire.MissedVisit Of(MissedVisit missed, int number) => new()
    {
        Milestone = (Wire.Milestone)missed.Milestone,
        Reason = (Wire.MissingReason)missed.Reason,
        OccurredAt = missed.OccurredAt?.ToTimestamp(),
        Number = number,
    };

    private static RecordScale ScaleOf(Wire.CorrectedScale given) => new(
        new AssessmentId(Fields.Id(given.AssessmentId, "replacement.assessment_id")),
        Fields.Enum<ScaleKind>((int)given.Scale, "replacement.scale"),
        [.. given.Items.Select(i => new ItemAnswer(i.Key, i.Value))],
        At(given.OccurredAt));

    private static Vitals VitalsOf(Wire.Vitals given) => new(
        At(given.OccurredAt),
        given.BloodPressure is { } p ? new BloodPressure(p.SystolicMmhg, p.DiastolicMmhg) : null,
        given.HasHeartRate ? given.HeartRate : null,
        given.HasSpo2Percent ? given.Spo2Percent : null,
        given.HasRespiratoryRate ? given.RespiratoryRate : null,
        given.HasMoaas ? given.Moaas : null,
        given.HasCadss6 ? given.Cadss6 : null,
        given.Dissociation == Wire.DissociationRating.Unspecified ? null : Fields.Enum<DissociationRating>((int)given.Dissociation, "replacement.dissociation"));

    private static SideEffect SideEffectOf(string patient, Wire.SideEffect given) => new(
        new SessionId(Fields.Id(given.Session.StartsWith(patient + "/sessions/", StringComparison.Ordinal) ? given.Session[(patient.Length + 10)..] : given.Session, "replacement.session")),
        Fields.Enum<SideEffectKind>((int)given.Kind, "replacement.kind"),
        Fields.Enum<SideEffectSeverity>((int)given.Severity, "replacement.severity"),
        At(given.OccurredAt),
        given.DurationMinutes,
        given.Note)
    {
        ResolvedAt = given.ResolvedAt is null ? null : Fields.Instant(given.ResolvedAt, "replacement.resolved_at"),
        TreatmentGiven = given.TreatmentGiven.Length > 0 ? given.TreatmentGiven : null,
    };

    private static Wire.RecordSafetyCheckRequest CheckOf(Wire.CorrectedSafetyCheck given)
    {
        var request = new Wire.RecordSafetyCheckRequest { SafetyCheckId = given.SafetyCheckId, Note = given.Note, OccurredAt = given.OccurredAt };
        switch (given.ResultCase)
        {
            case Wire.CorrectedSafetyCheck.ResultOneofCase.LiverPanel:
                request.LiverPanel = given.LiverPanel;
                break;
            case Wire.CorrectedSafetyCheck.ResultOneofCase.CognitionTest:
                request.CognitionTest = given.CognitionTest;
                break;
            case Wire.CorrectedSafetyCheck.ResultOneofCase.MisuseScreen:
                request.MisuseScreen = given.MisuseScreen;
                break;
            case Wire.CorrectedSafetyCheck.ResultOneofCase.PregnancyTest:
                request.PregnancyTest = given.PregnancyTest;
                break;
            case Wire.CorrectedSafetyCheck.ResultOneofCase.UrineDrugScreen:
                request.UrineDrugScreen = given.UrineDrugScreen;
                break;
            default:
                break;
        }

        return request;
    }

    /// <summary>What is wrong is told at the replacement's field.</summary>
    private static T InReplacement<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RefusedException e)
        {
            throw new RefusedException(e.Refusal with { Field = "replacement." + e.Refusal.Field });
        }
    }

    private static DateTimeOffset At(Timestamp? time) => Fields.Instant(time, "replacement.occurred_at");

    private static SessionId SessionOf(FactName fact) => fact.Session ?? throw Fields.Invalid("REPLACEMENT_MISMATCH", "replacement", "Give one corrected fact of the same kind, and of the same session.");

    private static FactName Fact(string text) => FactName.TryParse(text, out var fact)
        ? fact
        : throw Fields.Invalid("FACT_INVALID", "fact", "Give the name of a fact of this patient, in one of the documented forms.");

    private static string Name(string patient, FactName? fact) => fact is { } name ? $"{patient}/{name}" : "";
}
