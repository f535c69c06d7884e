using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>What a registry and a clinic are told in numbers, counted again by hand.</summary>
[Collection(PublishedFixture.ReadOnly)]
public sealed class FiguresTests(PublishedFixture fixture)
{
    /// <summary>Fifteen persons in each of eight groups go through the five results in turn.</summary>
    private const int OfEach = PublishedFixture.Persons / 5;

    [Fact]
    public async Task A_clinic_counts_its_own_patients_and_another_site_gets_nothing()
    {
        var figures = await fixture.Network.As(Network.Harbour).Clinics.GetClinicOutcomesAsync(new() { Name = Network.Harbour });

        Assert.Equal(11, figures.K);
        Assert.Equal([Milestone.EndOfInduction, Milestone.Week4], figures.Milestones.Select(m => m.Milestone));
        Assert.All(figures.Milestones, milestone =>
        {
            var told = figures.Columns.Zip(Assert.Single(milestone.Protocols).Counts).ToDictionary(c => c.First, c => c.Second);
            Assert.All((string[])["WORSENING", "REMISSION", "RESPONSE", "NO_CHANGE"], column => Assert.Equal(OfEach, told[column].Count));
            Assert.Equal(OfEach, told.Skip(4).Sum(c => c.Value.Count));
            Assert.Equal((PublishedFixture.Persons, PublishedFixture.Persons), (milestone.All.Total.Count, milestone.Protocols[0].Total.Count));
        });

        using var certificates = new TestCertificates(fixture.Server);
        using var administrator = fixture.Server.Open(certificates.Good("role:site-admin", "site:harbour"));
        Assert.Equal(figures, await new Network(administrator, Network.Harbour).Clinics.GetClinicOutcomesAsync(new() { Name = Network.Harbour }));
        using var elsewhere = fixture.Server.Open(certificates.Good("role:clinician", "site:hill"));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_YOURS", async () => await new Network(elsewhere, Network.Hill).Clinics.GetClinicOutcomesAsync(new() { Name = Network.Harbour }));
    }

    [Fact]
    public async Task A_registry_s_table_is_signed_and_counts_the_rows_that_it_can_pull()
    {
        var batches = await fixture.BatchesAsync();
        var manifest = JsonDocument.Parse((await fixture.Registry.Releases.GetManifestAsync(new() { Name = batches[^1].Name })).Manifest.Memory).RootElement;
        var columns = manifest.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var batch in batches)
        {
            rows.AddRange((await fixture.RowsAsync(batch.Name)).Where(r => r.Values.Count > 0).Select(r => r.Values));
        }

        var answer = await fixture.Registry.Releases.GetStatisticsAsync(new() { Name = PublishedFixture.Profile, Table = "outcomes" });

        using var key = ECDsa.Create();
        key.ImportFromPem((await fixture.Registry.Releases.GetReleaseKeyAsync(new())).PublicKeyPem);
        Assert.True(key.VerifyData(answer.Document.Span, answer.Signature.Span, HashAlgorithmName.SHA256));
        var table = JsonDocument.Parse(answer.Document.Memory).RootElement;
        Assert.Equal((answer.Publication, manifest.GetProperty("publication").GetInt32()), (table.GetProperty("publication").GetInt32(), answer.Publication));
        var whole = table.GetProperty("lines").EnumerateArray().Where(l => l.GetProperty("treatment").GetString() == "ALL" && l.GetProperty("baseline_severity").GetString() == "ALL").ToArray();
        Assert.Equal(rows.Select(r => r[columns.IndexOf("milestone")]).Distinct().Count(), whole.Length);
        Assert.All(whole, line =>
        {
            var of = rows.Where(r => r[columns.IndexOf("milestone")] == line.GetProperty("milestone").GetString()).ToArray();
            Assert.Equal(of.Length, line.GetProperty("released").GetInt32());
            Assert.All((string[])["response", "remission", "worsening"], judgement => Assert.Equal(of.Count(r => r[columns.IndexOf(judgement)] == "yes"), line.GetProperty(judgement).GetProperty("met").GetInt32()));
        });
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "STATISTICS_NOT_FOUND", async () => await fixture.Network.Releases.GetStatisticsAsync(new() { Name = PublishedFixture.Profile, Table = "outcomes" }));
    }
}
