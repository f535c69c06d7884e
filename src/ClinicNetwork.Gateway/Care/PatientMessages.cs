using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>From the domain to the wire.</summary>
internal static class PatientMessages
{
    public static Wire.Patient Of(PatientState state, SignedTokens tokens)
    {
        var message = new Wire.Patient
        {
            Name = state.Id.Name,
            HomeClinic = state.HomeClinic.Name,
            GivenName = state.GivenName,
            FamilyName = state.FamilyName,
            BirthDate = Iso(state.BirthDate),
            Sex = (Wire.Sex)state.Sex,
            RecordNumber = state.RecordNumber,
            Status = CourseMessages.StatusOf(state),
            Consultation = state.Consultation is not null ? Of(state.Consultations[^1]) : null,
            Plan = state.Plan is { } plan ? Of(state, plan, tokens) : null,
            ResearchPermission = state.PresentConsent() is { } consent ? PermittedOf(consent.Permission, consent.Until) : null,
        };
        message.Sessions.AddRange(state.SessionsOfAllCourses().OrderBy(s => s.StartedAt).Select(s => SessionMessages.Of(state.InCourseOf(s.Id), s)));
        message.Assessments.AddRange(state.Assessments.Zip(RecallOverlap.Of(state, Phq9.Scale), (a, later) => Of(state, a, later)));
        message.AnsweredScales.AddRange(ScaleMessages.Of(state));
        message.SideEffects.AddRange(state.SideEffects.Select((e, i) => Of(state, e, FactNumbers.At(state, FactKind.SideEffect, "", i).Number)));
        message.Outcomes.AddRange(state.Outcomes.Select(o => RevisedOf(state, o)));
        message.Sites.AddRange(state.Sites.Select(SectionMessages.Of));
        message.ResearchConsent.AddRange(state.ResearchConsent.Select(Of));
        message.EmergencyAccesses.AddRange(state.EmergencyAccesses.Select(Of));
        message.Alerts.AddRange(state.Alerts.Select(a => Of(state, a)));
        message.SafetyChecks.AddRange(SafetyMessages.Of(state));
        RemsMessages.Add(message, state);
        message.DoseRequests.AddRange(state.DoseRequests.Select(r => Of(state, r)));
        message.SupportSessions.AddRange(state.SupportSessions.Select(s => AdviceMessages.Of(state, s)));
        return message;
    }

    /// <summary>The patient with all that follows from it at a time.</summary>
    /// <param name="toPatient">The patient itself is told.</param>
    public static Wire.GetPatientResponse WholeOf(PatientState state, Wire.Revision revision, bool toPatient, DateTimeOffset now, SignedTokens tokens)
    {
        var response = new Wire.GetPatientResponse { Patient = Of(state, tokens), Revision = revision };
        response.Judgements.AddRange(JudgementsOf(state, now));
        response.FollowUps.AddRange(FollowUpMessages.VisitsOf(state, now));
        response.Goals.AddRange(FollowUpMessages.GoalsOf(state, now));
        response.SafetyWarnings.AddRange(SafetyMessages.WarningsOf(state));
        response.RemsForms.AddRange(RemsMessages.DueOf(state, now));
        response.Voice = VoiceMessages.Of(state, toPatient, now);
        response.RetractedFacts.AddRange(AmendmentMessages.RetractedOf(state));
        response.RevisedOutcomes.AddRange(AmendmentMessages.RevisedOf(state));
        response.MissedVisits.AddRange(AmendmentMessages.MissedOf(state));
        response.PlanConflicts.AddRange(state.PlanConflicts.Select(c => PlanConflictMessages.Of(state.Id.Name, c)));
        CourseMessages.AddTo(response, state, tokens, now);
        return response;
    }

    public static Wire.Plan Of(PatientState state, Plan plan, SignedTokens tokens) => Of(state.Id.Name, plan, tokens);

    public static Wire.Plan Of(string patient, Plan plan, SignedTokens tokens)
    {
        var message = PlanMessages.Of(patient, plan);
        message.Etag = PlanEtag.Of(tokens, patient, plan.Version);
        return message;
    }

    /// <summary>By every definition, in order of keys; none before the first dose.</summary>
    public static IEnumerable<Wire.OutcomeJudgement> JudgementsOf(PatientState state, DateTimeOffset now)
    {
        if (PatientSeries.Of(state) is not { } series)
        {
            yield break;
        }

        var (today, first) = (state.DayOf(now), state.Retracted.IsEmpty ? series : PatientSeries.Of(Retraction.AsFirstRecorded(state)));
        foreach (var definition in OutcomeCatalogue.All.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            var message = Of(OutcomeJudging.Judge(definition, series, today));
            message.Recomputed = first != series && (first is null || !Of(OutcomeJudging.Judge(definition, first, today)).Equals(message));
            yield return message;
        }
    }

    private static Wire.OutcomeJudgement Of(OutcomeJudgement judgement)
    {
        var message = new Wire.OutcomeJudgement
        {
            Definition = judgement.Definition,
            Kind = (Wire.JudgementKind)judgement.Kind,
            MissingReason = judgement.Reason is { } reason ? (Wire.MissingReason)reason : Wire.MissingReason.Unspecified,
            Final = judgement.IsFinal,
        };
        message.Totals.AddRange(judgement.Totals.Select(t => new Wire.JudgedTotal
        {
            Scale = OutcomeDefinition.NameOf(t.Scale),
            Baseline = t.Baseline,
            Total = t.Total,
            Day = Iso(t.Day),
        }));
        return message;
    }

    internal static Wire.Consultation Of(RecordedConsultation recorded)
    {
        var consultation = recorded.Consultation;
        var message = new Wire.Consultation
        {
            DiagnosisCode = consultation.DiagnosisCode,
            PsychiatricHistory = consultation.PsychiatricHistory,
            TreatmentConsent = consultation.TreatmentConsent,
        };
        message.EarlierTreatments.AddRange(consultation.EarlierTreatments.Select(t => new Wire.EarlierTreatment
        {
            Treatment = t.Treatment,
            Adequate = t.Adequate,
            Response = (Wire.TreatmentResponse)t.Response,
            Trial = ConsultationMessages.Of(t.Trial),
        }));
        message.RisksDiscussed.AddRange(consultation.RisksDiscussed);
        message.Contraindications.AddRange(consultation.Contraindications);
        ConsultationMessages.AddTo(message, recorded);
        return message;
    }

    internal static Wire.BloodPressure Of(BloodPressure pressure) => new() { SystolicMmhg = pressure.SystolicMmHg, DiastolicMmhg = pressure.DiastolicMmHg };

    internal static Wire.Assessment Of(PatientState state, Assessment assessment, bool overlapsEarlier)
    {
        var message = new Wire.Assessment
        {
            Name = $"{state.Id.Name}/assessments/{assessment.Id.Value}",
            OccurredAt = assessment.OccurredAt.ToTimestamp(),
            Total = assessment.Total,
            Severity = Phq9.Name(assessment.Severity),
            OverlapsEarlier = overlapsEarlier,
        };
        message.Items.AddRange(assessment.Items);
        if (assessment.Difficulty is { } difficulty)
        {
            message.Difficulty = difficulty;
        }

        return message;
    }

    internal static Wire.SideEffect Of(PatientState state, SideEffect effect, int number) => new()
    {
        Session = $"{state.Id.Name}/sessions/{effect.Session.Value}",
        Kind = (Wire.SideEffectKind)effect.Kind,
        Severity = (Wire.SideEffectSeverity)effect.Severity,
        OccurredAt = effect.OccurredAt.ToTimestamp(),
        DurationMinutes = effect.DurationMinutes,
        Note = effect.Note,
        Number = number,
        ResolvedAt = effect.ResolvedAt?.ToTimestamp(),
        TreatmentGiven = effect.TreatmentGiven ?? "",
    };

    private static Wire.MilestoneOutcome RevisedOf(PatientState state, MilestoneOutcome outcome)
    {
        var message = Of(outcome);
        message.RevisedBy = state.RevisedOutcomes.LastOrDefault(r => r.Was.Milestone == outcome.Milestone)?.Retraction ?? 0;
        return message;
    }

    internal static Wire.MilestoneOutcome Of(MilestoneOutcome outcome)
    {
        var message = new Wire.MilestoneOutcome
        {
            Milestone = (Wire.Milestone)outcome.Milestone,
            Measured = outcome.Measured,
            MissingReason = outcome.Missing is { } reason ? (Wire.MissingReason)reason : Wire.MissingReason.Unspecified,
            BaselinePhq9 = outcome.BaselinePhq9 ?? 0,
            Phq9 = outcome.Phq9 ?? 0,
            Response = outcome.Response,
            Remission = outcome.Remission,
            Worsening = outcome.Worsening,
        };
        message.Definitions.AddRange(outcome.Definitions);
        return message;
    }

    private static Wire.EmergencyAccess Of(EmergencyAccess access) => new()
    {
        Number = access.Number,
        Site = access.Site.Name,
        Reason = access.Reason,
        OpenedAt = access.At.ToTimestamp(),
        Until = access.Until.ToTimestamp(),
        ReviewedAt = access.ReviewedAt?.ToTimestamp(),
        Finding = access.Finding,
    };

    private static Wire.Alert Of(PatientState state, Alert alert)
    {
        var message = new Wire.Alert
        {
            Number = alert.Number,
            Kind = (Wire.AlertKind)alert.Kind,
            RuleVersion = alert.RuleVersion,
            Rule = alert.Rule.Cause,
            Level = alert.Level,
            RaisedAt = alert.RaisedAt.ToTimestamp(),
            DueAt = alert.DueAt.ToTimestamp(),
            ClosedAt = alert.ClosedAt?.ToTimestamp(),
            AnsweredBy = alert.Answer.Length > 0 ? $"{state.Id.Name}/{alert.Answer}" : "",
            AcknowledgedBy = alert.Actor,
            Done = alert.Done,
            Historical = alert.Historical,
        };
        message.Causes.AddRange(alert.Causes.Select(c => $"{state.Id.Name}/{c}"));
        message.Withdrawn.AddRange(alert.Withdrawn.Select(c => AmendmentMessages.Of(state, c)));
        message.ReopenedBy = alert.ReopenedBy ?? 0;
        message.Owners.AddRange(RoleNames.Join(alert.AtLevel.Owner, ' ').Split(' '));
        return message;
    }

    public static Wire.DoseRequest Of(PatientState state, DoseRequest request) => new()
    {
        Name = $"{state.Id.Name}/dose-requests/{request.Id.Value}",
        Kind = (Wire.DoseRequestKind)request.Kind,
        Requester = (Wire.DoseRequester)request.By,
        Decision = (Wire.DoseRequestDecision)request.Decision,
        Reason = request.Reason,
        DecidedBy = request.DecidedBy,
        OccurredAt = request.OccurredAt.ToTimestamp(),
    };

    /// <param name="permission">As <see cref="ReleasePermission"/>'s bits.</param>
    public static Wire.ResearchConsent PermittedOf(int permission, DateTimeOffset? until) => new()
    {
        Recipients = { System.Enum.GetValues<RecipientClass>().Where(c => (permission & (int)c) != 0).Select(Of) },
        Purposes = { System.Enum.GetValues<ResearchPurpose>().Where(p => (permission & (int)p) != 0).Select(Of) },
        Until = until?.ToTimestamp(),
    };

    internal static Wire.ResearchPurpose Of(ResearchPurpose purpose) => purpose switch
    {
        ResearchPurpose.Research => Wire.ResearchPurpose.Research,
        ResearchPurpose.QualityImprovement => Wire.ResearchPurpose.QualityImprovement,
        ResearchPurpose.SafetyMonitoring => Wire.ResearchPurpose.SafetyMonitoring,
        ResearchPurpose.ProductDevelopment => Wire.ResearchPurpose.ProductDevelopment,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    internal static Wire.RecipientClass Of(RecipientClass recipient) => recipient switch
    {
        RecipientClass.ResearchRegistry => Wire.RecipientClass.ResearchRegistry,
        RecipientClass.PartnerClinic => Wire.RecipientClass.PartnerClinic,
        RecipientClass.PublicHealth => Wire.RecipientClass.PublicHealth,
        RecipientClass.Industry => Wire.RecipientClass.Industry,
        _ => throw new ArgumentOutOfRangeException(nameof(recipient)),
    };

    internal static string Iso(DateOnly day) => day.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
