using ClinicNetwork.Anonymisation.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>
/// Consent that changes after a cell was formed (design, section 6): narrowed consent is a withdrawal, widened consent never adds an old
/// cell, and one person's change of mind is never a single-row difference.
/// </summary>
public sealed class ConsentChangeTests
{
    /// <summary>One cell of 20 for classes 1 and 2, at the end of induction; then this happens; then weeks 4 and 8.</summary>
    private static VirtualStore Formed(Action<VirtualPerson> beforeWeek4, Action<VirtualPerson>? beforeWeek8 = null)
    {
        var store = new VirtualStore(Secrets.New());
        for (var i = 0; i < 20; i++)
            store.Persons.Add($"p{i:00}", new VirtualPerson($"p{i:00}", "2025-Q1", ["female", "45-49", "ketamine-iv", "SEVERE"]) { Recipients = 3 });
        foreach (var (day, milestone, change) in new[] { (0, "END_OF_INDUCTION", null), (1, "WEEK_4", beforeWeek4), (2, "WEEK_8", beforeWeek8) })
        {
            foreach (var person in store.Persons.Values)
                person.Outcomes[milestone] = Course.Outcome(person.Id is "p03" or "p11" ? "worsening" : "response");
            change?.Invoke(store.Persons["p07"]);
            store.Publish(Course.Day(day), Unwithheld);
        }

        Assert.Equal(3, store.Batches.Count);
        return store;
    }

    private static ReleasePolicy Unwithheld => ClinicNetwork.Grains.Releases.PublicOutcomes.Policy with { WithholdShare = 0 };

    private static bool Appears(VirtualStore store, int batch) => store.Batches[batch - 1].Rows.Any(r => r.Person == "p07");

    [Fact]
    public void Who_withdrew_is_in_no_later_row_and_the_release_stays_valid()
    {
        var store = Formed(person => person.Recipients = 0);

        Assert.Equal((true, false, false), (Appears(store, 1), Appears(store, 2), Appears(store, 3)));
        Assert.Empty(ReleaseFolder.Verify(store).Findings);
    }

    [Fact]
    public void Who_withdrew_and_consents_again_never_comes_back_into_the_old_cell()
    {
        var store = Formed(person => person.Recipients = 0, person => person.Recipients = 3);

        Assert.False(Appears(store, 3), "A single-row top-up: week 8 has a person whom week 4 lacks.");
        Assert.Empty(ReleaseFolder.Verify(store).Findings);
    }

    [Fact]
    public void Narrowed_consent_is_a_withdrawal_towards_the_class_left_out_and_no_other()
    {
        var store = Formed(person => person.Recipients = 1);

        Assert.True(Appears(store, 2));
        var (kept, leftOut) = (ReleaseFolder.Verify(store, recipientClass: 1), ReleaseFolder.Verify(store, recipientClass: 2));
        Assert.Empty(kept.Findings);
        Assert.Empty(leftOut.Findings);
        Assert.Equal((20, 0L), (kept.Figures.Persons, kept.Figures.WithdrawnRows));
        Assert.Equal((19, 3L), (leftOut.Figures.Persons, leftOut.Figures.WithdrawnRows));
    }

    [Fact]
    public void Widened_consent_keeps_the_person_in_the_cell_and_adds_no_recipient()
    {
        var store = Formed(person => person.Recipients = 7);

        Assert.True(Appears(store, 3));
        Assert.Empty(ReleaseFolder.Verify(store, recipientClass: 1).Findings);
        Assert.Equal(0, ReleaseFolder.Verify(store, recipientClass: 4).Figures.Persons);
    }

    [Fact]
    public void Any_widening_withdrawing_and_consenting_again_leaves_a_valid_release() => Course.Any.Sample(
        course =>
        {
            var store = course.Run(before: (s, _, random) =>
            {
                foreach (var person in s.Persons.Values.Where(_ => random.Next(10) == 0))
                    person.Recipients |= 1 << random.Next(4);
            });
            if (store.Batches.Count > 0)
                Assert.All(new[] { 1, 2 }, recipientClass => Assert.Empty(ReleaseFolder.Verify(store, recipientClass).Findings));
        },
        iter: 25,
        threads: 2);

    /// <summary>Deny wins, even should the store hand over somebody who permits nobody.</summary>
    [Fact]
    public void Persons_who_permit_nobody_form_no_cell()
    {
        var store = new VirtualStore(Secrets.New());
        var input = store.Input(Course.Day(0)) with
        {
            Pool = [.. Enumerable.Range(0, 20).Select(i => new ClinicNetwork.Journal.PoolPerson($"p{i:00}", "2025-Q1", 0, ["female", "45-49", "ketamine-iv", "SEVERE"]))],
        };

        var built = new ClinicNetwork.Grains.Releases.PublicationBuilder(Unwithheld, store.Secrets, "net-1").Build(input);

        Assert.Empty(built.Publication.Cells);
    }
}
