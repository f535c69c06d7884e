using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Consent;

/// <summary>What a person's statements on research come to: deny wins, whatever order they arrive in.</summary>
public sealed class ResearchConsentTests(ITestOutputHelper output)
{
    private const int Registry = (int)RecipientClass.ResearchRegistry | (int)ResearchPurpose.Research;

    private static readonly DateTimeOffset Start = new(2025, 2, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<SetResearchConsent> GenStatement = Gen.Select(
        Gen.Int[0, 6],
        Gen.Int[0, 3],
        Gen.Int[0, 3],
        Gen.Int[0, 9],
        (day, classes, purposes, until) => new SetResearchConsent([.. Bits<RecipientClass>(classes, 1, 2)], Start.AddDays(day))
        {
            Purposes = [.. Bits<ResearchPurpose>(purposes << 4, 16, 32)],
            Until = until < 8 ? null : Start.AddDays(day + until),
        });

    private static IEnumerable<T> Bits<T>(int bits, params int[] of)
        where T : struct, Enum => of.Where(b => (bits & b) != 0).Select(b => (T)(object)b);

    private static PatientState Enrolled => new Chart().Enrol().State;

    private static PatientState Record(PatientState state, SetResearchConsent statement, DateTimeOffset now) =>
        UseCases.Fold(state, UseCases.Decide(state, statement, now));

    private static SetResearchConsent Grant(int day, params RecipientClass[] to) => new([.. to], Start.AddDays(day));

    private static int After(params SetResearchConsent[] statements) =>
        statements.Aggregate(Enrolled, (state, s) => Record(state, s, Start.AddDays(30))).PresentConsent()?.Permission ?? 0;

    [Fact]
    public void Who_names_no_purpose_permits_research() =>
        Assert.Equal(Registry, After(Grant(1, RecipientClass.ResearchRegistry)));

    [Fact]
    public void What_was_recorded_before_there_were_purposes_is_for_research() =>
        Assert.Equal(Registry, PatientState.Evolve(Enrolled, new ResearchConsentSet([RecipientClass.ResearchRegistry], Start) { Purposes = default }).PresentConsent()!.Permission);

    [Fact]
    public void A_grant_made_before_a_withdrawal_or_with_it_is_none_in_whatever_order_they_arrive()
    {
        var (grant, withdrawal) = (Grant(1, RecipientClass.ResearchRegistry), Grant(1));
        Assert.Equal(0, After(grant, withdrawal));
        Assert.Equal(0, After(withdrawal, grant));
        Assert.Equal(0, After(Grant(2), grant));
        Assert.Equal(Registry, After(Grant(2, RecipientClass.ResearchRegistry), withdrawal));
    }

    [Fact]
    public void Two_statements_of_one_instant_permit_what_both_do() =>
        Assert.Equal(Registry, After(Grant(1, RecipientClass.ResearchRegistry, RecipientClass.Industry), Grant(1, RecipientClass.ResearchRegistry, RecipientClass.PublicHealth)));

    [Fact]
    public void A_statement_takes_away_what_those_before_it_permitted_also_when_a_later_one_gives_it_again()
    {
        var state = Record(Record(Enrolled, Grant(1, RecipientClass.ResearchRegistry), Start.AddDays(9)), Grant(5, RecipientClass.ResearchRegistry), Start.AddDays(9));

        Assert.Equal(Registry, ResearchConsents.WithdrawnBy(state, new ResearchConsentSet([], Start.AddDays(3))));
        Assert.Equal(0, ResearchConsents.WithdrawnBy(state, new ResearchConsentSet([], Start)));
    }

    [Fact]
    public void The_end_of_the_period_is_a_withdrawal_for_good()
    {
        var chart = new Chart().Enrol();
        chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(0)) { Until = chart.At(9) }, chart.At(0));
        Assert.Equal(chart.At(9), chart.State.PresentConsent()!.Until);
        chart.Do(new EndResearchConsent(), chart.At(9));

        Assert.Null(chart.State.PresentConsent());
        Assert.Empty(chart.State.ResearchConsent);
        chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(8)), chart.At(10)); // recorded late: the end is known
        Assert.Null(chart.State.PresentConsent());
        Assert.NotNull(chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(10)), chart.At(10)).State.PresentConsent());
    }

    [Fact]
    public void A_period_that_is_over_and_not_yet_recorded_is_recorded_by_the_next_statement()
    {
        var chart = new Chart().Enrol();
        chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(0)) { Until = chart.At(9) }, chart.At(0));

        var events = chart.Try(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(12)), chart.At(12)).Events;

        Assert.Equal([chart.At(9), chart.At(12)], events.Cast<ResearchConsentSet>().Select(e => e.OccurredAt));
        Assert.Equal(0, ((ResearchConsentSet)events[0]).Permission);
    }

    [Fact]
    public void A_period_told_when_it_is_over_permits_nothing()
    {
        var chart = new Chart().Enrol();
        chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(0)) { Until = chart.At(9) }, chart.At(20));

        Assert.Null(chart.State.PresentConsent());
    }

    /// <summary>The order of arrival tells nothing, and nobody is permitted more than the last statement says. CsCheck prints the seed of a failure.</summary>
    [Fact]
    public void Any_order_of_arrival_comes_to_the_same_and_never_to_more_than_the_last_statement() => Gen.Select(GenStatement.Array[1, 7], Gen.Int[0, 9_999]).Sample(
        (statements, seed) =>
        {
            var now = Start.AddDays(7); // before any period is over
            int Permitted(IEnumerable<SetResearchConsent> order) => order.Aggregate(Enrolled, (state, s) => Record(state, s, now)).PresentConsent()?.Permission ?? 0;
            var permitted = Permitted(statements);
            Assert.Equal(permitted, Permitted(statements.OrderBy(s => HashCode.Combine(seed, s.OccurredAt, s.Recipients.Length, s.Purposes.Length)).ToArray()));
            Assert.Equal(permitted, Permitted(statements.Reverse()));
            foreach (var last in statements.Where(s => s.OccurredAt == statements.Max(o => o.OccurredAt)))
            {
                var asked = UseCases.Decide(Enrolled, last, now).Events.OfType<ResearchConsentSet>().First();
                Assert.Equal(0, permitted & ~asked.Permission);
            }
        },
        iter: 3_000,
        threads: 2,
        writeLine: output.WriteLine);
}
