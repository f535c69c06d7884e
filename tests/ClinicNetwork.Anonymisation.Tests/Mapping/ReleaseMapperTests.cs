using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Mapping;

/// <summary>The type change on an allow-list: from the record to closed vocabularies, by docs/release-format.md.</summary>
public sealed class ReleaseMapperTests
{
    /// <summary>The columns after the quasi-identifiers, as the format page lists them.</summary>
    private static readonly string[][] Vocabularies =
    [
        ["MEASURED", "MISSING"],
        ["", "NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"],
        ["", "yes", "no"], ["", "yes", "no"], ["", "yes", "no"],
        ["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE"],
        ["1-3", "4-8", "9+"],
        ["NONE", "MILD", "MODERATE", "SEVERE"],
        ["1", "2", "3+"],
        ["none", "ketamine-iv", "ketamine-im", "ketamine-sc", "ketamine-sublingual", "esketamine-nasal"],
        ["0", "1-3", "4-8", "9+"],
        ["", .. Enumerable.Range(0, 28).Select(total => $"{total}")],
    ];

    private static readonly string[] Fine = ["MEASURED", "", "yes", "no", "no", "MILD", "4-8", "MILD", "1", "ketamine-iv", "0", "8"];

    private static readonly Gen<PatientState> AnyPatient =
        from baseline in Gen.Int[-3, 27]
        from doses in Gen.Int[1, 9]
        from followUp in Gen.Int[-6, 27]
        from sex in Gen.Int[1, 3]
        from born in Gen.Int[1915, 2006]
        from worst in Gen.Int[0, 3]
        select Treated.Patient(
            1, baseline < 0 ? null : baseline, doses, followUp < 0 ? null : followUp, (Sex)sex, born, worst == 0 ? null : (SideEffectSeverity)worst);

    [Fact]
    public void Every_string_that_leaves_is_in_a_closed_vocabulary_or_a_leaf_of_the_grid() => AnyPatient.Sample(
        patient =>
        {
            var leaves = ReleaseMapper.QuasiIdentifiers(patient);
            var values = ReleaseMapper.Map(patient, patient.Outcomes[0]).Values;
            Assert.Null(PublicOutcomes.Policy.Grid.FirstWrong(leaves));
            Assert.Equal(Vocabularies.Length, values.Count);
            Assert.All(values.Zip(Vocabularies), pair => Assert.Contains(pair.First, pair.Second));
        },
        iter: 1_000,
        threads: 2);

    [Fact]
    public void No_planted_identifier_score_or_id_is_in_what_leaves() => AnyPatient.Sample(
        patient =>
        {
            string[] left = [.. ReleaseMapper.QuasiIdentifiers(patient), .. ReleaseMapper.Map(patient, patient.Outcomes[0]).Values];
            Assert.All(Treated.Identifiers, planted => Assert.DoesNotContain(left, v => v.Contains(planted, StringComparison.OrdinalIgnoreCase)));
            Assert.DoesNotContain(left.SkipLast(4), value => int.TryParse(value, out _));
        },
        iter: 500,
        threads: 2);

    [Fact]
    public void A_responder_is_told_in_bands() =>
        Assert.Equal(
            ["MEASURED", "", "yes", "no", "no", "MILD", "4-8", "MODERATE", "1", "ketamine-iv", "0", "8"],
            ReleaseMapper.Map(Treated.Patient(1), Treated.Patient(1).Outcomes[0]).Values);

    [Fact]
    public void A_drop_out_is_told_with_the_reason_and_no_outcome()
    {
        var patient = Treated.Patient(1, doses: 3, worst: null);

        Assert.Equal(["MISSING", "INDUCTION_INCOMPLETE", "", "", "", "", "1-3", "NONE", "1", "ketamine-iv", "0", ""], ReleaseMapper.Map(patient, patient.Outcomes[0]).Values);
    }

    [Fact]
    public void Nine_induction_doses_are_told_as_such() =>
        Assert.Equal("9+", ReleaseMapper.Map(Treated.Patient(1, doses: 9), Treated.Patient(1, doses: 9).Outcomes[0]).Values[6]);

    /// <summary>Age at the first dose, 3 February 2025, of people born on 23 April; HIPAA Safe Harbor: 90 and over in one band.</summary>
    [Theory]
    [InlineData(2006, "18-24")]
    [InlineData(2000, "18-24")]
    [InlineData(1999, "25-29")]
    [InlineData(1961, "60-64")]
    [InlineData(1959, "65-69")]
    [InlineData(1935, "85-89")]
    [InlineData(1934, "90+")]
    [InlineData(1915, "90+")]
    public void Age_is_told_in_five_year_bands_and_above_89_in_one(int born, string band) =>
        Assert.Equal(["female", band, "ketamine-iv", "SEVERE"], ReleaseMapper.QuasiIdentifiers(Treated.Patient(1, bornYear: born)));

    [Theory]
    [InlineData("ketamine-iv-induction", 2, "ketamine-iv")]
    [InlineData("esketamine-nasal-induction", 2, "esketamine-nasal")]
    [InlineData("ketamine-im", 1, "ketamine-im")]
    [InlineData("ketamine-sc", 1, "ketamine-sc")]
    [InlineData("ketamine-home", 1, "ketamine-sublingual")]
    public void A_treatment_is_its_leaf_of_the_grid_never_anothers(string protocol, int version, string leaf)
    {
        var state = Treated.Patient(1);

        Assert.Equal(leaf, ReleaseMapper.TreatmentLeaf(state with { Plan = state.Plan! with { Protocol = new(protocol), ProtocolVersion = version } }));
    }

    [Fact]
    public void A_person_without_a_baseline_is_in_the_grid_as_not_recorded() =>
        Assert.Equal("NOT_RECORDED", ReleaseMapper.QuasiIdentifiers(Treated.Patient(1, baseline: null))[3]);

    [Theory]
    [InlineData("2024-12-31T23:30:00", "Europe/Oslo", "2025-Q1")] // 00:30 on 1 January in the clinic
    [InlineData("2025-04-01T03:30:00", "America/New_York", "2025-Q1")]
    [InlineData("2025-04-01T04:00:00", "America/New_York", "2025-Q2")]
    public void The_quarter_is_that_of_the_first_dose_in_the_clinics_days(string utc, string zone, string quarter)
    {
        var at = DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
        var state = PatientState.Empty with { TimeZone = zone, Sessions = [new Session(new("s"), new("c"), at, new(120, 80), 40, "") { DoseMg = 40, DosedAt = at }] };

        Assert.Equal(quarter, ReleaseMapper.Quarter(state));
    }

    [Fact]
    public void Every_protocol_of_the_catalogue_has_a_leaf() => Assert.All(
        ProtocolCatalogue.All,
        protocol => Assert.Contains(ReleaseMapper.TreatmentLeaf(Treated.Patient(1) with { Plan = Treated.Patient(1).Plan! with { Protocol = protocol.Id, ProtocolVersion = protocol.Version } }), ReleasedOutcome.Treatments));

    [Fact]
    public void What_is_outside_the_vocabularies_blocks_and_is_not_told()
    {
        Assert.Equal("response", new ReleasedOutcome(Fine).Category);

        for (var i = 0; i < Fine.Length; i++)
        {
            string[] leaking = [.. Fine.Index().Select(v => v.Index == i ? "Quackenbush" : v.Item)];
            var refused = Assert.Throws<ArgumentException>(() => new ReleasedOutcome(leaking));
            Assert.DoesNotContain("Quackenbush", refused.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => new ReleasedOutcome(Fine[..7]));
        Assert.Throws<ArgumentException>(() => new ReleasedOutcome([.. Fine, ""]));
    }

    [Theory]
    [InlineData(0, "MISSING")] // with an outcome and without a reason
    [InlineData(1, "DECLINED")]
    [InlineData(2, "")]
    [InlineData(3, "")]
    [InlineData(4, "")]
    [InlineData(5, "")]
    [InlineData(5, "BELOW_MODERATE")] // coarse, with what coarse bands do not tell
    public void What_contradicts_itself_blocks(int at, string value) =>
        Assert.Throws<ArgumentException>(() => new ReleasedOutcome([.. Fine.Index().Select(v => v.Index == at ? value : v.Item)]));

    [Fact]
    public void What_closed_before_there_were_later_columns_is_filled_up_with_empty_ones() =>
        Assert.Equal([.. Fine[..8], "", "", "", ""], new ReleasedOutcome(Fine[..8]).Values);

    [Theory]
    [InlineData("yes", "yes", "no", "MINIMAL", "BELOW_MODERATE", "response")]
    [InlineData("yes", "no", "no", "MILD", "BELOW_MODERATE", "response")]
    [InlineData("no", "no", "no", "MODERATE", "MODERATE_OR_WORSE", "no_change")]
    [InlineData("no", "no", "yes", "SEVERE", "MODERATE_OR_WORSE", "no_change")]
    [InlineData("no", "yes", "no", "MINIMAL", "BELOW_MODERATE", "no_change")] // remission from a mild baseline
    public void Coarse_bands_tell_the_response_and_two_severities_and_no_total(string response, string remission, string worsening, string severity, string coarse, string category)
    {
        var told = new ReleasedOutcome(["MEASURED", "", response, remission, worsening, severity, "4-8", "MILD", "2", "none", "0", "8"]).Coarse();

        Assert.Equal(["MEASURED", "", response, "", "", coarse, "4-8", "MILD", "2", "none", "0", ""], told.Values);
        Assert.Equal((true, category), (told.IsCoarse, told.Category));
        Assert.Same(told, told.Coarse());
    }

    [Fact]
    public void What_is_missing_is_the_same_in_coarse_bands()
    {
        var missing = new ReleasedOutcome(["MISSING", "DECLINED", "", "", "", "", "4-8", "NONE", "1", "none", "0", ""]);
        Assert.Same(missing, missing.Coarse());
        Assert.False(missing.IsCoarse);
    }

    [Theory]
    [InlineData(new[] { "MEASURED", "", "no", "no", "yes", "SEVERE", "4-8", "NONE" }, "worsening")]
    [InlineData(new[] { "MEASURED", "", "yes", "yes", "no", "MINIMAL", "4-8", "NONE" }, "remission")]
    [InlineData(new[] { "MEASURED", "", "yes", "no", "no", "MILD", "4-8", "NONE" }, "response")]
    [InlineData(new[] { "MEASURED", "", "no", "no", "no", "SEVERE", "4-8", "NONE" }, "no_change")]
    [InlineData(new[] { "MISSING", "DECLINED", "", "", "", "", "4-8", "NONE" }, null)]
    public void The_sensitive_value_is_worsening_before_remission_before_response(string[] values, string? category) =>
        Assert.Equal(category, new ReleasedOutcome(values).Category);

    [Fact]
    public void Later_courses_are_columns_of_the_firsts_rows_as_they_were_when_the_milestone_closed()
    {
        var closed = Treated.Patient(1);
        var month = Treated.AnotherCourse(closed, day: 100, doses: 8, apart: 5);
        string[] first = ["1", "ketamine-iv", "0"];
        Assert.Equal(first, Later(closed, Milestone.EndOfInduction));
        Assert.Equal(first, Later(month, Milestone.EndOfInduction)); // closed on day 60
        Assert.Equal(["2", "ketamine-im", "4-8"], Later(month, Milestone.Week12)); // on day 142, since day 114
        Assert.Equal(["1", "ketamine-iv", "0"], Later(closed, Milestone.Week12));
        Assert.Equal(["1", "none", "0"], Later(Treated.Ended(closed, day: 90), Milestone.Week12));
        Assert.Equal(["2", "ketamine-im", "1-3"], Later(Treated.AnotherCourse(closed, day: 100, doses: 6, apart: 10), Milestone.Week8)); // on day 114
        static string[] Later(PatientState state, Milestone milestone) =>
            [.. ReleaseMapper.Map(state, OutcomeEvaluation.Evaluate(state.InCourse(1), milestone)!).Values.Skip(8).Take(3)];
    }

    [Fact]
    public void A_dose_after_the_induction_counts_towards_the_first_milestone() => Assert.Equal(
        "1-3",
        ReleaseMapper.Map(Treated.Dosed(Treated.Patient(1, doses: 9), day: 40), Treated.Patient(1, doses: 9).Outcomes[0]).Values[10]);

    /// <summary>A transfer, another course, a revised plan and the end of treatment after a milestone has closed change none of its values, nor the leaves.</summary>
    [Fact]
    public void Nothing_after_its_closing_changes_a_row() => Gen.Select(AnyPatient, Gen.Int[63, 200], Gen.Int[1, 9], Gen.Int[0, 2]).Sample(
        (patient, day, doses, what) =>
        {
            var later = what switch
            {
                0 => PatientState.Evolve(patient, new SharingSet([new SiteGrant(new("clinic-south"), SiteAccess.Write)], Treated.Day(day))),
                1 => Treated.AnotherCourse(patient, day, doses),
                _ => Treated.Ended(patient, day),
            };
            Assert.Equal(ReleaseMapper.QuasiIdentifiers(patient), ReleaseMapper.QuasiIdentifiers(later));
            Assert.Equal(ReleaseMapper.Quarter(patient), ReleaseMapper.Quarter(later));
            Assert.Equal(ReleaseMapper.Map(patient, patient.Outcomes[0]).Values, ReleaseMapper.Map(later, later.OutcomesOfFirstCourse()[0]).Values);
        },
        iter: 500,
        threads: 2);

    [Fact]
    public void The_columns_are_the_canonical_ones_after_the_quasi_identifiers() =>
        Assert.Equal(ReleaseProfiles.Canonical.Skip(7), ReleasedOutcome.Columns);

    [Fact]
    public void Every_milestone_has_the_name_of_the_format_page() =>
        Assert.Equal(
            ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52", "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"], MilestoneSchedule.All.Select(ReleaseMapper.Name));

    /// <summary>Who goes on at another clinic is, for the engine, who stayed: pool, cell and rows tell no place.</summary>
    [Fact]
    public void A_transfer_changes_no_row()
    {
        var (stayed, moved) = (Treated.Dosed(Treated.Patient(1), 40), Treated.Dosed(Treated.Patient(1), 40, "clinic-suedhafen"));
        var (one, two) = (OutcomeEvaluation.Evaluate(stayed, Milestone.Week4)!, OutcomeEvaluation.Evaluate(moved, Milestone.Week4)!);

        Assert.NotEqual(stayed.Sessions[^1].Clinic, moved.Sessions[^1].Clinic);
        Assert.Equal((ReleaseMapper.Quarter(stayed), ReleaseMapper.TreatmentLeaf(stayed)), (ReleaseMapper.Quarter(moved), ReleaseMapper.TreatmentLeaf(moved)));
        Assert.Equal(ReleaseMapper.QuasiIdentifiers(stayed), ReleaseMapper.QuasiIdentifiers(moved));
        Assert.Equal(ReleaseMapper.Map(stayed, one).Values, ReleaseMapper.Map(moved, two).Values);
    }
}
