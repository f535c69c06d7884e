using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Rems;

/// <summary>A record is kept for the home clinic's years after the last contact, in its days.</summary>
public sealed class RetentionTests
{
    private static readonly ClinicState Clinic = ClinicState.Evolve(ClinicState.Empty, new ClinicRegistered(Given.Home, "North clinic", "Europe/Berlin", true));

    [Fact]
    public void It_is_over_at_midnight_of_the_clinic_that_many_years_after_the_last_contact()
    {
        var chart = Chart.Planned(dayZero: new DateOnly(2025, 2, 3)).Dose(0).Answer(20, 9);
        Assert.Equal(new DateOnly(2035, 2, 23), Retention.EndsOn(chart.State, 10, chart.At(20)));
        var end = ClinicTime.StartOf(new DateOnly(2035, 2, 23), "Europe/Berlin");
        Assert.Equal("RETENTION_NOT_OVER", ErasePatient.Decide(chart.State, new("why", 10), end.AddTicks(-1)).Refusal?.Reason);
        Assert.Contains("2035-02-23", ErasePatient.Decide(chart.State, new("why", 10), end.AddTicks(-1)).Refusal!.Message, StringComparison.Ordinal);
        Assert.Null(ErasePatient.Decide(chart.State, new("why", 10), end).Refusal);
    }

    [Fact]
    public void A_leap_day_ends_on_the_last_of_February()
    {
        var chart = new Chart(dayZero: new DateOnly(2024, 2, 29)).Enrol();
        chart.Do(new RecordConsultation(Given.Consultation, chart.At(0)));
        Assert.Equal(new DateOnly(2034, 2, 28), Retention.EndsOn(chart.State, 10, chart.At(0)));
    }

    /// <summary>Each of what a patient is seen or heard by, alone and later than all else.</summary>
    [Fact]
    public void Every_contact_counts()
    {
        var start = Chart.Planned().Dose(0).State;
        var at = new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.Zero);
        var id = start.Sessions[0].Id;
        IEvent[] contacts =
        [
            new ConsultationRecorded(Given.Consultation, at),
            new SessionStarted(new("s-9"), Given.Home, Given.Calm, 80, 40, "", at),
            new SessionCompleted(id, Given.Calm, at),
            new LeftWithoutDischarge(id, LeavingKind.Transferred, "why", at),
            new DoseGiven(id, 40, 40, false, at),
            new VitalsRecorded(id, new(at, Given.Calm)),
            new SideEffectRecorded(new(id, SideEffectKind.Nausea, SideEffectSeverity.Mild, at, 0, "")),
            new SideEffectRecorded(new(id, SideEffectKind.Nausea, SideEffectSeverity.Mild, at.AddHours(-1), 60, "")),
            new AssessmentRecorded(new("a-9"), Given.Items(3), 3, default, at),
            new ScaleRecorded(new(new("a-9"), ScaleKind.Gad7, 1, at, [], 0, "", null, false)),
            new TreatmentEnded("Moved away", at),
            new SeriousEventRecorded(new(1, id, [SeriousCriterion.Death], "Died", at)),
            new RemsEnrolled(new(1, RemsEnrolmentKind.Form, Given.Home, "Dr Chen", RemsIndication.AcuteSuicidality, "", at)),
        ];
        Assert.True(Retention.LastContact(start) < at);
        Assert.All(contacts, contact => Assert.Equal(at, Retention.LastContact(PatientState.Evolve(start, contact))));
    }

    [Fact]
    public void What_nothing_tells_a_contact_of_is_kept_from_now_on()
    {
        var forgotten = new Chart().Enrol().State with { IntakeAt = null };
        var now = new DateTimeOffset(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);
        Assert.Null(Retention.LastContact(forgotten));
        Assert.Equal(new DateOnly(2035, 2, 3), Retention.EndsOn(forgotten, 10, now));
    }

    [Fact]
    public void A_clinic_has_the_general_rule_until_it_chooses_another_or_its_own_years()
    {
        Assert.Equal(10, Retention.YearsOf(Clinic));
        var british = Configured(Clinic, new(RetentionRule: "gb"));
        Assert.Equal(20, Retention.YearsOf(british));
        var own = Configured(british, new(RetentionYears: 30));
        Assert.Equal((30, "gb"), (Retention.YearsOf(own), own.RetentionRule));
        Assert.Equal(20, Retention.YearsOf(Configured(own, new(RetentionYears: 0))));
        Assert.All(Retention.All, r => Assert.Contains("[K]", r.Source, StringComparison.Ordinal));
        Assert.Equal(Retention.All.Length, Retention.All.DistinctBy(r => (r.Id, r.Version)).Count());
    }

    [Fact]
    public void A_certificate_decides_by_its_days_and_without_one_the_registration_does()
    {
        var at = new DateTimeOffset(2025, 2, 2, 23, 0, 0, TimeSpan.Zero);
        Assert.True(Clinic.IsCertified(at));
        var certified = Configured(Clinic with { EsketamineCertified = false }, new(new RemsCertificate("H-1", new(2025, 2, 3), new(2025, 2, 3))));
        Assert.False(certified.IsCertified(at.AddTicks(-1)));
        Assert.True(certified.IsCertified(at));
        Assert.True(certified.IsCertified(at.AddDays(1).AddTicks(-1)));
        Assert.False(certified.IsCertified(at.AddDays(1)));
        Assert.True(Configured(certified, new(new RemsCertificate("H-1", new(2025, 2, 3), null))).IsCertified(at.AddDays(1)));
    }

    [Theory]
    [InlineData(ErasureGround.PersonsRight)]
    [InlineData(ErasureGround.CourtOrder)]
    [InlineData(ErasureGround.AuthorityOrder)]
    [InlineData(ErasureGround.EnrolledInError)]
    public void A_named_ground_goes_before_it_and_is_kept_with_the_proposal(ErasureGround ground)
    {
        var chart = new Chart().Enrol();
        var proposal = new Propose(new("e-1"), ApprovalKind.Erasure, "patients/p-1", "Asked for", 0, ground);
        var decision = Propose.Decide(ApprovalState.Empty, proposal, Given.Home, new("first", "first"), chart.At(0), (chart.State, 10));
        var state = decision.Events.Aggregate(ApprovalState.Empty, ApprovalState.Evolve);
        Assert.Equal((ground, 10), (state.Ground, state.RetentionYears));
    }

    private static ClinicState Configured(ClinicState state, ConfigureClinic command) =>
        ConfigureClinic.Decide(state, command, default).Events.Aggregate(state, ClinicState.Evolve);
}
