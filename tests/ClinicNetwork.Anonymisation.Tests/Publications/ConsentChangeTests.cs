using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>
/// Consent that changes after a cell was formed (design, section 6): narrowed consent is a withdrawal, widened consent never adds an old
/// cell, and one person's change of mind is never a single-row difference.
/// </summary>
public sealed class ConsentChangeTests
{
    private static readonly ReleasePolicy Unwithheld = PublicOutcomes.Policy with { WithholdShare = 0 };

    /// <summary>One cell of 20 for research at classes 1 and 4, at the end of induction; then this happens; then weeks 4 and 8.</summary>
    private static VirtualStore Formed(Func<int, int> beforeWeek4, Func<int, int>? beforeWeek8 = null)
    {
        var store = Course.NewStore();
        for (var i = 0; i < 20; i++)
            store.Persons.Add($"p{i:00}", new VirtualPerson($"p{i:00}", "2025-Q1", ["female", "45-49", "ketamine-iv", "SEVERE"]) { Recipients = 1 | 4 | 16 });
        foreach (var (day, milestone, change) in new[] { (0, "END_OF_INDUCTION", null), (1, "WEEK_4", beforeWeek4), (2, "WEEK_8", beforeWeek8) })
        {
            foreach (var person in store.Persons.Values)
                person.Outcomes[milestone] = Course.Outcome(person.Id is "p03" or "p11" ? "worsening" : "response");
            if (change is not null)
                store.Consent(store.Persons["p07"], change(store.Persons["p07"].Recipients));
            store.Publish(Course.Day(day), Unwithheld);
        }

        Assert.Equal(3, store.Of("ag-registry").Count);
        return store;
    }

    private static bool Appears(VirtualStore store, int publication) => store.Released.Any(r => r.Person == "p07" && r.Publication == publication);

    private static Verification.VerificationReport Verify(VirtualStore store, string agreement) => ReleaseFolder.Verify(store, store.Agreements.Single(a => a.Agreement == agreement));

    [Fact]
    public void Who_withdrew_is_in_no_later_row_and_the_release_stays_valid()
    {
        var store = Formed(_ => 0);

        Assert.Equal((true, false, false), (Appears(store, 1), Appears(store, 2), Appears(store, 3)));
        Assert.Empty(Verify(store, "ag-registry").Findings);
    }

    [Fact]
    public void Who_withdrew_and_consents_again_never_comes_back_into_the_old_cell()
    {
        var store = Formed(_ => 0, _ => 1 | 4 | 16);

        Assert.False(Appears(store, 3), "A single-row top-up: week 8 has a person whom week 4 lacks.");
        Assert.Empty(Verify(store, "ag-registry").Findings);
    }

    [Fact]
    public void Narrowed_consent_is_a_withdrawal_towards_the_class_left_out_and_no_other()
    {
        var store = Formed(_ => 1 | 16);

        Assert.True(Appears(store, 2));
        var (kept, leftOut) = (Verify(store, "ag-registry"), Verify(store, "ag-health"));
        Assert.Empty(kept.Findings);
        Assert.Empty(leftOut.Findings);
        Assert.Equal((20, 0L), (kept.Figures.Persons, kept.Figures.WithdrawnRows));
        Assert.Equal((19, 1L), (leftOut.Figures.Persons, leftOut.Figures.WithdrawnRows));
    }

    [Fact]
    public void A_withdrawal_is_told_on_the_next_publication_day_once()
    {
        var store = Formed(_ => 0);
        var told = store.Of("ag-registry").Select(b => b.Tombstones.Count);

        Assert.Equal([0, 1, 0], told);
    }

    [Fact]
    public void Widened_consent_keeps_the_person_in_the_cell_and_adds_no_recipient()
    {
        var store = Formed(permitted => permitted | 8 | 32);
        var industry = store.Agree("ag-industry", 8 | 16, Domain.Releases.ReleaseProfiles.PublicOutcomes);
        store.Publish(Course.Day(3), Unwithheld);

        Assert.True(Appears(store, 3));
        Assert.Empty(Verify(store, "ag-registry").Findings);
        Assert.Empty(store.Of(industry.Agreement));
    }

    /// <summary>Deny wins: a class without a purpose, or a purpose without a class, permits nobody.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    public void Persons_who_permit_nobody_form_no_cell(int recipients)
    {
        WaitingPerson[] waiting =
            [.. Enumerable.Range(0, 20).Select(i => new WaitingPerson($"p{i:00}", "2025-Q1", recipients, ["female", "45-49", "ketamine-iv", "SEVERE"], Course.Day(-9), null))];

        Assert.Empty(new PublicationPlan(Unwithheld, Secrets.New(), 1).Form(Course.Day(0), waiting, []).Cells);
    }
}
