using System.Globalization;
using System.Text;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A row as a recipient gets it; <see cref="Values"/> null: only its leaf.</summary>
internal sealed record FolderRow(byte[] Salt, IReadOnlyList<string>? Values, byte[] Leaf);

/// <summary>Writes batches as docs/release-format.md says a registry keeps them, and asks the independent verifier.</summary>
internal static class ReleaseFolder
{
    /// <summary>What a recipient would have pulled now.</summary>
    public static VerificationReport Verify(VirtualStore store, AgreementRecord agreement) => Verify(store.Secrets, Batches(store, agreement));

    /// <summary>The same, into a folder that is kept.</summary>
    public static void Write(string folder, VirtualStore store, AgreementRecord agreement) => Write(folder, store.Secrets, Batches(store, agreement));

    private static IReadOnlyList<(int, byte[], byte[], IReadOnlyList<FolderRow>)> Batches(VirtualStore store, AgreementRecord agreement) =>
        [.. store.Of(agreement.Agreement).Select(b => (b.Number, b.Manifest, b.Signature, Delivered(store, agreement, b.Number)))];

    public static VerificationReport Verify(ReleaseSecrets secrets, IReadOnlyList<(int Number, byte[] Manifest, byte[] Signature, IReadOnlyList<FolderRow> Rows)> batches)
    {
        var folder = Directory.CreateTempSubdirectory("release-").FullName;
        try
        {
            Write(folder, secrets, batches);
            return ReleaseVerifier.VerifyFolder(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, ReleaseSecrets secrets, IReadOnlyList<(int Number, byte[] Manifest, byte[] Signature, IReadOnlyList<FolderRow> Rows)> batches)
    {
        File.WriteAllText(Path.Combine(folder, "network-key.pem"), secrets.PublicKeyPem);
        foreach (var batch in batches)
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, "batches", batch.Number.ToString("D4", CultureInfo.InvariantCulture))).FullName;
            File.WriteAllBytes(Path.Combine(path, "manifest.json"), batch.Manifest);
            File.WriteAllText(Path.Combine(path, "manifest.sig"), Convert.ToBase64String(batch.Signature));
            File.WriteAllText(Path.Combine(path, "rows.ndjson"), Lines(batch.Rows));
        }
    }

    public static IReadOnlyList<FolderRow> Delivered(VirtualStore store, AgreementRecord agreement, int batch)
    {
        var form = RecipientForm.Of(store.Secrets, agreement);
        return
        [
            .. store.RowsOf(agreement, batch).Select(r => r.Values is null ? new FolderRow([], null, r.Leaf) : RowOf(form.Seal(batch, r.Epoch, r.Person, r.Milestone, r.Values), r.Leaf)),
        ];

        static FolderRow RowOf(SealedValues values, byte[] leaf) => new(values.Salt, values.Values, leaf);
    }

    private static string Lines(IReadOnlyList<FolderRow> rows)
    {
        var text = new StringBuilder();
        foreach (var (number, row) in rows.Index())
        {
            var line = row.Values is { } values
                ? $$""","salt":"{{Convert.ToHexStringLower(row.Salt)}}","values":[{{string.Join(',', values.Select(v => $"\"{v}\""))}}]}"""
                : $$""","leaf":"{{Convert.ToHexStringLower(row.Leaf)}}"}""";
            text.Append(CultureInfo.InvariantCulture, $$"""{"row":{{number}}""").Append(line).Append('\n');
        }

        return text.ToString();
    }
}
