using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>What one recipient is given, and when.</summary>
public sealed class RecipientTests
{
    private static readonly ReleasePolicy Unwithheld = PublicOutcomes.Policy with { WithholdShare = 0 };

    /// <summary>Twenty persons who are alike; the first ones are worse.</summary>
    private static VirtualStore Store(int persons = 20, int worse = 2)
    {
        var store = new VirtualStore(Secrets.New());
        for (var i = 0; i < persons; i++)
        {
            store.Persons.Add($"p{i:00}", new VirtualPerson($"p{i:00}", "2025-Q1", ["female", "45-49", "ketamine-iv", "SEVERE"]) { Recipients = 1 | 4 | 16 });
            store.Persons[$"p{i:00}"].Outcomes["END_OF_INDUCTION"] = Course.Outcome(i < worse ? "worsening" : "response");
        }

        return store;
    }

    [Fact]
    public void A_quarterly_recipient_gets_everything_of_the_quarter_on_its_day()
    {
        var store = Store();
        var research = store.Agree("ag-research", Course.Registry, ReleaseProfiles.ResearchOutcomes, fromDay: 1);
        for (var day = 0; day < 4; day++)
        {
            foreach (var person in store.Persons.Values)
                person.Outcomes[Unwithheld.Milestones[day]] = Course.Outcome(person.Id == "p00" ? "worsening" : "response");
            store.Publish(Course.Day(day), Unwithheld);
        }

        var batch = Assert.Single(store.Of("ag-research"));
        Assert.Equal(80, batch.Rows);
        Assert.Empty(ReleaseFolder.Verify(store, research).Findings);
    }

    [Fact]
    public void An_agreement_before_its_period_or_after_it_or_suspended_gets_nothing()
    {
        var store = Store();
        store.Agree("ag-before", Course.Registry, ReleaseProfiles.PublicOutcomes, fromDay: 1);
        store.Agree("ag-after", Course.Registry, ReleaseProfiles.PublicOutcomes, fromDay: -9, toDay: 0);
        store.Agreements.Add(store.Agree("ag-first", Course.Registry, ReleaseProfiles.PublicOutcomes) with { Agreement = "ag-suspended", Status = "SUSPENDED" });
        store.Publish(Course.Day(0), Unwithheld);

        Assert.Equal(["ag-first"], store.Batches.Keys);
    }

    [Fact]
    public void Two_recipients_have_the_same_rows_under_pseudonyms_that_mean_nothing_to_each_other()
    {
        var store = Store();
        var (one, two) = (store.Agree("ag-one", Course.Registry, ReleaseProfiles.PublicOutcomes), store.Agree("ag-two", Course.PublicHealth, ReleaseProfiles.PublicOutcomes));
        store.Publish(Course.Day(0), Unwithheld);

        var (left, right) = (ReleaseFolder.Delivered(store, one, 1), ReleaseFolder.Delivered(store, two, 1));
        Assert.Empty(left.Select(r => r.Values![0]).Intersect(right.Select(r => r.Values![0])));
        Assert.Equal(left.Select(Content).Order(StringComparer.Ordinal), right.Select(Content).Order(StringComparer.Ordinal));
        Assert.Empty(left.Select(r => Convert.ToHexString(r.Leaf)).Intersect(right.Select(r => Convert.ToHexString(r.Leaf))));

        static string Content(FolderRow row) => string.Join('|', row.Values!.Skip(1));
    }

    /// <summary>The only two who were worse permit one class and not the other: among those who permit it everybody responds.</summary>
    [Fact]
    public void A_milestone_that_is_uniform_among_those_who_permit_a_recipient_is_not_given_to_it()
    {
        var store = Store();
        store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes, fromDay: 1);
        store.Agree("ag-health", Course.PublicHealth, ReleaseProfiles.PublicOutcomes, fromDay: 1);
        store.Publish(Course.Day(0), Unwithheld);
        store.Consent(store.Persons["p00"], Course.Registry);
        store.Consent(store.Persons["p01"], Course.Registry);
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal(["ag-registry"], store.Batches.Keys);
    }

    [Fact]
    public void A_correction_replaces_its_row_and_no_other_at_each_recipient()
    {
        var store = Store();
        var registry = store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        store.Publish(Course.Day(0), Unwithheld);
        store.Persons["p05"].Outcomes["END_OF_INDUCTION"] = Course.Outcome("remission");
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal([20L, 1L], store.Of("ag-registry").Select(b => b.Rows));
        Assert.Single(store.Of("ag-registry")[1].Tombstones);
        Assert.Equal(["remission"], store.Released.Where(r => r.Publication == 2).Select(r => CanonicalRow.Outcome(r.Values).Category!));
        Assert.Empty(ReleaseFolder.Verify(store, registry).Findings);
    }

    [Fact]
    public void A_correction_that_leaves_one_outcome_takes_the_whole_milestone_back()
    {
        var store = Store(worse: 1);
        var registry = store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        store.Publish(Course.Day(0), Unwithheld);
        store.Persons["p00"].Outcomes["END_OF_INDUCTION"] = Course.Outcome("response");
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal([20L, 0L], store.Of("ag-registry").Select(b => b.Rows));
        Assert.Equal(20, store.Of("ag-registry")[1].Tombstones.Count);
        Assert.All(ReleaseFolder.Delivered(store, registry, 1), r => Assert.Null(r.Values));
        Assert.Equal(["WITHHELD"], store.Cells.Values.Single().Settled.Select(s => s.Status));
        Assert.Empty(ReleaseFolder.Verify(store, registry).Findings);
    }

    /// <summary>Each of the two alone would leave two outcomes.</summary>
    [Fact]
    public void Corrections_on_both_sides_of_a_kill_are_judged_together()
    {
        var store = Store();
        var registry = store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        store.Publish(Course.Day(0), Unwithheld);
        store.Persons["p00"].Outcomes["END_OF_INDUCTION"] = Course.Outcome("response");
        store.AtStep = (step, written) =>
        {
            if (step is PublicationStepPrepared && written)
                throw new OperationCanceledException("killed");
        };
        Assert.Throws<OperationCanceledException>(() => store.Publish(Course.Day(1), Unwithheld));
        store.AtStep = (_, _) => { };
        store.Persons["p01"].Outcomes["END_OF_INDUCTION"] = Course.Outcome("response");
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal([20L, 0L], store.Of("ag-registry").Select(b => b.Rows));
        Assert.Equal(["WITHHELD"], store.Cells.Values.Single().Settled.Select(s => s.Status));
        Assert.Empty(ReleaseFolder.Verify(store, registry).Findings);
    }

    [Fact]
    public void Who_waited_four_publication_days_joins_a_remainder_of_everybody_over_all_quarters()
    {
        var store = new VirtualStore(Secrets.New());
        var registry = store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        for (var i = 0; i < 14; i++)
        {
            var person = new VirtualPerson($"p{i:00}", i % 2 == 0 ? "2025-Q1" : "2024-Q4", [i % 4 < 2 ? "female" : "male", "45-49", "ketamine-iv", "SEVERE"])
            {
                EnteredAt = Course.Day(0).AddDays(-1),
                Recipients = Course.Registry,
            };
            person.Outcomes["END_OF_INDUCTION"] = Course.Outcome(i < 3 ? "worsening" : "response");
            store.Persons.Add(person.Id, person);
        }

        for (var day = 0; day < 4; day++)
        {
            store.Publish(Course.Day(day), Unwithheld);
            Assert.Empty(store.Cells);
        }

        store.Publish(Course.Day(4), Unwithheld);
        Assert.Equal(["*", "*", "*", "*"], Assert.Single(store.Cells.Values).Formed.Region);
        Assert.Empty(ReleaseFolder.Verify(store, registry).Findings);
        Assert.Equal(14, ReleaseFolder.Verify(store, registry).Figures.Suppressed);
    }

    /// <summary>Nine cells respond, one does not: it is far from the others, and comes in coarse bands.</summary>
    [Fact]
    public void A_cell_far_from_the_others_comes_in_coarse_bands_and_shows_nowhere_in_the_reference()
    {
        var store = new VirtualStore(Secrets.New());
        var research = store.Agree("ag-research", Course.Registry, ReleaseProfiles.ResearchOutcomes);
        for (var i = 0; i < 200; i++)
        {
            var far = i % 10 == 0;
            var person = new VirtualPerson($"p{i:000}", "2025-Q1", [far ? "male" : "female", far ? "65-69" : "45-49", "ketamine-iv", "SEVERE"]) { Recipients = Course.Registry };
            person.Outcomes["END_OF_INDUCTION"] = Course.Outcome(far ? i < 60 ? "response" : "worsening" : i % 3 == 0 ? "remission" : "response");
            store.Persons.Add(person.Id, person);
        }

        store.Publish(Course.Day(0), Unwithheld);

        Assert.Equal(20, store.Released.Count(r => CanonicalRow.Outcome(r.Values).IsCoarse));
        Assert.Equal(0, store.State.Released.Single().Worsening);
        Assert.Equal(180, store.State.Released.Single().All);
        Assert.Empty(ReleaseFolder.Verify(store, research).Findings);
        Assert.All(ReleaseFolder.Delivered(store, research, 1).Where(r => r.Values![3] == "male"), r => Assert.Equal(("", "", ""), (r.Values![10], r.Values[11], r.Values[^1])));
    }

    [Fact]
    public void A_new_recipient_gets_all_that_was_ever_released_and_that_it_may_have()
    {
        var store = Store();
        store.Agree("ag-first", Course.Registry, ReleaseProfiles.PublicOutcomes);
        var late = store.Agree("ag-late", Course.PublicHealth, ReleaseProfiles.PublicOutcomes, fromDay: 2);
        for (var day = 0; day < 3; day++)
        {
            foreach (var person in store.Persons.Values)
                person.Outcomes[Unwithheld.Milestones[day]] = Course.Outcome(person.Id == "p00" ? "worsening" : "response");
            store.Publish(Course.Day(day), Unwithheld);
        }

        Assert.Equal(60, Assert.Single(store.Of("ag-late")).Rows);
        Assert.Empty(ReleaseFolder.Verify(store, late).Findings);
    }

    [Fact]
    public void Whatever_the_check_refuses_keeps_the_publication_back()
    {
        var store = Store();
        store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        store.Check = new RefusingCheck();

        Assert.Equal("VERIFIER", Assert.Throws<PublicationBlockedException>(() => store.Publish(Course.Day(0), Unwithheld)).Message);
        Assert.Empty(store.Batches);
        Assert.Equal(0, store.Published);
    }

    private sealed class RefusingCheck : IPublicationCheck
    {
        public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult(new RedTeamSummary("none", 0, []));

        public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["ROOT: planted"]);
    }
}
