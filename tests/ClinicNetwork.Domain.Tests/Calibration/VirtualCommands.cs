using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>What a clinic would send for each simulated event, with the instant it sends it.</summary>
internal static class VirtualCommands
{
    public static IEnumerable<(object Command, DateTimeOffset At)> Of(
        VirtualPatient patient, VirtualEvent happened, DateTimeOffset at, string zone, Func<PatientState> state, Func<long> nextVersion)
    {
        switch (happened)
        {
            case Enrolled:
                var sex = patient.Sex == VirtualSex.Female ? Sex.Female : Sex.Male;
                yield return (new EnrolPatient(
                    new PatientId(Text($"p-{patient.Index}")), CohortReplay.Clinic(patient.ClinicIndex), zone,
                    patient.GivenName, patient.FamilyName, patient.BirthDate, sex, patient.RecordNumber, at), at);
                break;
            case Consulted c:
                yield return (Consultation(c, at), at);
                break;
            case PlanChosen p:
                var goals = patient.Events.OfType<GoalsAgreed>().Single().Goals.Select(g => new Goal(g, null, null));
                yield return p.Treatment.Drug == VirtualDrug.EsketamineNasal
                    ? (new CreatePlan(ProtocolCatalogue.EsketamineNasalInduction.Id, Setting.CertifiedClinic, null, p.Treatment.FirstDoseMg, [.. goals], nextVersion()), at)
                    : (new CreatePlan(ProtocolCatalogue.KetamineIvInduction.Id, Setting.Clinic, (double)p.Treatment.DoseMgPerKg!, null, [.. goals], nextVersion()), at);
                break;
            case SessionGiven s:
                foreach (var one in Session(patient, s, at, zone, state, nextVersion))
                    yield return one;
                break;
            case SideEffectNoted e:
                yield return (new RecordSideEffect(new SideEffect(
                    Id(e.Session), Kind(e.Kind), (SideEffectSeverity)(int)e.Severity, at, e.ResolvedMinutes - e.OnsetMinutes, "")), at);
                break;
            case Phq9Answered a:
                yield return (new RecordAssessment(new AssessmentId(Text($"a-{a.Day:yyyyMMdd}-{a.Time:HHmm}")), [.. a.Items], at), at);
                break;
            case Simulation.VisitMissed m:
                yield return (new RecordMissedVisit((Milestone)(int)m.Milestone, Reason(m.Reason), at), at);
                break;
            case TreatmentLeft l:
                yield return (new EndTreatment(l.Reason.ToString(), at), at);
                break;
            case ResearchConsentGiven:
                yield return (new SetResearchConsent([RecipientClass.ResearchRegistry], at), at);
                break;
            case ResearchConsentWithdrawn:
                yield return (new SetResearchConsent([], at), at);
                break;
            case PlanShared p:
                yield return (new SetSharing([new(CohortReplay.Clinic(p.ClinicIndex), SiteAccess.Write)], at), at);
                break;
            case Transferred t: // No use case moves the home clinic yet: the second clinic gets to write.
                yield return (new SetSharing([new(CohortReplay.Clinic(t.ClinicIndex), SiteAccess.Write)], at), at);
                break;
            case GoalsAgreed: // Part of the plan.
                break;
            default:
                throw new InvalidOperationException($"The replay does not know {happened.GetType().Name}: teach it.");
        }
    }

    /// <summary>Started five minutes before the dose; a planned change of the fixed dose is a revision first. Completed out of order of the side effects, which carry their own time.</summary>
    private static IEnumerable<(object, DateTimeOffset)> Session(
        VirtualPatient patient, SessionGiven given, DateTimeOffset at, string zone, Func<PatientState> state, Func<long> nextVersion)
    {
        var started = at.AddMinutes(-5);
        if (state().Plan is { DoseMg: { } fixedDose } plan && fixedDose != (double)given.DoseMg)
            yield return (new RevisePlan(plan.Version, null, (double)given.DoseMg, null, [], "Raised as planned", nextVersion()), started);
        var (before, after) = (new BloodPressure(given.Before.SystolicMmHg, given.Before.DiastolicMmHg), new BloodPressure(given.After.SystolicMmHg, given.After.DiastolicMmHg));
        yield return (new StartSession(Id(given.Number), CohortReplay.Clinic(patient.ClinicIndex), true, before, (double)given.WeightKg, "", started), started);
        yield return (new RecordDose(Id(given.Number), (double)given.DoseMg, given.InfusionMinutes, at), at);
        var completed = CohortReplay.Utc(given.Day, given.Completed, zone);
        yield return (new CompleteSession(Id(given.Number), after, completed), completed);
    }

    private static RecordConsultation Consultation(Consulted c, DateTimeOffset at) => new(
        new Consultation(
            c.Diagnosis,
            "",
            [.. c.Treatments.Select(t => new Patients.EarlierTreatment(t.Drug, t.Adequate, (TreatmentResponse)(int)t.Response))],
            c.RisksDiscussed ? ["As on the information sheet"] : [],
            c.TreatmentConsent,
            []),
        at);

    private static SideEffectKind Kind(VirtualSideEffect kind) => kind switch
    {
        VirtualSideEffect.Dissociation => SideEffectKind.Dissociation,
        VirtualSideEffect.Nausea => SideEffectKind.Nausea,
        VirtualSideEffect.Sedation => SideEffectKind.Sedation,
        VirtualSideEffect.RaisedBloodPressure => SideEffectKind.BloodPressureIncreased,
        VirtualSideEffect.Headache => SideEffectKind.Headache,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static MissingReason Reason(MissedReason reason) => reason switch
    {
        MissedReason.NotAttended => MissingReason.NotAttended,
        MissedReason.Unreachable => MissingReason.Unreachable,
        MissedReason.Declined => MissingReason.Declined,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static SessionId Id(int number) => new(Text($"s-{number}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
