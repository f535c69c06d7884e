using System.Globalization;
using System.Text.Json.Nodes;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>
/// Releases as a network with a mistake would make and sign them: rows are changed, then salted, hashed, described and signed by the
/// product's own writer, so that only the rule that was broken can tell.
/// </summary>
internal sealed class Planted
{
    public ReleaseSecrets Secrets { get; } = Support.Secrets.New();

    private readonly List<PublishedBatch> _batches = [];

    /// <summary>A cell's rows at one milestone; persons <c>{prefix}00</c> and on, two of them worse.</summary>
    public static IReadOnlyList<NewBatchRow> Rows(string cell, string prefix, int persons, string milestone, params string[] region) =>
    [
        .. Enumerable.Range(0, persons).Select(i => new NewBatchRow(
            string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:00}"),
            cell,
            milestone,
            [cell, milestone, .. region.Length > 0 ? region : ["female", "*", "*", "SEVERE"], .. Course.Outcome(i < 2 ? "worsening" : "response")],
            [])),
    ];

    public static string Cell(int number) => string.Create(CultureInfo.InvariantCulture, $"c-{number:x16}");

    /// <param name="amend">Changes the manifest before it is signed.</param>
    public Planted Publish(IReadOnlyList<NewBatchRow> rows, Action<JsonObject>? amend = null)
    {
        var number = _batches.Count + 1;
        NewBatchRow[] sealedRows = [.. rows.Select(r => r with { Leaf = MerkleTree.Leaf(Secrets.Salt(number, r.Person, r.Milestone), Secrets.WithPseudonym(r.Person, r.Values)) })];
        var root = MerkleTree.Root([.. sealedRows.Select(r => r.Leaf)]);
        var manifest = new ManifestWriter(PublicOutcomes.Policy, "net-1").Write(new ManifestFacts(
            number,
            new DateOnly(2025, 1, 1).AddMonths(number),
            number == 1 ? "" : Convert.ToHexStringLower(_batches[^1].Batch.Root),
            root,
            sealedRows,
            [.. rows.Select(r => (r.Cell, r.Milestone)).Distinct().Order()],
            0,
            0,
            0));
        if (amend is not null)
        {
            var json = JsonNode.Parse(manifest)!.AsObject();
            amend(json);
            manifest = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        _batches.Add(new(new NewBatch(number, Course.Day(number), rows.Count, root, manifest, Secrets.Sign(manifest)), sealedRows));
        return this;
    }

    public VerificationReport Verify(Func<NewBatchRow, IReadOnlyList<string>?>? delivered = null) => ReleaseFolder.Verify(_batches, Secrets, delivered);
}
