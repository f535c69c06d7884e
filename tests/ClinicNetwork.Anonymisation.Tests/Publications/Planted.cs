using System.Globalization;
using System.Text.Json.Nodes;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain.Releases;
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

    private static readonly AgreementRecord Agreement = new(
        "ag-1", "partner-1", ReleaseProfiles.PublicOutcomes.Id, Support.Course.Registry, ReleaseProfiles.PublicOutcomes.Columns, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 0, 1, "ACTIVE");

    private readonly List<(RecipientBatch Batch, byte[] Manifest, byte[] Signature)> _batches = [];

    /// <summary>A cell's rows at one milestone; persons <c>{prefix}00</c> and on, two of them worse.</summary>
    public static IReadOnlyList<UndeliveredRow> Rows(string cell, string prefix, int persons, string milestone, params string[] region) =>
    [
        .. Enumerable.Range(0, persons).Select(i => new UndeliveredRow(
            string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:00}"),
            cell,
            milestone,
            1,
            null,
            [cell, milestone, .. region.Length > 0 ? region : ["female", "*", "*", "SEVERE"], .. Course.Outcome(i < 2 ? "worsening" : "response")])),
    ];

    public static string Cell(int number) => string.Create(CultureInfo.InvariantCulture, $"c-{number:x16}");

    /// <param name="amend">Changes the manifest before it is signed.</param>
    public Planted Publish(IReadOnlyList<UndeliveredRow> rows, Action<JsonObject>? amend = null)
    {
        var (number, form) = (_batches.Count + 1, RecipientForm.Of(Secrets, Agreement));
        RecipientRow[] sealedRows = [.. rows.Select(r => new RecipientRow(r, 1, form.Seal(number, 1, r.Person, r.Milestone, r.Values)))];
        var reference = OutcomeCategories.Count(rows.Select(r => (r.Milestone, (IReadOnlyList<ReleasedOutcome>)[CanonicalRow.Outcome(r.Values)])));
        var batch = new RecipientBatch(Agreement, number, sealedRows, MerkleTree.Root([.. sealedRows.Select(r => r.Sealed.Leaf)]), [], reference);
        var manifest = new ManifestWriter(PublicOutcomes.Policy, "net-1").Write(
            batch,
            new(number, new DateOnly(2025, 1, 1).AddMonths(number), number == 1 ? "" : Convert.ToHexStringLower(_batches[^1].Batch.Root), 0, 0, 0, 0),
            new("none", 0, []));
        if (amend is not null)
        {
            var json = JsonNode.Parse(manifest)!.AsObject();
            amend(json);
            manifest = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        _batches.Add((batch, manifest, Secrets.Sign(manifest)));
        return this;
    }

    public VerificationReport Verify(Func<RecipientRow, IReadOnlyList<string>>? delivered = null) => ReleaseFolder.Verify(
        Secrets,
        [.. _batches.Select(b => (b.Batch.Number, b.Manifest, b.Signature, (IReadOnlyList<FolderRow>)[.. b.Batch.Rows.Select(r => new FolderRow(r.Sealed.Salt, delivered?.Invoke(r) ?? r.Sealed.Values, r.Sealed.Leaf))]))]);
}
