using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Eligibility;

/// <summary>Random consultations: "eligible" is never said while anything that stops is there or was not asked about. CsCheck prints the seed of a failure.</summary>
public sealed class EligibilityLawTests(ITestOutputHelper output)
{
    /// <summary>Mostly all asked and absent, so that verdicts of all kinds are reached; each of 11 conditions is absent, present or not asked about.</summary>
    private static readonly Gen<Consultation> Consultations = Gen.Select(
        Gen.Frequency((40, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2))).Array[ContraindicationCatalogue.All.Count],
        Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 2])
        .Select((conditions, consent, diagnosis, words, trials, ideation) => Detailed.Consultation with
        {
            DiagnosisCode = diagnosis == 0 ? "F31.3" : "F33.1",
            TreatmentConsent = consent > 0,
            Contraindications = words == 0 ? ["In words"] : [],
            EarlierTreatments = [.. Detailed.Resistant.Take(trials).Select(t => trials == 3 ? t with { Trial = t.Trial! with { PresentEpisode = null } } : t)],
            Detail = Detailed.Detail with
            {
                Findings = [.. ContraindicationCatalogue.All.Zip(conditions).Where(c => c.Second < 2).Select(c => new CodedFinding(c.First.Code, c.Second == 1, ""))],
                AcuteIdeation = ideation == 2 ? null : ideation == 1,
            },
        });

    [Fact]
    public void Nobody_is_called_eligible_while_what_stops_is_there_or_not_known()
    {
        var verdicts = new System.Collections.Concurrent.ConcurrentDictionary<EligibilityVerdict, int>();
        Consultations.Sample(
            consultation =>
            {
                var chart = new Chart().Enrol();
                chart.Do(new RecordConsultation(consultation, chart.At(-1)));
                foreach (var protocol in ProtocolCatalogue.All)
                {
                    var verdict = EligibilityJudging.Judge(chart.State, protocol, chart.At(0)).Verdict;
                    verdicts.AddOrUpdate(verdict, 1, (_, n) => n + 1);
                    Assert.Equal(Expected(consultation, protocol.Drug == Drug.Esketamine), verdict);
                }
            },
            iter: 2_000,
            threads: 2);
        output.WriteLine(string.Join(", ", verdicts.OrderBy(v => v.Key).Select(v => $"{v.Key} {v.Value}")));
        Assert.All(Enum.GetValues<EligibilityVerdict>(), v => Assert.True(verdicts.GetValueOrDefault(v) > 500, $"{v} was hardly reached."));
    }

    /// <summary>The gate of a session and the verdict agree on what is there: no dose is told to whom a recorded contraindication makes not eligible.</summary>
    [Fact]
    public void What_stops_eligibility_by_a_condition_stops_the_session_too() => Consultations.Sample(
        consultation =>
        {
            foreach (var esketamine in new[] { true, false })
            {
                var chart = Chart.Planned(esketamine: esketamine);
                chart.Do(new RecordConsultation(consultation, chart.At(-1)));
                var refusal = chart.Try(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", chart.At(0))).Refusal;
                var stopped = consultation.Contraindications.Length > 0 || consultation.Detail!.Findings.Any(f => f.Present && Stopping(esketamine).Contains(f.Code));
                Assert.Equal(!consultation.TreatmentConsent ? "TREATMENT_CONSENT_MISSING" : stopped ? "CONTRAINDICATED" : null, refusal?.Reason);
            }
        },
        iter: 500,
        threads: 2);

    /// <summary>By hand from the label's text; two stop esketamine alone.</summary>
    private static string[] Stopping(bool esketamine) =>
    [
        "aneurysmal-vascular-disease", "arteriovenous-malformation", "hypersensitivity", "intracerebral-haemorrhage",
        .. esketamine ? (string[])["hepatic-impairment-severe", "recent-cardiovascular-event"] : [],
    ];

    private static EligibilityVerdict Expected(Consultation c, bool esketamine)
    {
        var told = c.Detail!.Findings;
        var trials = c.EarlierTreatments;
        var unknownTrials = trials.Any(t => t.Trial!.PresentEpisode is null);
        var resists = trials.Length >= 2 && !unknownTrials;
        var bad = c.DiagnosisCode == "F31.3" || !c.TreatmentConsent || c.Contraindications.Length > 0 || told.Any(f => f.Present && Stopping(esketamine).Contains(f.Code))
            || (esketamine && trials.Length < 2 && c.Detail.AcuteIdeation == false);
        var unknown = Stopping(esketamine).Any(code => told.All(f => f.Code != code)) || (esketamine && !resists && c.Detail.AcuteIdeation != true);
        return bad ? EligibilityVerdict.NotEligible : unknown ? EligibilityVerdict.Undetermined : EligibilityVerdict.Eligible;
    }
}
