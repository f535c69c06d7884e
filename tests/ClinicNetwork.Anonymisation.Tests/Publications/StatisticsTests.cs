using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>A recipient's tables say what it can count in its own rows, and nothing else.</summary>
public sealed class StatisticsTests(ITestOutputHelper output)
{
    private static readonly string[] Judgements = ["response", "remission", "worsening"];
    private static readonly string[] Responder = [.. "c-1 WEEK_4 female 45-49 ketamine-iv SEVERE".Split(' '), .. Course.Outcome("response")];

    [Fact]
    public void Every_table_is_signed_and_counts_what_the_recipient_has_with_the_batch()
    {
        var (tables, lines, corrected) = (0, 0, 0);
        Course.Days(3, 7).Sample(
            course => course.Run(
                (store, _, random) =>
                {
                    foreach (var row in store.Released.Where(r => r.Superseded is null).OrderBy(r => r.Person + r.Milestone, StringComparer.Ordinal).Where(_ => random.Next(30) == 0).ToArray())
                    {
                        store.Persons[row.Person].Outcomes[row.Milestone] = Course.Outcome(random.Next(2) == 0 ? "response" : "worsening");
                        Interlocked.Increment(ref corrected);
                    }
                },
                (store, _) =>
                {
                    foreach (var agreement in store.Agreements.Where(a => store.Of(a.Agreement).Count > 0))
                    {
                        var documents = store.Documents.Where(d => d.Number == store.Published && d.Name.EndsWith("/" + agreement.Agreement, StringComparison.Ordinal)).ToArray();
                        if (documents.Length == 0)
                            continue;
                        Assert.Equal(["outcomes/" + agreement.Agreement, "durability-of-response/" + agreement.Agreement], documents.Select(d => d.Name));
                        Assert.All(documents, d => Assert.True(IsSigned(store, d)));
                        Interlocked.Add(ref lines, Compare(store, agreement, JsonDocument.Parse(documents[0].Document).RootElement));
                        Interlocked.Increment(ref tables);
                    }
                }),
            iter: Rounds.Of(20),
            threads: 2);
        output.WriteLine($"{tables} tables, {lines} lines counted again, {corrected} corrections");
        Assert.True(tables > 30 && lines > 500 && corrected > 10, "The courses reach too little.");
    }

    [Fact]
    public void A_column_that_was_not_agreed_is_told_of_nobody()
    {
        var told = StatisticsWriter.RowOf([.. ReleaseProfiles.Always, "remission"], "p", Responder);

        Assert.True(told.Measured);
        Assert.NotNull(told.Remission);
        Assert.Null(told.Response);
        Assert.Null(told.Worsening);
    }

    [Fact]
    public void The_table_of_outcomes_is_in_its_documented_form()
    {
        var row = StatisticsWriter.RowOf(ReleaseProfiles.PublicOutcomes.Columns, "p", Responder);
        var agreement = new AgreementRecord("a.b", "a", "public-outcomes", Course.Registry, ReleaseProfiles.PublicOutcomes.Columns, default, default, 0, 1, "ACTIVE");

        var written = new StatisticsWriter(PublicOutcomes.Policy, "net-1").Write(new(agreement, 7, 3, new(2025, 10, 1), 4, 1), [row, row with { Pseudonym = "q", MissingReason = "DECLINED", Response = null }]);

        var table = JsonDocument.Parse(written.First().Document).RootElement;
        Assert.Equal(
            ["format", "network", "recipient", "profile", "publication", "batch", "as_of", "table", "version", "persons", "withheld_cells", "retired_cells", "lines"],
            table.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("clinicnetwork.statistics/1", "2025-10-01", 2, 4, 1), (
            table.GetProperty("format").GetString(), table.GetProperty("as_of").GetString(), Number(table, "persons"), Number(table, "withheld_cells"), Number(table, "retired_cells")));
        Assert.Equal(
            string.Concat(
                """{"milestone":"WEEK_4","treatment":"ALL","baseline_severity":"ALL","released":2,"measured":1,"missing":{"DECLINED":1},""",
                """ "response":{"known":1,"met":1,"not_told":0,"share":1,"low":0.2065,"high":1,"low_if_missing":0.5,"high_if_missing":1},"""[1..],
                """ "remission":{"known":1,"met":0,"not_told":0,"share":0,"low":0,"high":0.7935,"low_if_missing":0,"high_if_missing":0.5},"""[1..],
                """ "worsening":{"known":1,"met":0,"not_told":0,"share":0,"low":0,"high":0.7935,"low_if_missing":0,"high_if_missing":0.5}}"""[1..]),
            JsonSerializer.Serialize(table.GetProperty("lines")[0]));
    }

    /// <summary>By plain counting in what the store would deliver at this moment.</summary>
    private static int Compare(VirtualStore store, AgreementRecord agreement, JsonElement table)
    {
        var rows = store.Of(agreement.Agreement).SelectMany(b => store.RowsOf(agreement, b.Number)).Where(r => r.Values is not null).Select(r => (r.Person, Values: r.Values!)).ToArray();
        Assert.Equal(rows.Select(r => r.Person).Distinct().Count(), Number(table, "persons"));
        Assert.Equal(rows.Length, table.GetProperty("lines").EnumerateArray().Where(l => Text(l, "treatment") == "ALL" && Text(l, "baseline_severity") == "ALL").Sum(l => Number(l, "released")));
        foreach (var line in table.GetProperty("lines").EnumerateArray())
        {
            var of = rows.Select(r => r.Values)
                .Where(v => v[1] == Text(line, "milestone") && IsOf(line, "treatment", v[4]) && IsOf(line, "baseline_severity", v[5]))
                .ToArray();
            Assert.Equal((of.Length, of.Count(v => v[6] == "MEASURED")), (Number(line, "released"), Number(line, "measured")));
            Assert.Equal(of.Length, Number(line, "measured") + line.GetProperty("missing").EnumerateObject().Sum(m => m.Value.GetInt32()));
            foreach (var (at, judgement) in Judgements.Index())
            {
                var share = line.GetProperty(judgement);
                Assert.Equal((of.Count(v => v[8 + at] is "yes" or "no"), of.Count(v => v[8 + at] == "yes")), (Number(share, "known"), Number(share, "met")));
                Assert.Equal(Number(line, "measured"), Number(share, "known") + Number(share, "not_told"));
            }
        }

        return table.GetProperty("lines").GetArrayLength();
    }

    private static bool IsOf(JsonElement line, string name, string value) => Text(line, name) == "ALL" || Text(line, name) == value;

    private static bool IsSigned(VirtualStore store, ExchangeDocument document)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(store.Secrets.PublicKeyPem);
        return key.VerifyData(document.Document, document.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
