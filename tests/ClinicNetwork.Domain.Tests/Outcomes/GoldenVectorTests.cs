using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>Courses worked by hand from the words of each source, on both sides of each threshold; [K] where the words are from memory.</summary>
public sealed class GoldenVectorTests
{
    private const JudgementKind Met = JudgementKind.Met;
    private const JudgementKind NotMet = JudgementKind.NotMet;
    private const JudgementKind NotEligible = JudgementKind.NotEligible;

    public static TheoryData<string, string, JudgementKind> Vectors => new()
    {
        // McInnes 2022, 10.1016/j.jad.2021.12.097: at least 50 % below baseline on days 14 to 31 after the induction.
        { "response-phq9-mcinnes/1", "base phq9 20; 33 phq9 10", Met },
        { "response-phq9-mcinnes/1", "base phq9 20; 33 phq9 11", NotMet },
        { "response-phq9-mcinnes/1", "base phq9 19; 33 phq9 9", Met }, // half of 19 is 9.5
        { "response-phq9-mcinnes/1", "base phq9 19; 33 phq9 10", NotMet },
        { "response-phq9-mcinnes/1", "base phq9 1; 33 phq9 0", Met },
        { "response-phq9-mcinnes/1", "base phq9 0; 33 phq9 0", NotMet }, // nothing to fall from

        // McInnes 2022: below 5.
        { "remission-phq9-mcinnes/1", "base phq9 20; 33 phq9 4", Met },
        { "remission-phq9-mcinnes/1", "base phq9 20; 33 phq9 5", NotMet },

        // McInnes 2022: any increase.
        { "worsening-any-phq9-mcinnes/1", "base phq9 20; 33 phq9 21", Met },
        { "worsening-any-phq9-mcinnes/1", "base phq9 20; 33 phq9 20", NotMet },

        // Pfeiffer 2024, 10.4088/JCP.23m14984: six weeks after the first infusion, at least 50 % below baseline; at most 5.
        { "response-phq9-va/1", "base phq9 19; 42 phq9 9", Met },
        { "response-phq9-va/1", "base phq9 19; 42 phq9 10", NotMet },
        { "remission-phq9-va/1", "base phq9 20; 42 phq9 5", Met },
        { "remission-phq9-va/1", "base phq9 20; 42 phq9 6", NotMet },
        { "remission-phq9-va/1", "doses 0 21; base phq9 20; 42 phq9 5", Met }, // asks for no complete induction

        // EU-PEARL, 10.1038/s41380-021-01381-x [K]: 25 % to less than 50 %.
        { "partial-response-phq9/1", "base phq9 20; 33 phq9 15", Met },
        { "partial-response-phq9/1", "base phq9 20; 33 phq9 16", NotMet },
        { "partial-response-phq9/1", "base phq9 20; 33 phq9 11", Met },
        { "partial-response-phq9/1", "base phq9 20; 33 phq9 10", NotMet },
        { "partial-response-phq9/1", "base phq9 19; 33 phq9 14", Met }, // three quarters of 19 are 14.25
        { "partial-response-phq9/1", "base phq9 19; 33 phq9 15", NotMet },
        { "partial-response-phq9/1", "base phq9 19; 33 phq9 10", Met },
        { "partial-response-phq9/1", "base phq9 0; 33 phq9 0", NotMet },

        // [K], our rule: 5 points from baseline, or from the best for a responder.
        { "worsening-clinical-phq9/1", "base phq9 15; 33 phq9 20", Met },
        { "worsening-clinical-phq9/1", "base phq9 15; 33 phq9 19", NotMet },
        { "worsening-clinical-phq9/1", "base phq9 20; 9 phq9 10; 33 phq9 15", Met }, // the best was a response
        { "worsening-clinical-phq9/1", "base phq9 20; 9 phq9 10; 33 phq9 14", NotMet },
        { "worsening-clinical-phq9/1", "base phq9 20; 9 phq9 11; 33 phq9 19", NotMet }, // the best was none
        { "worsening-clinical-phq9/1", "base phq9 20; 4 phq9 8; 9 phq9 12; 33 phq9 13", Met }, // from the best, not from the last
        { "worsening-clinical-phq9/1", "base phq9 20; 33 phq9 15; 40 phq9 4", NotMet }, // what comes later is no best

        // McInnes 2022 (Kaplan-Meier, rule [K]): a responder who is none any more, 4 and 8 weeks on.
        { "loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 33 phq9 10; 61 phq9 11", Met },
        { "loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 33 phq9 4; 61 phq9 10", NotMet },
        { "loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 33 phq9 11; 61 phq9 20", NotEligible },
        { "loss-of-response-week8-phq9-mcinnes/1", "base phq9 20; 33 phq9 10; 61 phq9 10; 89 phq9 11", Met },
        { "loss-of-response-week8-phq9-mcinnes/1", "base phq9 20; 33 phq9 10; 61 phq9 11; 89 phq9 10", NotMet },

        // NHS Talking Therapies, Gyani 2013: PHQ-9 6 points, GAD-7 4 points; a case has PHQ-9 of 10 or GAD-7 of 8 or more.
        { "reliable-improvement-phq9-nhs/1", "base phq9 20; 33 phq9 14", Met },
        { "reliable-improvement-phq9-nhs/1", "base phq9 20; 33 phq9 15", NotMet },
        { "reliable-improvement-gad7-nhs/1", "base gad7 12; 33 gad7 8", Met },
        { "reliable-improvement-gad7-nhs/1", "base gad7 12; 33 gad7 9", NotMet },
        { "reliable-deterioration-nhs/1", "base phq9 10 gad7 10; 33 phq9 16 gad7 10", Met },
        { "reliable-deterioration-nhs/1", "base phq9 10 gad7 10; 33 phq9 2 gad7 14", Met }, // on either
        { "reliable-deterioration-nhs/1", "base phq9 10 gad7 10; 33 phq9 15 gad7 13", NotMet },
        { "recovery-nhs/1", "base phq9 10 gad7 7; 33 phq9 9 gad7 7", Met },
        { "recovery-nhs/1", "base phq9 9 gad7 8; 33 phq9 9 gad7 7", Met },
        { "recovery-nhs/1", "base phq9 20 gad7 15; 33 phq9 10 gad7 0", NotMet },
        { "recovery-nhs/1", "base phq9 20 gad7 15; 33 phq9 0 gad7 8", NotMet },
        { "recovery-nhs/1", "base phq9 9 gad7 7; 33 phq9 0 gad7 0", NotEligible }, // no case
        { "reliable-recovery-nhs/1", "base phq9 15 gad7 7; 33 phq9 9 gad7 7", Met },
        { "reliable-recovery-nhs/1", "base phq9 14 gad7 7; 33 phq9 9 gad7 7", NotMet }, // recovered by 5 points
        { "reliable-recovery-nhs/1", "base phq9 14 gad7 11; 33 phq9 9 gad7 7", Met }, // by 4 points of the GAD-7
        { "reliable-recovery-nhs/1", "base phq9 26 gad7 7; 33 phq9 10 gad7 7", NotMet }, // 16 points, and a case still
        { "reliable-recovery-nhs/1", "base phq9 9 gad7 7; 33 phq9 0 gad7 0", NotEligible },

        // Hull 2022, 10.1016/j.jad.2022.07.004: response on the GAD-7 after 4 weeks.
        { "response-gad7-hull/1", "base gad7 15; 28 gad7 7", Met },
        { "response-gad7-hull/1", "base gad7 15; 28 gad7 8", NotMet },

        // SUSTAIN, ASPIRE: at most 12; ESCAPE-TRD, KetECT, KADS: at most 10.
        { "response-madrs/1", "base madrs 37; 28 madrs 18", Met },
        { "response-madrs/1", "base madrs 37; 28 madrs 19", NotMet },
        { "remission-madrs-sustain/1", "base madrs 37; 28 madrs 12", Met },
        { "remission-madrs-sustain/1", "base madrs 37; 28 madrs 13", NotMet },
        { "remission-madrs-escape/1", "base madrs 37; 56 madrs 10", Met },
        { "remission-madrs-escape/1", "base madrs 37; 56 madrs 11", NotMet },

        // SUSTAIN-1 [K]: at most 12 in 3 of the last 4 weeks; then 22 or more twice in a row, 5 to 15 days apart.
        { "stable-remission-madrs-sustain1/1", "base madrs 37; 84 madrs 12; 91 madrs 13; 98 madrs 12; 105 madrs 12", Met },
        { "stable-remission-madrs-sustain1/1", "base madrs 37; 84 madrs 12; 98 madrs 12; 105 madrs 12", Met }, // one week missing
        { "stable-remission-madrs-sustain1/1", "base madrs 37; 84 madrs 12; 91 madrs 13; 98 madrs 12; 105 madrs 13", NotMet },
        { "stable-remission-madrs-sustain1/1", "base madrs 37; 84 madrs 12; 86 madrs 12; 88 madrs 12; 91 madrs 13; 98 madrs 13; 105 madrs 12", NotMet }, // weeks, not totals
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 22; 124 madrs 22", Met },
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 22; 134 madrs 22", Met },
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 22; 123 madrs 22", NotMet }, // 4 days apart
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 22; 135 madrs 22", NotMet }, // 16 days apart
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 22; 126 madrs 21; 133 madrs 22", NotMet }, // not in a row
        { "relapse-madrs-sustain1/1", Stable + "; 119 madrs 21; 126 madrs 22; 133 madrs 30", Met },
        { "relapse-madrs-sustain1/1", "base madrs 37; 84 madrs 20; 91 madrs 20; 98 madrs 20; 105 madrs 20; 119 madrs 30; 126 madrs 30", NotEligible },

        // ELEKT-D: response on the QIDS-SR16; relapse above 11 [K]. STAR*D: remission at most 5.
        { "response-qids-elektd/1", "base qids 18; 21 qids 9", Met },
        { "response-qids-elektd/1", "base qids 18; 21 qids 10", NotMet },
        { "remission-qids-stard/1", "base qids 18; 33 qids 5", Met },
        { "remission-qids-stard/1", "base qids 18; 33 qids 6", NotMet },
        { "relapse-qids-elektd/1", "base qids 18; 21 qids 9; 60 qids 12", Met },
        { "relapse-qids-elektd/1", "base qids 18; 21 qids 9; 60 qids 11", NotMet },
        { "relapse-qids-elektd/1", "base qids 18; 21 qids 9; 60 qids 11; 90 qids 12; 120 qids 3", Met }, // any one
        { "relapse-qids-elektd/1", "base qids 18; 21 qids 10; 60 qids 20", NotEligible },

        // [K], our rules.
        { "benefit-phq9/1", "base phq9 20; 9 phq9 10; 33 phq9 20", Met }, // at any time
        { "benefit-phq9/1", "base phq9 7; 9 phq9 4", Met }, // remission without half the points gone
        { "benefit-phq9/1", "base phq9 20; 9 phq9 11; 33 phq9 11", NotMet },
        { "relapse-phq9/1", "base phq9 20; 33 phq9 4; 61 phq9 10", Met }, // 10 after remission, still a response
        { "relapse-phq9/1", "base phq9 20; 33 phq9 4; 61 phq9 9", NotMet },
        { "relapse-phq9/1", "base phq9 20; 33 phq9 5; 61 phq9 10", NotMet }, // no remission before, and the response holds
        { "relapse-phq9/1", "base phq9 20; 33 phq9 8; 61 phq9 13", Met }, // response lost, 5 above the best
        { "relapse-phq9/1", "base phq9 20; 33 phq9 8; 61 phq9 12", NotMet },
        { "relapse-phq9/1", "base phq9 20; 33 phq9 11; 61 phq9 25", NotEligible },
    };

    private const string Stable = "base madrs 37; 84 madrs 10; 91 madrs 10; 98 madrs 10; 105 madrs 10";

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_course_is_judged_as_its_source_says(string definition, string course, JudgementKind kind)
    {
        var judgement = Course.Judge(definition, course);

        Assert.Equal((definition, kind), (judgement.Definition, judgement.Kind));
        Assert.True(judgement.IsFinal);
        Assert.Equal(kind is Met or NotMet ? Course.Definition(definition).Scales : [], judgement.Totals.Select(t => t.Scale));
    }

    [Fact]
    public void Every_definition_has_vectors_on_both_sides() =>
        Assert.All(OutcomeCatalogue.All, definition => Assert.All([Met, NotMet], kind => Assert.Contains(Vectors, v => (string)v[0] == definition.Key && (JudgementKind)v[2] == kind)));

    [Fact]
    public void Every_definition_about_some_alone_has_a_vector_of_somebody_else() =>
        Assert.All(
            OutcomeCatalogue.All.Where(d => !d.Among.IsEmpty || d.After is { Window.Totals: WindowTotals.Any }),
            definition => Assert.Contains(Vectors, v => (string)v[0] == definition.Key && (JudgementKind)v[2] == NotEligible));

    /// <summary>The judges of stored milestones and releases: in this order, and never with other words.</summary>
    [Fact]
    public void The_three_definitions_of_milestones_are_what_releases_say()
    {
        const string window = "4 to 8 doses in 7 to 28 days; first PHQ-9 on days 14 to 31 after the last of them (later milestones: their own window)";
        const string source = "McInnes 2022, J Affect Disord, 10.1016/j.jad.2021.12.097";

        Assert.Equal(
            [
                ("response-phq9-mcinnes/1", "PHQ-9", "at least 50 % below baseline", window, source),
                ("remission-phq9-mcinnes/1", "PHQ-9", "below 5", window, source),
                ("worsening-any-phq9-mcinnes/1", "PHQ-9", "any increase above baseline", window, source),
            ],
            OutcomeCatalogue.OfMilestones.Select(d => (d.Key, d.Scale, d.RuleText, d.WindowText, d.Source)));
    }

    [Fact]
    public void Keys_are_unique_and_every_definition_says_rule_window_and_source()
    {
        Assert.Equal(OutcomeCatalogue.All.Count, OutcomeCatalogue.All.Select(d => d.Key).Distinct().Count());
        Assert.All(OutcomeCatalogue.All, d => Assert.All([d.Scale, d.RuleText, d.WindowText, d.Source], text => Assert.NotEqual("", text)));
        Assert.All(OutcomeCatalogue.All, d => Assert.True(d.Scales.Length == 1 || d.Window.Totals == WindowTotals.First));
        Assert.All(OutcomeCatalogue.All, d => Assert.Equal(d.After is not null, d.Window.From == WindowFrom.Entry || d.Id.StartsWith("loss-", StringComparison.Ordinal)));
    }
}
