using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Safety;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>Eligibility of one patient for one protocol, by what is recorded. What nobody asked is not known, and is never taken for good.</summary>
public static class EligibilityJudging
{
    private static readonly DiscussedTopic[] Topics =
        [DiscussedTopic.Dissociation, DiscussedTopic.Sedation, DiscussedTopic.BloodPressure, DiscussedTopic.Misuse, DiscussedTopic.Driving];

    /// <param name="now">Ages of facts are counted to its clinical day.</param>
    public static EligibilityReport Judge(PatientState state, TreatmentProtocol protocol, DateTimeOffset now)
    {
        ImmutableArray<EligibilityLine> lines = [.. LinesOf(state, protocol, state.DayOf(now)).OrderBy(l => l.Rule.Effect)];
        var stops = lines.Where(l => l.Rule.Effect == RuleEffect.Stops).ToArray();
        var verdict = stops.Any(l => l.Answer == RuleAnswer.NotMet) ? EligibilityVerdict.NotEligible
            : stops.All(l => l.Answer == RuleAnswer.Met) ? EligibilityVerdict.Eligible
            : EligibilityVerdict.Undetermined;
        return new(protocol, verdict, lines);
    }

    private static IEnumerable<EligibilityLine> LinesOf(PatientState state, TreatmentProtocol protocol, DateOnly today)
    {
        var told = new Told(state);
        yield return new(EligibilityCatalogue.Adult, Age.InYears(state.BirthDate, today) >= 18 ? RuleAnswer.Met : RuleAnswer.NotMet, "birthDate", Age.InYears(state.BirthDate, today) >= 18 ? "adult" : "minor", null);
        yield return told.Line(EligibilityCatalogue.Depression, c => IsDepression(c.DiagnosisCode) ? (RuleAnswer.Met, "depressive disorder") : (RuleAnswer.NotMet, "another diagnosis"));
        yield return protocol.Drug == Drug.Esketamine ? told.Line(EligibilityCatalogue.Indication, IndicationOf) : told.Line(EligibilityCatalogue.Resistance, ResistanceOf);
        yield return told.Line(EligibilityCatalogue.Consent, c => c.TreatmentConsent ? (RuleAnswer.Met, "given") : (RuleAnswer.NotMet, "not given"));
        yield return told.Line(EligibilityCatalogue.NothingTold, c => c.Contraindications.IsEmpty ? (RuleAnswer.Met, "none") : (RuleAnswer.NotMet, "told"));
        foreach (var contraindication in ContraindicationCatalogue.All)
        {
            yield return told.Line(EligibilityCatalogue.Of(contraindication, protocol.Drug), c => FindingOf(c, contraindication.Code));
        }

        foreach (var interaction in InteractionCatalogue.For(protocol))
        {
            yield return told.Line(EligibilityCatalogue.Of(interaction), c => MedicationOf(c, interaction.Class));
        }

        yield return PregnancyOf(state, told, today);
        yield return LiverOf(state, today);
        yield return BaselineOf(state, today);
        yield return told.Line(EligibilityCatalogue.Discussed, c => DiscussedOf(c, protocol.Drug));
    }

    private static bool IsDepression(string code) => code.StartsWith("F32", StringComparison.Ordinal) || code.StartsWith("F33", StringComparison.Ordinal);

    private static (RuleAnswer Answer, string Value) ResistanceOf(Consultation c) => EarlierTrials.Resistance(c) switch
    {
        RuleAnswer.Met => (RuleAnswer.Met, $"{EarlierTrials.ResistantFrom} or more adequate trials"),
        RuleAnswer.NotMet => (RuleAnswer.NotMet, $"fewer than {EarlierTrials.ResistantFrom} adequate trials"),
        _ => (RuleAnswer.Unknown, "trials of an episode that is not told"),
    };

    private static (RuleAnswer Answer, string Value) IndicationOf(Consultation c) =>
        c.Detail?.AcuteIdeation == true ? (RuleAnswer.Met, "acute ideation")
        : ResistanceOf(c) is { Answer: RuleAnswer.NotMet } resistance && c.Detail?.AcuteIdeation is null ? (RuleAnswer.Unknown, resistance.Value + ", acute ideation not asked")
        : ResistanceOf(c);

    private static (RuleAnswer Answer, string Value) FindingOf(Consultation c, string code) => c.Detail?.Findings.FirstOrDefault(f => f.Code == code) switch
    {
        null => (RuleAnswer.Unknown, "not asked"),
        { Present: true } => (RuleAnswer.NotMet, "present"),
        _ => (RuleAnswer.Met, "absent"),
    };

    private static (RuleAnswer Answer, string Value) MedicationOf(Consultation c, MedicationClass kind) =>
        c.Detail is not { MedicationReviewed: true } detail ? (RuleAnswer.Unknown, "not reviewed")
        : detail.Medications.Any(m => m.Class == kind) ? (RuleAnswer.NotMet, "taken")
        : (RuleAnswer.Met, "not taken");

    private static (RuleAnswer Answer, string Value) DiscussedOf(Consultation c, Drug drug)
    {
        DiscussedTopic[] asked = drug == Drug.KetamineRacemic ? [.. Topics, DiscussedTopic.OffLabelUse] : Topics;
        return c.Detail is not { Discussed.Length: > 0 } detail ? (RuleAnswer.Unknown, "not recorded by code")
            : asked.Except(detail.Discussed).Any() ? (RuleAnswer.NotMet, "not all")
            : (RuleAnswer.Met, "all");
    }

    private static EligibilityLine PregnancyOf(PatientState state, Told told, DateOnly today)
    {
        var stated = state.Consultation?.Detail?.Pregnancy;
        var test = SafetyRules.Latest(state, SafetyCheckKind.PregnancyTest);
        EligibilityLine Tested(RuleAnswer answer, string value) => new(EligibilityCatalogue.NotPregnant, answer, NameOf(test!), value, state.DayOf(test!.OccurredAt));
        return test?.Screen!.Outcome == ScreenOutcome.Positive ? Tested(RuleAnswer.NotMet, "test positive")
            : stated == PregnancyPossibility.Pregnant ? told.Line(EligibilityCatalogue.NotPregnant, _ => (RuleAnswer.NotMet, "pregnant"))
            : stated == PregnancyPossibility.NotPossible ? told.Line(EligibilityCatalogue.NotPregnant, _ => (RuleAnswer.Met, "not possible"))
            : test?.Screen!.Outcome == ScreenOutcome.Negative && IsWithin(state, test.OccurredAt, today, EligibilityCatalogue.PregnancyTestDaysMax) ? Tested(RuleAnswer.Met, "test negative")
            : told.Line(EligibilityCatalogue.NotPregnant, _ => (RuleAnswer.Unknown, stated is null ? "not asked" : "possible, no recent test"));
    }

    private static EligibilityLine LiverOf(PatientState state, DateOnly today) =>
        SafetyRules.Latest(state, SafetyCheckKind.LiverPanel) is not { } panel ? new(EligibilityCatalogue.Liver, RuleAnswer.Unknown, "", "none", null)
        : SafetyRules.Judge(panel).Finding >= SafetyFinding.Review ? Line(state, panel, RuleAnswer.NotMet, "calls for review")
        : IsWithin(state, panel.OccurredAt, today, EligibilityCatalogue.LiverDaysMax) ? Line(state, panel, RuleAnswer.Met, "in bounds")
        : Line(state, panel, RuleAnswer.Unknown, "too old");

    private static EligibilityLine Line(PatientState state, SafetyCheck panel, RuleAnswer answer, string value) =>
        new(EligibilityCatalogue.Liver, answer, NameOf(panel), value, state.DayOf(panel.OccurredAt));

    private static EligibilityLine BaselineOf(PatientState state, DateOnly today)
    {
        ImmutableArray<ScaleKind> named = state.Consultation?.Detail?.BaselineScales ?? [];
        ScaleKind[] scales = named.IsEmpty ? [ScaleKind.Phq9] : [.. named];
        var latest = scales.Select(s => state.AnswersOf(s).OrderBy(a => a.At).LastOrDefault()).OrderBy(a => a.At).First();
        return latest == default ? new(EligibilityCatalogue.BaselineScale, RuleAnswer.Unknown, "", "not all answered", null)
            : new(
                EligibilityCatalogue.BaselineScale,
                IsWithin(state, latest.At, today, PatientSeries.BaselineDaysMax) ? RuleAnswer.Met : RuleAnswer.Unknown,
                "assessments/" + latest.Id.Value,
                IsWithin(state, latest.At, today, PatientSeries.BaselineDaysMax) ? "answered" : "too old",
                state.DayOf(latest.At));
    }

    private static bool IsWithin(PatientState state, DateTimeOffset at, DateOnly today, int days) => state.DayOf(at) >= today.AddDays(-days);

    private static string NameOf(SafetyCheck check) => "safetyChecks/" + check.Id.Value;

    /// <summary>What the latest consultation says; without one nothing is known.</summary>
    private sealed class Told(PatientState state)
    {
        private readonly RecordedConsultation? _recorded = state.Consultations.LastOrDefault();

        public EligibilityLine Line(EligibilityRule rule, Func<Consultation, (RuleAnswer Answer, string Value)> look)
        {
            if (_recorded is null)
            {
                return new(rule, RuleAnswer.Unknown, "", "no consultation", null);
            }

            var (answer, value) = look(_recorded.Consultation);
            return new(rule, answer, $"consultations/{_recorded.Number}", value, state.DayOf(_recorded.OccurredAt));
        }
    }
}
