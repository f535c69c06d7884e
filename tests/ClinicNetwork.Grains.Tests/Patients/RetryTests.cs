using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The same request id is the same request, whenever it comes again.</summary>
public sealed class RetryTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task A_retry_gets_the_same_answer_and_makes_no_version()
    {
        var patient = await Cluster.PlannedAsync("retry");
        var origin = Origins.Next();
        var first = await patient.StartSession(Commands.StartSession("s0", 0), origin);
        Assert.Equal(first, await patient.StartSession(Commands.StartSession("s0", 0), origin));
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_retry_gets_the_same_answer_from_a_new_activation()
    {
        var patient = await Cluster.PlannedAsync("retry-later");
        var origin = Origins.Next();
        var first = await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin);
        await patient.RecordAssessment(Commands.Assess("a2", 1, 7), Origins.Next());
        await Cluster.DeactivateAsync(patient);
        Assert.Equal(first, await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin));
        Assert.Equal(5, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_retried_enrolment_is_answered_and_not_taken_for_a_second_patient()
    {
        var origin = Origins.Next();
        var patient = Cluster.Patient("retry-enrol");
        var first = await patient.Enrol(Commands.Enrol("retry-enrol"), origin);
        await Cluster.DeactivateAsync(patient);
        Assert.Equal(first, await patient.Enrol(Commands.Enrol("retry-enrol"), origin));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_id_reused_for_another_request_is_refused(bool reactivated)
    {
        var patient = await Cluster.EnrolledAsync("reused-" + reactivated.ToString().ToLowerInvariant());
        var id = Origins.Next().RequestId;
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 21), Origins.Of(id, "first"))).AcceptedAs(2);
        if (reactivated)
        {
            await Cluster.DeactivateAsync(patient);
        }

        // Once where the state would accept it, once where it would refuse it.
        var refusal = (await patient.RecordAssessment(Commands.Assess("a2", 1, 5), Origins.Of(id, "second"))).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        Assert.Equal("request_id", refusal.Field);
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 21), Origins.Of(id, "third"))).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        (await patient.CreatePlan(Commands.CreatePlan(), Origins.Of(id, "fourth"))).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        Assert.Equal(2, (await patient.StandsAtAsync()).Version);
    }

    [Theory]
    [InlineData("somebody", null)]
    [InlineData("tester", "south")]
    [InlineData("somebody", "south")]
    public async Task The_same_request_of_another_caller_or_site_is_refused_and_its_own_is_answered(string actor, string? site)
    {
        var patient = await Cluster.PlannedAsync($"other-{actor}-{site ?? "network"}");
        await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next());
        var origin = Origins.Next();
        var first = await patient.StartSession(Commands.StartSession("s0", 0), origin);
        var others = origin with { Actor = actor, Site = site is null ? null : new ClinicId(site) };

        // The state refuses it now, and would accept it after the session: the stored row is found in both ways.
        (await patient.StartSession(Commands.StartSession("s0", 0), others)).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        await patient.CompleteSession(Commands.CompleteSession("s0", 0), Origins.Next());
        await Cluster.DeactivateAsync(patient);
        (await patient.StartSession(Commands.StartSession("s0", 0), others)).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        Assert.Equal(first, await patient.StartSession(Commands.StartSession("s0", 0), origin));
    }

    [Fact]
    public async Task A_retry_that_the_present_state_would_refuse_still_gets_the_stored_answer()
    {
        var patient = await Cluster.PlannedAsync("superseded");
        var origin = Origins.Next();
        var first = await patient.StartSession(Commands.StartSession("s0", 0), origin);
        await patient.EndTreatment(new("moved away", Commands.OnDay(1)), Origins.Next());
        (await patient.StartSession(Commands.StartSession("s1", 2), Origins.Next())).RefusedAs("TREATMENT_ENDED", RefusalKind.Precondition);
        Assert.Equal(first, await patient.StartSession(Commands.StartSession("s0", 0), origin));
    }

    [Fact]
    public async Task A_site_that_has_lost_access_still_gets_the_answer_to_what_it_did()
    {
        var patient = await Cluster.PlannedAsync("lost-access");
        await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next());
        var origin = Origins.Next(Commands.South);
        var first = await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin);
        await patient.SetSharing(Commands.ShareWithNobody(), Origins.Next());
        Assert.Equal(first, await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin));
    }

    [Fact]
    public async Task One_request_sent_ten_times_at_once_is_applied_once()
    {
        var patient = await Cluster.EnrolledAsync("flood");
        var origin = Origins.Next();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin)));
        Assert.Single(replies.Distinct());
        replies[0].AcceptedAs(2);
        Assert.Equal(2, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task One_id_means_one_request_of_one_patient()
    {
        var (one, other) = (await Cluster.EnrolledAsync("id-one"), await Cluster.EnrolledAsync("id-other"));
        var origin = Origins.Next();
        (await one.RecordAssessment(Commands.Assess("a1", 0, 21), origin)).AcceptedAs(2);
        (await other.RecordAssessment(Commands.Assess("a1", 0, 3), origin)).AcceptedAs(2);
    }
}

/// <summary>Moves the clock, so it has a network of its own.</summary>
public sealed class ExpiredAnswerTests
{
    [Fact]
    public async Task After_30_days_a_retry_learns_the_version_and_is_never_executed_again()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.EnrolledAsync("expired");
        var origin = Origins.Next();
        await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin);
        await network.Clock.AdvanceAsync(NetworkUnderTest.Start.AddDays(31), default);

        var refusal = (await patient.RecordAssessment(Commands.Assess("a1", 0, 21), origin)).RefusedAs("ANSWER_EXPIRED", RefusalKind.Exists);
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 21), Origins.Of(origin.RequestId, "other"))).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
        Assert.Equal(2, (await patient.CommandsAsync()).Count);
    }
}
