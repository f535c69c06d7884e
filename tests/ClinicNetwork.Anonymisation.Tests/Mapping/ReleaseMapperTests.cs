using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
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
    ];

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
            Assert.DoesNotContain(left, value => int.TryParse(value, out _));
        },
        iter: 500,
        threads: 2);

    [Fact]
    public void A_responder_is_told_in_bands() =>
        Assert.Equal(
            ["MEASURED", "", "yes", "no", "no", "MILD", "4-8", "MODERATE"],
            ReleaseMapper.Map(Treated.Patient(1), Treated.Patient(1).Outcomes[0]).Values);

    [Fact]
    public void A_drop_out_is_told_with_the_reason_and_no_outcome()
    {
        var patient = Treated.Patient(1, doses: 3, worst: null);

        Assert.Equal(["MISSING", "INDUCTION_INCOMPLETE", "", "", "", "", "1-3", "NONE"], ReleaseMapper.Map(patient, patient.Outcomes[0]).Values);
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
    [InlineData("ketamine-im", 1, null)]
    [InlineData("ketamine-sc", 1, null)]
    [InlineData("ketamine-home", 1, null)]
    public void A_treatment_is_its_leaf_of_the_grid_or_none_never_anothers(string protocol, int version, string? leaf)
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
    public void What_is_outside_the_vocabularies_blocks_and_is_not_told()
    {
        string[] fine = ["MEASURED", "", "yes", "no", "no", "MILD", "4-8", "MILD"];
        Assert.Equal("response", new ReleasedOutcome(fine).Category);

        for (var i = 0; i < fine.Length; i++)
        {
            string[] leaking = [.. fine.Index().Select(v => v.Index == i ? "Quackenbush" : v.Item)];
            var refused = Assert.Throws<ArgumentException>(() => new ReleasedOutcome(leaking));
            Assert.DoesNotContain("Quackenbush", refused.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => new ReleasedOutcome(fine[..7]));
        Assert.Throws<ArgumentException>(() => new ReleasedOutcome([.. fine, ""]));
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
    public void Every_milestone_has_the_name_of_the_format_page() =>
        Assert.Equal(PublicOutcomes.Policy.Milestones, MilestoneSchedule.All.Select(ReleaseMapper.Name));
}
