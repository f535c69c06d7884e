using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class IntersectionAttackTests
{
    private static readonly TableHierarchy[] TwoAttributes =
        [AttackedText.Hierarchy("age", "1;low;*", "2;low;*", "3;high;*", "4;high;*"), AttackedText.Hierarchy("sex", "f;*", "m;*")];

    private const string Four = "p;age;sex;score\na;1;m;10\nb;2;f;10\nc;3;m;10\nd;4;f;10\n";
    private const string ByAge = "p;age;sex;score\na;low;*;10\nb;low;*;10\nc;high;*;10\nd;high;*;10\n";
    private const string BySex = "p;age;sex;score\na;*;m;10\nb;*;f;10\nc;*;m;10\nd;*;f;10\n";

    /// <summary>By age a is one of a and b, by sex one of a and c: in both a alone; so it is for each of the four.</summary>
    [Fact]
    public void Two_releases_with_other_recodings_leave_one_candidate()
    {
        Assert.Equal((0, 2), Under(2, [ByAge], [Four]));
        Assert.Equal((0, 2), Under(2, [BySex], [Four]));
        Assert.Equal((4, 1), Under(2, [ByAge, BySex], [Four]));
    }

    /// <summary>Without persons equal scores could be anybody's (2 and 2 rows); different ones tell the rows apart as persons do.</summary>
    [Fact]
    public void Without_persons_rows_are_linked_by_what_is_published_beside_the_quasi_identifiers()
    {
        Assert.Equal((0, 2), Under(2, [Anonymous(ByAge), Anonymous(BySex)], [Four]));
        Assert.Equal((4, 1), Under(2, [Anonymous(Scored(ByAge)), Anonymous(Scored(BySex))], [Scored(Four)]));
        static string Scored(string table) => table.Replace("a;low;*;10", "a;low;*;11").Replace("a;*;m;10", "a;*;m;11").Replace("d;high;*;10", "d;high;*;12").Replace("d;*;f;10", "d;*;f;12")
            .Replace("b;low;*;10", "b;low;*;13").Replace("b;*;f;10", "b;*;f;13");
    }

    /// <summary>Of the three persons of the second release two were in the first: who is known to be new is the third.</summary>
    [Fact]
    public void Who_is_new_in_a_cumulative_release_is_found_by_who_was_there_before()
    {
        const string First = "p;age;sex\na;1;m\nb;2;f\n";
        Assert.Equal((1, 1), Under(2, ["p;age;sex\na;*;*\nb;*;*\n", "p;age;sex\na;*;*\nb;*;*\nc;*;*\n"], [First, First + "c;3;m\n"]));
    }

    [Fact]
    public void Disjoint_releases_leave_every_class_whole() =>
        Assert.Equal((0, 2), Under(2, ["p;age;sex\na;low;*\nb;low;*\n", "p;age;sex\nc;high;*\nd;high;*\n"], ["p;age;sex\na;1;m\nb;2;f\n", "p;age;sex\nc;3;m\nd;4;f\n"]));

    /// <summary>One tuple in two batches is two classes, the first of one person; the withheld row is in none.</summary>
    [Fact]
    public void Batches_of_a_stream_are_releases_of_their_own()
    {
        const string Stream = "batch;age;sex;score\n1;*;*;10\n2;*;*;10\n2;*;*;10\n;*;*;\n";
        Assert.Equal((1, 1), Under(2, [Stream], [Four]));
        Assert.Equal((0, 3), Under(2, [Stream.Replace("\n1;", "\n2;")], [Four]));
    }

    [Fact]
    public void Records_of_one_person_are_one_candidate()
    {
        Assert.Equal((0, 2), Under(2, ["age;sex\nlow;*\nlow;*\nlow;*\n"], ["p;age;sex\na;1;m\na;1;m\nb;2;f\n"]));
        Assert.Equal((1, 1), Under(2, ["age;sex\nlow;*\nlow;*\n"], ["p;age;sex\na;1;m\na;2;m\n"]));
    }

    [Fact]
    public void A_class_that_shares_the_sensitive_value_over_all_releases_tells_it()
    {
        var report = AttackedText.Attack(
            TwoAttributes, new(2, "p", "score"), [ByAge.Replace("b;low;*;10", "b;low;*;11"), BySex.Replace("b;*;f;10", "b;*;f;11")], [Four.Replace("b;2;f;10", "b;2;f;11")]);
        Assert.Equal(4, report.Of("intersection").Figures["value_disclosed"]);
    }

    /// <summary>The measurement of the privacy model: three cumulative tight releases of one table, each 11-anonymous and recoded by itself, against three disjoint ones. A third of the persons is in all of the cumulative ones.</summary>
    [Fact]
    public void Cumulative_releases_leave_many_targets_under_k_and_disjoint_ones_none()
    {
        var cohort = Cohort.Draw(900, seed: 5);
        Cohort[] cumulative = [cohort.Part(0, 300), cohort.Part(0, 600), cohort];
        Cohort[] disjoint = [cohort.Part(0, 300), cohort.Part(300, 300), cohort.Part(600, 300)];
        var linked = Attack(cumulative, persons: true);
        Assert.True(linked.Figures["share_under_k"] > 0.4, linked.Found);
        Assert.Equal(AttackVerdict.Exceeded, linked.Verdict);
        var byContent = Attack(cumulative, persons: false);
        Assert.True(byContent.Figures["under_k"] > 0, byContent.Found);
        Assert.Equal(0, Attack(disjoint, persons: true).Figures["under_k"]);
        Assert.Equal(0, Attack(disjoint, persons: false).Figures["under_k"]);

        static AttackResult Attack(Cohort[] parts, bool persons) => AttackedText.Attack(
            Cohort.Hierarchies, new(11, "p", "outcome", Attacks: 1), parts.Select((part, i) => part.Published(part.TightCovers(11, first: i), persons)), parts.Select(part => part.Text())).Of("intersection");
    }

    [Fact]
    public void Without_the_original_it_is_not_run() =>
        Assert.Equal(AttackVerdict.NotRun, AttackedText.Attack(TwoAttributes, new(2), [ByAge], []).Of("intersection").Verdict);

    private static (int Under, int Least) Under(int k, string[] releases, string[] originals)
    {
        var result = AttackedText.Attack(TwoAttributes, new(k, "p", Attacks: 1), releases, originals).Of("intersection");
        Assert.Equal(result.Figures["under_k"] > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held, result.Verdict);
        return ((int)result.Figures["under_k"], (int)result.Figures["least_candidates"]);
    }

    private static string Anonymous(string table) => string.Join('\n', table.TrimEnd().Split('\n').Select(line => line[(line.IndexOf(';') + 1)..]));
}
