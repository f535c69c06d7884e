using System.Collections.Immutable;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Immutable, Alias("patient-enrolled")]
public sealed record PatientEnrolled(
    [property: Id(0)] PatientId Patient,
    [property: Id(1)] ClinicId HomeClinic,
    [property: Id(2)] string TimeZone,
    [property: Id(3)] string GivenName,
    [property: Id(4)] string FamilyName,
    [property: Id(5)] DateOnly BirthDate,
    [property: Id(6)] Sex Sex,
    [property: Id(7)] string RecordNumber,
    [property: Id(8)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("consultation-recorded")]
public sealed record ConsultationRecorded([property: Id(0)] Consultation Consultation, [property: Id(1)] DateTimeOffset OccurredAt) : IEvent
{
    /// <summary>Empty in versions before 0.4.</summary>
    [Id(20)] public string Actor { get; init; } = "";
}

/// <summary><see cref="Plan.Version"/> inside is the version this event makes.</summary>
[GenerateSerializer, Immutable, Alias("plan-created")]
public sealed record PlanCreated([property: Id(0)] Plan Plan) : IEvent;

/// <inheritdoc cref="PlanCreated"/>
[GenerateSerializer, Immutable, Alias("plan-revised")]
public sealed record PlanRevised([property: Id(0)] Plan Plan) : IEvent;

[GenerateSerializer, Immutable, Alias("sharing-set")]
public sealed record SharingSet([property: Id(0)] ImmutableArray<SiteGrant> Sites, [property: Id(1)] DateTimeOffset OccurredAt) : IEvent;

/// <summary>A statement on research; see <see cref="ResearchConsents"/>.</summary>
/// <param name="Recipients">Empty: nobody is permitted; this is also a withdrawal.</param>
[GenerateSerializer, Immutable, Alias("research-consent-set")]
public sealed record ResearchConsentSet([property: Id(0)] ImmutableArray<RecipientClass> Recipients, [property: Id(1)] DateTimeOffset OccurredAt) : IEvent
{
    /// <summary>Empty: research, which is what everybody was asked for before 0.6; read as <see cref="GivenPurposes"/>.</summary>
    [Id(2)] public ImmutableArray<ResearchPurpose> Purposes { get; init; } = [];

    /// <summary>End of the period, by the store's clock; null: until it is withdrawn.</summary>
    [Id(3)] public DateTimeOffset? Until { get; init; }

    /// <summary>None of a withdrawal.</summary>
    public ImmutableArray<ResearchPurpose> GivenPurposes => Recipients.IsEmpty ? [] : Purposes.IsDefaultOrEmpty ? [ResearchPurpose.Research] : Purposes;

    /// <summary>As <see cref="ReleasePermission"/>'s bits; 0: nothing.</summary>
    public int Permission => Recipients.Sum(r => (int)r) | GivenPurposes.Sum(p => (int)p);

    /// <summary>What both permit.</summary>
    internal ResearchConsentSet And(ResearchConsentSet other)
    {
        ImmutableArray<ResearchPurpose> purposes = [.. GivenPurposes.Intersect(other.GivenPurposes)];
        return this with
        {
            Recipients = purposes.IsEmpty ? [] : [.. Recipients.Intersect(other.Recipients)],
            Purposes = purposes,
            Until = other.Until is null || Until < other.Until ? Until : other.Until,
        };
    }
}

/// <summary>From here on the patient has the milestones after week 52; who was treated first since 0.6 has them without it.</summary>
[GenerateSerializer, Immutable, Alias("yearly-milestones-added")]
public sealed record YearlyMilestonesAdded : IEvent;

[GenerateSerializer, Immutable, Alias("session-started")]
public sealed record SessionStarted(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] ClinicId Clinic,
    [property: Id(2)] BloodPressure BloodPressure,
    [property: Id(3)] double? WeightKg,
    [property: Id(4)] double PlannedDoseMg,
    [property: Id(5)] string OverrideReason,
    [property: Id(6)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("dose-given")]
public sealed record DoseGiven(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] double DoseMg,
    [property: Id(2)] int DurationMinutes,
    [property: Id(3)] bool OutsidePlan,
    [property: Id(4)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("side-effect-recorded")]
public sealed record SideEffectRecorded([property: Id(0)] SideEffect SideEffect) : IEvent;

[GenerateSerializer, Immutable, Alias("session-completed")]
public sealed record SessionCompleted(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] BloodPressure BloodPressure,
    [property: Id(2)] DateTimeOffset OccurredAt) : IEvent;

/// <summary>After <see cref="SessionStarted"/> in the same command, when the protocol has checks beyond it: the dose was told.</summary>
[GenerateSerializer, Immutable, Alias("session-cleared")]
public sealed record SessionCleared(
    [property: Id(0)] SessionId Session, [property: Id(1)] PreDoseChecks Checks, [property: Id(2)] ImmutableArray<GateOverridden> Overridden) : IEvent;

[GenerateSerializer, Immutable, Alias("vitals-recorded")]
public sealed record VitalsRecorded([property: Id(0)] SessionId Session, [property: Id(1)] Vitals Vitals) : IEvent;

/// <param name="Number">1..n of this patient, in order of recording.</param>
[GenerateSerializer, Immutable, Alias("side-effect-resolved")]
public sealed record SideEffectResolved([property: Id(0)] int Number, [property: Id(1)] string TreatmentGiven, [property: Id(2)] DateTimeOffset OccurredAt) : IEvent;

/// <summary>After <see cref="SessionCompleted"/> in the same command, when the protocol asks for a discharge.</summary>
[GenerateSerializer, Immutable, Alias("session-discharged")]
public sealed record SessionDischarged([property: Id(0)] SessionId Session, [property: Id(1)] DischargeChecklist Checklist) : IEvent;

/// <summary>Ends the session as <see cref="SessionCompleted"/> does, and is no discharge.</summary>
[GenerateSerializer, Immutable, Alias("left-without-discharge")]
public sealed record LeftWithoutDischarge(
    [property: Id(0)] SessionId Session, [property: Id(1)] LeavingKind Kind, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("assessment-recorded")]
public sealed record AssessmentRecorded(
    [property: Id(0)] AssessmentId Assessment,
    [property: Id(1)] ImmutableArray<int> Items,
    [property: Id(2)] int Total,
    [property: Id(3)] Phq9Severity Severity,
    [property: Id(4)] DateTimeOffset OccurredAt) : IEvent;

/// <summary>The tenth question of the PHQ-9 that was recorded by the same command, 0 to 3.</summary>
[GenerateSerializer, Immutable, Alias("difficulty-recorded")]
public sealed record DifficultyRecorded([property: Id(0)] AssessmentId Assessment, [property: Id(1)] int Difficulty) : IEvent;

/// <summary>Any scale but the PHQ-9, which is <see cref="AssessmentRecorded"/>.</summary>
[GenerateSerializer, Immutable, Alias("scale-recorded")]
public sealed record ScaleRecorded([property: Id(0)] AnsweredScale Answer) : IEvent;

[GenerateSerializer, Immutable, Alias("visit-missed")]
public sealed record VisitMissed(
    [property: Id(0)] Milestone Milestone,
    [property: Id(1)] MissingReason Reason,
    [property: Id(2)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("treatment-ended")]
public sealed record TreatmentEnded([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset OccurredAt) : IEvent;

[GenerateSerializer, Immutable, Alias("milestone-closed")]
public sealed record MilestoneClosed([property: Id(0)] MilestoneOutcome Outcome) : IEvent;

/// <inheritdoc cref="EmergencyAccess"/>
[GenerateSerializer, Immutable, Alias("emergency-access-granted")]
public sealed record EmergencyAccessGranted(
    [property: Id(0)] int Number,
    [property: Id(1)] ClinicId Site,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] DateTimeOffset Until) : IEvent;

/// <summary>Recorded when its time was over; access had ended by itself.</summary>
[GenerateSerializer, Immutable, Alias("emergency-access-ended")]
public sealed record EmergencyAccessEnded([property: Id(0)] int Number) : IEvent;

[GenerateSerializer, Immutable, Alias("emergency-access-reviewed")]
public sealed record EmergencyAccessReviewed([property: Id(0)] int Number, [property: Id(1)] string Finding, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <summary>After the fact that is its cause, in the same command; see <see cref="Alert"/>.</summary>
[GenerateSerializer, Immutable, Alias("alert-raised")]
public sealed record AlertRaised(
    [property: Id(0)] int Number,
    [property: Id(1)] AlertKind Kind,
    [property: Id(2)] int RuleVersion,
    [property: Id(3)] string Cause,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] DateTimeOffset DueAt,
    [property: Id(6)] bool Historical = false) : IEvent;

/// <summary>A further fact met the rule while the alert was open.</summary>
[GenerateSerializer, Immutable, Alias("alert-cause-added")]
public sealed record AlertCauseAdded([property: Id(0)] int Number, [property: Id(1)] string Cause) : IEvent;

/// <summary>A fact answered it; in the command that recorded the fact.</summary>
[GenerateSerializer, Immutable, Alias("alert-closed")]
public sealed record AlertClosed([property: Id(0)] int Number, [property: Id(1)] string Answer, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <param name="Level">That it is at now.</param>
[GenerateSerializer, Immutable, Alias("alert-escalated")]
public sealed record AlertEscalated(
    [property: Id(0)] int Number, [property: Id(1)] int Level, [property: Id(2)] DateTimeOffset At, [property: Id(3)] DateTimeOffset DueAt) : IEvent;

[GenerateSerializer, Immutable, Alias("alert-acknowledged")]
public sealed record AlertAcknowledged(
    [property: Id(0)] int Number, [property: Id(1)] string Actor, [property: Id(2)] string Done, [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>The last event of a stream; sealed by the key that goes with it.</summary>
[GenerateSerializer, Immutable, Alias("patient-erased")]
public sealed record PatientErased([property: Id(0)] string Reason) : IEvent;
