using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Eligibility;

/// <summary>Adequate trials by rule <c>adequate-trial/1</c>: six weeks and doses are [K]; two trials of the present episode are Spravato's indication.</summary>
public sealed class EarlierTrialsTests
{
    /// <summary>The clinician's word, then what is known of the trial; null: not known.</summary>
    [Theory]
    [InlineData("sertraline", false, 50d, 6, Adherence.Good, true)]
    [InlineData("sertraline", false, 50d, 6, null, true)]
    [InlineData("sertraline", true, 49.9, 6, Adherence.Good, false)]
    [InlineData("sertraline", true, 50d, 5, Adherence.Good, false)]
    [InlineData("sertraline", true, 50d, 6, Adherence.Poor, false)]
    [InlineData(" Sertraline ", false, 200d, 12, Adherence.Partial, true)]
    [InlineData("escitalopram", false, 10d, 6, Adherence.Good, true)]
    [InlineData("escitalopram", true, 5d, 60, Adherence.Good, false)]
    [InlineData("agomelatine", true, 25d, 6, Adherence.Good, true)] // no dose of it in the rule: the clinician's word
    [InlineData("agomelatine", false, 25d, 6, Adherence.Good, false)]
    [InlineData("agomelatine", true, 25d, 5, Adherence.Good, false)]
    [InlineData("sertraline", true, null, 6, Adherence.Good, true)]
    [InlineData("sertraline", false, null, 6, Adherence.Good, false)]
    [InlineData("sertraline", true, 100d, null, Adherence.Good, true)]
    [InlineData("sertraline", false, 100d, null, Adherence.Good, false)]
    [InlineData("sertraline", true, 25d, null, Adherence.Good, false)]
    public void A_trial_is_adequate_by_weeks_dose_and_adherence_and_else_by_the_clinicians_word(string agent, bool told, double? mg, int? weeks, Adherence? adherence, bool adequate) =>
        Assert.Equal(adequate, EarlierTrials.IsAdequate(new EarlierTreatment(agent, told, TreatmentResponse.None)
        {
            Trial = new(TreatmentClass.Ssri, mg, mg is null ? null : DoseUnit.MgPerDay, weeks, adherence, true),
        }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_trial_the_clinicians_word_counts_as_it_always_did(bool told) =>
        Assert.Equal(told, EarlierTrials.IsAdequate(new EarlierTreatment("sertraline", told, TreatmentResponse.None)));

    /// <summary>A letter for each trial: f failed in the present episode, e in an earlier one, ? of an episode that is not told, r responded fully, s the same agent as the first, c psychotherapy.</summary>
    [Theory]
    [InlineData("", RuleAnswer.NotMet)]
    [InlineData("f", RuleAnswer.NotMet)]
    [InlineData("ff", RuleAnswer.Met)]
    [InlineData("f?", RuleAnswer.Unknown)]
    [InlineData("??", RuleAnswer.Unknown)]
    [InlineData("?", RuleAnswer.NotMet)]
    [InlineData("fee", RuleAnswer.NotMet)]
    [InlineData("frr", RuleAnswer.NotMet)]
    [InlineData("fss", RuleAnswer.NotMet)]
    [InlineData("fcc", RuleAnswer.NotMet)]
    [InlineData("eff", RuleAnswer.Met)]
    public void Resistance_is_two_different_agents_that_failed_in_the_present_episode(string trials, RuleAnswer answer)
    {
        string[] agents = ["sertraline", "venlafaxine", "mirtazapine"];
        var treatments = trials.Select((t, i) => new EarlierTreatment(t == 's' ? "SERTRALINE" : agents[i], true, t == 'r' ? TreatmentResponse.Full : TreatmentResponse.Partial)
        {
            Trial = new(t == 'c' ? TreatmentClass.Psychotherapy : TreatmentClass.OtherAntidepressant, 150, DoseUnit.MgPerDay, 8, Adherence.Good, t == '?' ? null : t != 'e'),
        });
        Assert.Equal(answer, EarlierTrials.Resistance(Given.Consultation with { EarlierTreatments = [.. treatments] }));
    }

    [Fact]
    public void The_answer_tells_the_counts_and_an_old_record_is_read_as_it_was()
    {
        var chart = new Chart().Enrol();
        Assert.Equal(new ConsultationAnswer(1, 0, 1), chart.Try(new RecordConsultation(Given.Consultation, chart.At(0))).Answer);
        Assert.Equal(new ConsultationAnswer(2, 2, 2), chart.Try(new RecordConsultation(Detailed.Consultation, chart.At(0))).Answer);
    }
}
