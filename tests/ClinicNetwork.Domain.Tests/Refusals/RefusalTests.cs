using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Every documented refusal is produced by a case, and every case's refusal is documented.</summary>
public sealed partial class RefusalTests
{
    private static readonly RefusalCase[] Cases =
        [.. IntakeRefusals.All(), .. PlanRefusals.All(), .. PlanConflictRefusals.All(), .. SessionRefusals.All(), .. FollowUpRefusals.All(), .. ScaleRefusals.All(), .. ConsultationRefusals.All(), .. EmergencyRefusals.All(), .. AdviceRefusals.All(), .. AlertRefusals.All(), .. RemsRefusals.All(), .. VoiceRefusals.All(), .. WarningRefusals.All(), .. CourseRefusals.All(), .. AmendmentRefusals.All(), .. KeyRefusals.All(), .. ApprovalRefusals.All(), .. PartnerRefusals.All(), .. SubmissionRefusals.All(), .. TransferRefusals.All(), .. DosingRefusals.All(), .. DoubleRefusals.All()];

    public static TheoryData<int, string> Numbered
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < Cases.Length; i++)
                data.Add(i, Cases[i].ToString());
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public void What_is_wrong_is_refused_with_reason_field_and_class_and_makes_nothing_happen(int number, string about)
    {
        var expected = Cases[number];
        var attempt = expected.Try();

        Assert.NotNull(attempt.Refusal);
        Assert.Equal((expected.Reason, expected.Field, expected.Kind), (attempt.Refusal.Reason, attempt.Refusal.Field, attempt.Refusal.Kind));
        Assert.Empty(attempt.Events);
        Assert.Null(attempt.Answer);
        Assert.Equal(about, expected.ToString());
    }

    [Fact]
    public void Every_message_is_one_sentence_that_says_what_to_do() =>
        Assert.All(Cases.Select(c => c.Try().Refusal).OfType<Refusal>(), refusal =>
        {
            Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
            Assert.InRange(refusal.Message.Length, 5, 200);
            Assert.Matches("^[A-Z][A-Z0-9_]+$", refusal.Reason);
        });

    [Fact]
    public void A_message_repeats_nothing_of_the_patient()
    {
        string[] secrets = ["Ada", "Okafor", "R-1", "1980", "sertraline", "Aneurysm", "Back to work"];

        Assert.All(Cases.Select(c => c.Try().Refusal).OfType<Refusal>(), refusal =>
            Assert.DoesNotContain(secrets, secret => (refusal.Message + refusal.Field).Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_documented_refusal_is_produced_by_a_case()
    {
        var produced = Cases.Select(c => (c.UseCase, c.Reason)).ToHashSet();

        Assert.Equal("", string.Join("; ", Documented().Where(d => !produced.Contains(d))));
        Assert.True(produced.Count >= 60, $"Only {produced.Count} refusals are tested.");
    }

    [Fact]
    public void Every_refusal_of_a_case_is_documented_in_the_summary_of_its_use_case()
    {
        var documented = Documented().ToHashSet();

        Assert.Equal("", string.Join("; ", Cases.Select(c => (c.UseCase, c.Reason)).Distinct().Where(c => !documented.Contains(c))));
    }

    [Fact]
    public void Every_use_case_of_the_domain_has_cases() =>
        Assert.Equal(UseCases.All.Except([typeof(WithdrawAgain)]).Select(t => t.Name), Cases.Select(c => c.UseCase).Distinct().Order(StringComparer.Ordinal));

    /// <summary>From the summaries, after the word "Refused:", as the compiler wrote them beside the assembly.</summary>
    private static IEnumerable<(string UseCase, string Reason)> Documented()
    {
        var path = Path.ChangeExtension(UseCases.All[0].Assembly.Location, ".xml");
        var summaries = XDocument.Load(path).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")?.Value ?? "");
        foreach (var type in UseCases.All)
        {
            var summary = summaries[$"T:{type.FullName}"];
            var at = summary.IndexOf("Refused:", StringComparison.Ordinal);
            Assert.True(at >= 0, $"{type.Name} does not say what it refuses.");
            foreach (Match match in ReasonName().Matches(summary[at..]))
                yield return (type.Name, match.Value);
        }
    }

    [GeneratedRegex(@"\b[A-Z][A-Z_]{4,}\b")]
    private static partial Regex ReasonName();
}
