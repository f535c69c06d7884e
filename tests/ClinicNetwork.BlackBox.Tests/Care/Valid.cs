using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Requests that are accepted, each with an id of its own; tests change one thing.</summary>
internal static partial class Valid
{
    public const string Intravenous = "protocols/ketamine-iv-induction";
    public const string Nasal = "protocols/esketamine-nasal-induction";

    /// <summary>When things happened unless told otherwise: ten days before the manual clock begins.</summary>
    public static readonly DateTimeOffset Past = ServerProcess.ClockStart.AddDays(-10);

    public static string Id() => Guid.NewGuid().ToString();

    public static Timestamp At(TimeSpan after) => (Past + after).ToTimestamp();

    public static RegisterClinicRequest Clinic(string name, bool certified = false) => new()
    {
        RequestId = Id(),
        Clinic = new() { Name = name, DisplayName = "Clinic under test", TimeZone = "Europe/Berlin", EsketamineCertified = certified },
    };

    public static EnrolPatientRequest Enrolment(string patient, string home = Network.Harbour) => new()
    {
        RequestId = Id(),
        Patient = patient,
        HomeClinic = home,
        GivenName = "Ada",
        FamilyName = "Testperson",
        BirthDate = "1980-02-29",
        Sex = Sex.Female,
        RecordNumber = "R-" + patient,
        OccurredAt = At(default),
    };

    public static RecordConsultationRequest Consultation(string patient) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Consultation = new()
        {
            DiagnosisCode = "F33.2",
            PsychiatricHistory = "two earlier episodes",
            EarlierTreatments = { new EarlierTreatment { Treatment = "sertraline", Adequate = true, Response = TreatmentResponse.Partial } },
            RisksDiscussed = { "dissociation" },
            TreatmentConsent = true,
        },
        OccurredAt = At(default),
    };

    public static CreatePlanRequest Plan(string patient, string protocol = Intravenous) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Protocol = protocol,
        Setting = protocol == Nasal ? Setting.CertifiedClinic : Setting.Clinic,
        Goals = { new Goal { Text = "sleep through the night", TargetPhq9 = 9, TargetDate = "2025-12-01" } },
    };

    public static RevisePlanRequest Revision(string patient, string etag) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Etag = etag,
        InductionSessions = 8,
        Reason = "well tolerated",
    };

    public static ProposeRevisionRequest Proposal(string patient, string etag, double doseMgPerKg = 0.75) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Etag = etag,
        DoseMgPerKg = doseMgPerKg,
        Reason = "decided while offline",
        OccurredAt = At(default),
    };

    public static ResolvePlanConflictRequest PlanResolution(string patient, string etag, PlanChoice holds = PlanChoice.Proposed) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Etag = etag,
        Conflict = 1,
        Holds = holds,
        Reason = "agreed by telephone",
    };

    private static int _consents;

    /// <summary>Each a minute after the one before: of two at one instant, only what both permit.</summary>
    public static SetResearchConsentRequest Consent(string patient, params IEnumerable<RecipientClass> recipients) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Recipients = { recipients },
        OccurredAt = At(TimeSpan.FromMinutes(Interlocked.Increment(ref _consents))),
    };

    public static StartSessionRequest Start(string patient, string session, DateTimeOffset? at = null, string clinic = Network.Harbour) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        Clinic = clinic,
        BloodPressure = new() { SystolicMmhg = 120, DiastolicMmhg = 80 },
        WeightKg = 70,
        OccurredAt = (at ?? Past).ToTimestamp(),
    };

    /// <summary>With what later protocols ask for before a dose.</summary>
    public static StartSessionRequest WithChecks(this StartSessionRequest request)
    {
        (request.Spo2Percent, request.FoodMinutes, request.DrinkMinutes, request.EscortConfirmed, request.EnrolmentConfirmed) = (98, 480, 150, true, true);
        return request;
    }

    public static DischargeChecklist Checklist() => new()
    {
        Oriented = true,
        Walks = true,
        NauseaSettled = true,
        EscortPresent = true,
        NoDrivingAdviceGiven = true,
        RiskScreenDone = true,
        Moaas = 5,
        Cadss6 = 1,
        Spo2Percent = 98,
    };

    public static RecordDoseRequest Dose(string patient, string session, DateTimeOffset? at = null) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        DoseMg = 35,
        DurationMinutes = 40,
        OccurredAt = (at ?? Past).AddMinutes(10).ToTimestamp(),
    };

    public static CompleteSessionRequest Completion(string patient, string session, DateTimeOffset? at = null) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        BloodPressure = new() { SystolicMmhg = 118, DiastolicMmhg = 78 },
        OccurredAt = (at ?? Past).AddMinutes(190).ToTimestamp(),
    };

    public static RecordSideEffectRequest SideEffect(string patient, string session, DateTimeOffset? at = null) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        Kind = SideEffectKind.Nausea,
        Severity = SideEffectSeverity.Mild,
        DurationMinutes = 20,
        Note = "settled without help",
        OccurredAt = (at ?? Past).AddMinutes(30).ToTimestamp(),
    };

    public static RecordVitalsRequest Vitals(string patient, string session, DateTimeOffset? at = null) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        OccurredAt = (at ?? Past.AddMinutes(50)).ToTimestamp(),
        BloodPressure = new() { SystolicMmhg = 131, DiastolicMmhg = 84 },
        HeartRate = 76,
        Spo2Percent = 97,
        RespiratoryRate = 14,
        Moaas = 5,
        Cadss6 = 2,
    };

    public static ResolveSideEffectRequest Resolution(string patient, int number = 1) =>
        new() { RequestId = Id(), Patient = patient, SideEffect = number, TreatmentGiven = "ondansetron 4 mg", OccurredAt = Past.AddMinutes(80).ToTimestamp() };

    public static RecordLeavingRequest Leaving(string patient, string session) =>
        new() { RequestId = Id(), Patient = patient, SessionId = session, Kind = LeavingKind.AgainstAdvice, Reason = "would not wait", OccurredAt = Past.AddMinutes(60).ToTimestamp() };

    public static RecordAssessmentRequest Assessment(string patient, string assessment, DateTimeOffset? at = null, int total = 14) => new()
    {
        RequestId = Id(),
        Patient = patient,
        AssessmentId = assessment,
        Items = { Items(total) },
        OccurredAt = (at ?? Past).ToTimestamp(),
    };

    /// <summary>A GAD-7 of 7, complete.</summary>
    public static RecordScaleRequest Scale(string patient, string assessment, DateTimeOffset? at = null) =>
        Scale(patient, assessment, ScaleKind.Gad7, at, ("nervous", 1), ("control", 1), ("worry", 1), ("relaxing", 2), ("restless", 2), ("irritable", 0), ("afraid", 0));

    public static RecordScaleRequest Scale(string patient, string assessment, ScaleKind kind, DateTimeOffset? at, params IEnumerable<(string Key, int Value)> items) => new()
    {
        RequestId = Id(),
        Patient = patient,
        AssessmentId = assessment,
        Scale = kind,
        Items = { items.Select(i => new ScaleItem { Key = i.Key, Value = i.Value }) },
        OccurredAt = (at ?? Past).ToTimestamp(),
    };

    /// <summary>Liver tests within their limits.</summary>
    public static RecordSafetyCheckRequest SafetyCheck(string patient, string check, DateTimeOffset? at = null)
    {
        static LiverValue Enzyme(double value, double limit) => new() { Value = value, UpperLimit = limit, Unit = LiverUnit.UnitsPerLitre };
        return new()
        {
            RequestId = Id(),
            Patient = patient,
            SafetyCheckId = check,
            LiverPanel = new() { Alt = Enzyme(31, 40), Ast = Enzyme(28, 40), Alp = Enzyme(70, 120), Bilirubin = new() { Value = 0.7, UpperLimit = 1.2, Unit = LiverUnit.MgPerDecilitre } },
            OccurredAt = (at ?? Past).ToTimestamp(),
        };
    }

    public static GetEligibilityRequest Eligibility(string patient, string protocol = Intravenous) => new() { Name = patient, Protocol = protocol, Read = new() };

    /// <summary>With every coded part; nothing against treatment.</summary>
    public static RecordConsultationRequest Detailed(string patient)
    {
        var request = Consultation(patient);
        var c = request.Consultation;
        c.EarlierTreatments[0].Trial = new() { TreatmentClass = TreatmentClass.Ssri, Dose = 150, DoseUnit = DoseUnit.MgPerDay, Weeks = 8, Adherence = Adherence.Good, PresentEpisode = true };
        c.Findings.Add(new CodedFinding { Code = "hypersensitivity" });
        c.Findings.Add(new CodedFinding { Code = "psychosis", Present = true, Note = "once, years ago" });
        c.Medication = new() { Medications = { new Medication { Name = "lorazepam", MedicationClass = MedicationClass.Benzodiazepine, Dose = "1 mg at night" } } };
        c.Allergies.Add("penicillin");
        c.Pregnancy = PregnancyPossibility.Possible;
        c.BaselineScales.Add(ScaleKind.Phq9);
        c.Discussed.Add(DiscussedTopic.Dissociation);
        c.AcuteIdeation = false;
        return request;
    }

    public static RecordMissedVisitRequest MissedVisit(string patient) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Milestone = Milestone.Week8,
        Reason = MissingReason.Unreachable,
        OccurredAt = At(default),
    };

    public static RecordRequestForDoseRequest RequestForDose(string patient, string id, DateTimeOffset? at = null) => new()
    {
        RequestId = Id(),
        Patient = patient,
        DoseRequestId = id,
        Kind = DoseRequestKind.Early,
        Requester = DoseRequester.Carer,
        Decision = DoseRequestDecision.Refused,
        Reason = "two days after the last dose",
        OccurredAt = (at ?? Past).ToTimestamp(),
    };

    /// <summary>Of a patient whose first dose was given on the day of the clock's start or shortly before: the first long-term items are asked for three weeks later.</summary>
    public static RescheduleVisitRequest Rescheduling(string patient) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Visit = "long-term-safety/1/1",
        Day = Past.AddDays(28).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Reason = "away until then",
        OccurredAt = At(default),
    };

    public static EndTreatmentRequest Ending(string patient) => new() { RequestId = Id(), Patient = patient, Reason = "moved away", OccurredAt = At(default) };

    public static RecordDeathRequest Death(string patient) =>
        new() { RequestId = Id(), Patient = patient, Cause = DeathCause.Unknown, Source = DeathSource.Family, Note = "told by telephone", OccurredAt = At(TimeSpan.FromDays(9)) };

    public static RecordContactRequest Contact(string patient) =>
        new() { RequestId = Id(), Patient = patient, Way = ContactWay.Phone, Result = ContactResult.NoAnswer, Note = "rang twice", OccurredAt = At(default) };

    public static DeclareLostRequest Loss(string patient) => new() { RequestId = Id(), Patient = patient, Note = "moved without an address", OccurredAt = At(default) };

    public static RecordPregnancyRequest Pregnancy(string patient) =>
        new() { RequestId = Id(), Patient = patient, Finding = PregnancyFinding.Reported, Note = "sixth week", OccurredAt = At(default) };

    public static AcknowledgeAlertRequest Acknowledgement(string patient, int alert = 1) =>
        new() { RequestId = Id(), Patient = patient, Alert = alert, Done = "called the patient, seen the same day" };

    public static RecordRemsEnrolmentRequest RemsEnrolment(string patient, string clinic = Network.Harbour) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Kind = RemsEnrolmentKind.Form,
        Clinic = clinic,
        Prescriber = "Dr Chen",
        Indication = RemsIndication.TreatmentResistantDepression,
        ConsentSigned = true,
        OccurredAt = At(default),
    };

    public static RecordRemsDetailsRequest RemsDetails(string patient, string session) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        LotNumber = "K4711",
        Taking = { RemsMedication.Benzodiazepines },
        ReadyMinutes = 95,
        MonitoredBy = "R. Alvarez",
        OccurredAt = At(TimeSpan.FromHours(4)),
    };

    public static RecordRemsSubmissionRequest RemsSubmission(string patient, string session) =>
        new() { RequestId = Id(), Patient = patient, SessionId = session, Reference = "F-2207", OccurredAt = At(TimeSpan.FromDays(1)) };

    public static RecordSeriousEventRequest SeriousEvent(string patient, string session) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SessionId = session,
        Criteria = { SeriousCriterion.Hospitalisation },
        Description = "kept overnight for observation",
        OccurredAt = At(TimeSpan.FromHours(1)),
    };

    public static ConfigureClinicRequest Settings(string clinic) =>
        new() { RequestId = Id(), Clinic = clinic, RemsCertificate = new() { Number = "H-1234", FirstDay = "2025-01-15" }, RetentionYears = 12 };

    public static RecordSupportSessionRequest Support(string patient, string session) => new()
    {
        RequestId = Id(),
        Patient = patient,
        SupportSessionId = session,
        Kind = SupportKind.Psychotherapy,
        MissedReason = "could not get out of bed",
        OccurredAt = At(default),
    };

    public static RecordAdviceDecisionRequest AdviceDecision(string patient, string advice) => new()
    {
        RequestId = Id(),
        Patient = patient,
        AdviceId = advice,
        Verdict = AdviceVerdict.Declined,
        Reason = "the patient would rather wait",
    };

    public static MarkEnteredInErrorRequest Mistake(string patient, string fact = "assessments/a-1") =>
        new() { RequestId = Id(), Patient = patient, Fact = fact, Reason = "answered by another patient" };

    /// <summary>A GAD-7 in place of whatever was answered.</summary>
    public static AmendFactRequest Amendment(string patient, string assessment, string fact = "assessments/a-1") => new()
    {
        RequestId = Id(),
        Patient = patient,
        Fact = fact,
        Reason = "copied wrongly",
        Scale = new() { AssessmentId = assessment, Scale = ScaleKind.Gad7, Items = { Scale(patient, assessment).Items }, OccurredAt = At(default) },
    };

    public static ProposeErasureRequest Erasure(string approval, string patient) =>
        new() { RequestId = Id(), Approval = approval, Patient = patient, Reason = "asked for in writing", Ground = ErasureGround.PersonsRight };

    public static ProposeKeyDestructionRequest KeyDestruction(string approval, string clinic) =>
        new() { RequestId = Id(), Approval = approval, Clinic = clinic, Reason = "left the network" };

    public static ApproveRequest Approval(Approval read) => new() { RequestId = Id(), Approval = read.Name, Etag = read.Etag };

    /// <summary>Nine items of 0 to 3 with this sum, item 9 last to be raised.</summary>
    private static IEnumerable<int> Items(int total) => Enumerable.Range(0, 9).Select(i => Math.Clamp(total - 3 * i, 0, 3));
}
