using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>What holds between the state before and after an accepted command, written without looking at how it is decided.</summary>
internal static class PatientLaws
{
    public static void Hold(PatientState before, object command, PatientState after, long version, DateTimeOffset now)
    {
        PlanVersionsRise(before, after, version);
        Assert.True(after.Sessions.Count(s => s is { CompletedAt: null, Report: null }) <= 1, "Two sessions are open that the network cleared.");
        Assert.True(after.Outcomes.DistinctBy(o => o.Milestone).Count() == after.Outcomes.Length, "A milestone has two outcomes.");
        TransferLaws.Hold(before, command, after, now);
        DosingLaws.Hold(before, command, after, now);
        Assert.Equal(before.DismissedDoubles.Length + (command is DismissDouble ? 1 : command is ReopenDouble ? -1 : 0), after.DismissedDoubles.Length);
        if (command is MarkEnteredInError or AmendFact)
            RetractionIsWhole(before, after);
        else
            FactsStay(before, after);
        EmergenciesStay(before, after);
        AlertLaws.Hold(before, after);
        VoiceMoves.Hold(before, after);
        CourseLaws.Hold(before, command, after);
        if (command is StartSession start)
            NoGateWasPassed(before, start, after, now);
        foreach (var course in Enumerable.Range(1, before.CourseNumber()).Where(n => after.InCourse(n).Outcomes.Length > before.InCourse(n).Outcomes.Length))
            OutcomeIsWhole(after.InCourse(course).Outcomes[^1]);
    }

    private static void PlanVersionsRise(PatientState before, PatientState after, long version)
    {
        if (ReferenceEquals(before.Plan, after.Plan))
            return;
        Assert.Equal((before.Plan?.Revision ?? 0) + 1, after.Plan!.Revision);
        Assert.Equal(version, after.Plan.Version);
        Assert.True(after.Plan.Version > (before.Plan?.Version ?? 0));
        Assert.Contains(after.Plan.Setting, after.Plan.MadeFrom.Settings);
        Assert.False(after.Plan is { MadeFrom.Drug: Drug.Esketamine, Setting: not Setting.CertifiedClinic });
    }

    /// <summary>Earlier facts are a prefix of the later ones; a session's parts are written once.</summary>
    private static void FactsStay(PatientState before, PatientState after)
    {
        Assert.True(after.Assessments.Take(before.Assessments.Length).SequenceEqual(before.Assessments));
        Assert.True(after.AnsweredScales.Take(before.AnsweredScales.Length).SequenceEqual(before.AnsweredScales));
        Assert.True(after.SafetyChecks.Take(before.SafetyChecks.Length).SequenceEqual(before.SafetyChecks));
        Assert.Distinct(after.SafetyChecks.Select(c => c.Id));
        Assert.True(after.Consultations.Take(before.Consultations.Length).SequenceEqual(before.Consultations));
        AreRising(after.Consultations.Select(c => c.Number));
        Assert.True(after.Consultation is null || ReferenceEquals(after.Consultation, after.Consultations.LastOrDefault()?.Consultation));
        var answers = after.Assessments.Select(a => a.Id).Concat(after.AnsweredScales.Select(a => a.Id)).ToArray();
        Assert.Equal(answers.Distinct().Count(), answers.Length);
        Assert.All(before.SideEffects.Zip(after.SideEffects), e => Assert.True(e.First == e.Second || e.First == e.Second with { ResolvedAt = null, TreatmentGiven = null }));
        Assert.All(before.Monitoring, m => Assert.True(after.MonitoringOf(m.Session).Vitals.Take(m.Vitals.Length).SequenceEqual(m.Vitals)));
        foreach (var (first, then) in Enumerable.Range(1, before.CourseNumber()).Select(n => (before.InCourse(n), after.InCourse(n))))
        {
            Assert.True(then.MissedVisits.Take(first.MissedVisits.Length).SequenceEqual(first.MissedVisits));
            Assert.True(then.PlannedVisits.Take(first.PlannedVisits.Length).SequenceEqual(first.PlannedVisits));
            Assert.True(then.FollowUpMisses.Take(first.FollowUpMisses.Length).SequenceEqual(first.FollowUpMisses));
            Assert.True(then.Outcomes.Take(first.Outcomes.Length).SequenceEqual(first.Outcomes));
            Assert.True(first.EndedAt is null || first.EndedAt == then.EndedAt);
        }

        RemsRecordsStay(before, after);
        Assert.True(after.SessionsOfAllCourses().Count() >= before.SessionsOfAllCourses().Count());
        foreach (var (was, now) in before.SessionsOfAllCourses().Select(s => (s, after.SessionsOfAllCourses().Single(a => a.Id == s.Id))))
        {
            Assert.Equal((was.PlanVersion, was.Report), (now.PlanVersion, now.Report));
            Assert.Equal((was.Id, was.Clinic, was.StartedAt, was.Before, was.PlannedDoseMg), (now.Id, now.Clinic, now.StartedAt, now.Before, now.PlannedDoseMg));
            Assert.True(was.DoseMg is null || (was.DoseMg == now.DoseMg && was.DosedAt == now.DosedAt && was.OutsidePlan == now.OutsidePlan));
            Assert.True(was.CompletedAt is null || (was.CompletedAt == now.CompletedAt && was.After == now.After));
        }

        if (before.Exists)
            Assert.Equal((before.Id, before.BirthDate), (after.Id, after.BirthDate));
        Assert.True(after.InPool || !before.InPool);
    }

    /// <summary>A number is one fact's for good, also after others were taken out.</summary>
    private static void AreRising(IEnumerable<int> numbers) => Assert.True(numbers.Prepend(0).Zip(numbers, (one, next) => next > one).All(rises => rises));

    /// <summary>Numbered in order of recording; only a dose of esketamine has a form; and what has once been a contact stays one.</summary>
    private static void RemsRecordsStay(PatientState before, PatientState after)
    {
        Assert.True(after.RemsEnrolments.Take(before.RemsEnrolments.Length).SequenceEqual(before.RemsEnrolments));
        Assert.True(after.RemsDetails.Take(before.RemsDetails.Length).SequenceEqual(before.RemsDetails));
        Assert.True(after.RemsSubmissions.Take(before.RemsSubmissions.Length).SequenceEqual(before.RemsSubmissions));
        Assert.True(after.SeriousEvents.Take(before.SeriousEvents.Length).SequenceEqual(before.SeriousEvents));
        AreRising(after.SeriousEvents.Select(e => e.Number));
        Session[] asked = [.. after.SessionsOfAllCourses().Where(s => s.DosedAt is not null && after.ProtocolOf(s).Drug == Drug.Esketamine)];
        Assert.True(asked.Length > 0 || after.Retracted.Length > 0 || (after.RemsDetails.IsEmpty && after.RemsSubmissions.IsEmpty));
        Assert.Equal(asked, after.SessionsOfAllCourses().Where(s => MonitoringForm.Of(after, s) is not null));
        Assert.True(Retention.LastContact(before) is not { } was || Retention.LastContact(after) >= was);
    }

    /// <summary>What stood and stands no more is kept, every number and id is one fact's, and closed milestones are what the record says now.</summary>
    private static void RetractionIsWhole(PatientState before, PatientState after)
    {
        var gone = after.Retracted.Skip(before.Retracted.Length).ToArray();
        Assert.Equal(before.Retracted, after.Retracted.Take(before.Retracted.Length));
        Assert.Equal(Enumerable.Range(1, after.Retracted.Length), after.Retracted.Select(r => r.Number));
        Assert.NotEmpty(gone);
        Assert.All(gone.Skip(1), r => Assert.Equal(gone[0].Fact, r.With));
        Assert.All(gone, r => Assert.True(Retraction.Stands(before, r.Fact) && !Retraction.Stands(after, r.Fact) || r.ReplacedBy == r.Fact));
        // Of doses those of the present course are among the standing.
        var added = gone[0].ReplacedBy is { } replacement && !(replacement is { Kind: FactKind.Dose, Session: { } of } && after.Sessions.All(s => s.Id != of)) ? (FactName[])[replacement] : [];
        var dosed = gone[0].Fact.Kind == FactKind.Session ? Amendments.Standing(before).Where(f => f.Kind is FactKind.Dose or FactKind.Vitals && f.Session == gone[0].Fact.Session) : [];
        Assert.Equal(
            Amendments.Standing(before).Except(gone.Select(r => r.Fact)).Except(dosed).Union(added).Select(f => f.ToString()).Order(StringComparer.Ordinal),
            Amendments.Standing(after).Select(f => f.ToString()).Order(StringComparer.Ordinal));
        Assert.All(after.Outcomes, o => Assert.Equal(o with { Definitions = [] }, OutcomeEvaluation.Evaluate(after, o.Milestone)! with { Definitions = [] }));
        Assert.All(before.Outcomes.Zip(after.Outcomes), o => Assert.True(o.First == o.Second || after.RevisedOutcomes.Skip(before.RevisedOutcomes.Length).Any(r => r.Was == o.First)));
        Assert.True(after.InPool || !before.InPool);
    }

    /// <summary>None is lost or lengthened, only the last can be new, a site has one at a time, and who opened one does not review it.</summary>
    private static void EmergenciesStay(PatientState before, PatientState after)
    {
        Assert.Equal(Enumerable.Range(1, after.EmergencyAccesses.Length), after.EmergencyAccesses.Select(e => e.Number));
        Assert.InRange(after.EmergencyAccesses.Length - before.EmergencyAccesses.Length, 0, 1);
        foreach (var (was, now) in before.EmergencyAccesses.Zip(after.EmergencyAccesses))
        {
            Assert.Equal((was.Site, was.Actor, was.Reason, was.At, was.Until), (now.Site, now.Actor, now.Reason, now.At, now.Until));
            Assert.True(now.Ended || !was.Ended);
            Assert.True(was.ReviewedAt is null || (was.ReviewedAt == now.ReviewedAt && was.Finding == now.Finding));
            Assert.True(now.ReviewedAt is null || now.ReviewedAt >= now.Until);
        }

        foreach (var (first, second) in after.EmergencyAccesses.SelectMany(e => after.EmergencyAccesses.Where(l => l.Number > e.Number && l.Site == e.Site).Select(l => (e, l))))
            Assert.True(second.At >= first.Until && second.Until - second.At == TimeSpan.FromHours(4));
    }

    private static void NoGateWasPassed(PatientState before, StartSession start, PatientState after, DateTimeOffset now)
    {
        Assert.NotNull(before.Plan);
        Assert.Null(before.EndedAt);
        Assert.True(before.Consultation is { TreatmentConsent: true, Contraindications.Length: 0 });
        Assert.DoesNotContain(before.Consultation.Detail?.Findings ?? [], f => f is { Code: "hypersensitivity", Present: true });
        Assert.DoesNotContain(before.SessionsOfAllCourses(), s => s.CompletedAt is null || s.Id == start.Session);
        Assert.True(
            start.Clinic == before.HomeClinic
            || before.Sites.Any(g => g.Site == start.Clinic && g.Access == SiteAccess.Write)
            || before.EmergencyAccesses.Any(e => e.Site == start.Clinic && e.Until > now));
        Assert.True(before.Plan.MadeFrom.Drug != Drug.Esketamine || start.ClinicCertified);
        Assert.True(start is { BloodPressure: { SystolicMmHg: <= 140, DiastolicMmHg: <= 90 } } or { OverrideReason.Length: > 0 });
        Assert.True(before.Plan.DoseMgPerKg is null || start.WeightKg is >= 30 and <= 300);
        Assert.True(after.Sessions[^1].PlannedDoseMg > 0);
    }

    private static void OutcomeIsWhole(MilestoneOutcome outcome)
    {
        Assert.Equal(outcome.Measured, outcome.Phq9 is not null);
        Assert.True(outcome.Measured || outcome is { Response: false, Remission: false, Worsening: false });
        Assert.True(!outcome.Measured || outcome.BaselinePhq9 is not null);
        Assert.False(outcome is { Response: true, Worsening: true });
        Assert.Equal(3, outcome.Definitions.Length);
    }
}
