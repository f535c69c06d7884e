using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Server;
using ClinicNetwork.Verification;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Benchmarks.Tests.Networks;

/// <summary>Mistakes of the store under the real engine: the server's own check keeps the publication back on the prepared bytes, and without it they would leave.</summary>
public class PlantedPublicationTests
{
    private static readonly ReleasePolicy Unwithheld = PublicOutcomes.Policy with { WithholdShare = 0 };

    public static TheoryData<string> Mistakes => ["top-up", "merge", "cumulative"];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_blocked_on_the_prepared_bytes(string mistake)
    {
        var store = SecondDay(mistake, new PublicationCheck(TimeProvider.System));

        Assert.Equal("RED_TEAM", Assert.Throws<PublicationBlockedException>(() => store.Publish(Course.Day(1), Unwithheld)).Message);
        Assert.Equal(1, store.Published);
    }

    /// <summary>With the verifier alone.</summary>
    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_verifier_alone_blocks_it_too(string mistake)
    {
        var store = SecondDay(mistake, new VerifierAlone());

        Assert.Equal("VERIFIER", Assert.Throws<PublicationBlockedException>(() => store.Publish(Course.Day(1), Unwithheld)).Message);
    }

    [Theory]
    [InlineData("top-up")]
    [InlineData("merge")]
    public void Without_the_check_it_would_leave(string mistake)
    {
        var store = SecondDay(mistake, null);
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal(2, store.Published);
    }

    /// <summary>Statistics are never computed of such rows, even where no check sees them.</summary>
    [Fact]
    public void A_person_twice_at_a_milestone_blocks_the_publication_even_without_a_check() =>
        Assert.Equal("PERSON_TWICE", Assert.Throws<PublicationBlockedException>(() => SecondDay("cumulative", null).Publish(Course.Day(1), Unwithheld)).Message);

    [Fact]
    public void Without_a_mistake_it_is_published()
    {
        var store = SecondDay("", new PublicationCheck(TimeProvider.System));
        store.Publish(Course.Day(1), Unwithheld);

        Assert.Equal(2, store.Published);
    }

    /// <summary>No recipient's own batch shows it: who puts two folders together sees it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_pseudonym_key_for_two_recipients_is_found_by_who_has_both_folders(bool shared)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var store = Store(new(name => SHA256.HashData(Encoding.UTF8.GetBytes(shared && name.StartsWith("pseudonym/", StringComparison.Ordinal) ? "pseudonym" : name)), key));
        var agreements = new[] { "ag-one", "ag-two" }.Select(id => store.Agree(id, Course.Registry, ReleaseProfiles.PublicOutcomes)).ToArray();
        store.Publish(Course.Day(0), Unwithheld);
        using var folder = WorkFolder.Create(null);
        string[] paths = [.. agreements.Select(a => Directory.CreateDirectory(Path.Combine(folder.Path, a.Agreement)).FullName)];
        foreach (var (agreement, path) in agreements.Zip(paths))
        {
            ReleaseFolder.Write(path, store, agreement);
        }

        Assert.Equal(shared ? [Rules.PseudonymShared] : [], CoalitionVerifier.VerifyFolders(paths).Select(f => f.Rule));
        var attacked = FeedRun.Attack(paths, FeedPeople.Nobody, new(), CancellationToken.None).Results.Where(r => r.Verdict == AttackVerdict.Exceeded).Select(r => r.Attack);
        Assert.Equal(shared ? ["pseudonyms"] : [], attacked);
    }

    /// <summary>Twenty women and twenty men, of whom two are worse; one recipient has their first milestone.</summary>
    private static VirtualStore SecondDay(string mistake, IPublicationCheck? check)
    {
        var store = Store(Secrets.New());
        store.Agree("ag-registry", Course.Registry, ReleaseProfiles.PublicOutcomes);
        store.Publish(Course.Day(0), Unwithheld);
        var before = store.RowsOf(store.Agreements[0], 1);
        Close(store, 1);
        store.Persons.Add("z00", new("z00", "2025-Q1", store.Persons["f00"].Leaves) { Recipients = Course.Registry });
        store.Mistake = rows => (mistake, rows.FirstOrDefault(r => r.Person == "f05"), rows.FirstOrDefault(r => r.Person == "m05")) switch
        {
            ("top-up", { } woman, _) => [.. rows, woman with { Person = "z00" }],
            ("merge", { } woman, { } man) =>
                [.. rows.Select(r => r.Cell != man.Cell ? r : r with { Cell = woman.Cell, Values = CanonicalRow.Of(woman.Cell, r.Milestone, CanonicalRow.Region(woman.Values), CanonicalRow.Outcome(r.Values)) })],
            ("cumulative", _, _) when rows.Count > 0 => [.. before.Select(r => new UndeliveredRow(r.Person, r.Cell, r.Milestone, r.Publication, r.Epoch, r.Values!)), .. rows],
            _ => rows,
        };
        store.Check = check ?? store.Check;
        return store;
    }

    private static VirtualStore Store(ReleaseSecrets secrets)
    {
        var store = new VirtualStore(secrets);
        foreach (var (sex, i) in new[] { "female", "male" }.SelectMany(sex => Enumerable.Range(0, 20).Select(i => (sex, i))))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{sex[0]}{i:00}");
            store.Persons.Add(id, new(id, "2025-Q1", [sex, "45-49", "ketamine-iv", "SEVERE"]) { Recipients = Course.Registry });
        }

        Close(store, 0);
        return store;
    }

    private static void Close(VirtualStore store, int milestone)
    {
        foreach (var person in store.Persons.Values)
        {
            person.Outcomes[PublicOutcomes.Milestones[milestone]] = Course.Outcome(person.Id[1..] is "00" or "01" ? "worsening" : "response");
        }
    }

    private sealed class VerifierAlone : IPublicationCheck
    {
        public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult(new RedTeamSummary("none", 0, []));

        public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) =>
            new PublicationCheck(TimeProvider.System).VerifyAsync(release, cancellationToken);
    }
}
