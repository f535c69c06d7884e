using System.Globalization;
using System.Text;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>Writes batches as docs/release-format.md says a registry keeps them, and asks the independent verifier.</summary>
internal static class ReleaseFolder
{
    /// <summary>What a recipient of this class would have pulled now.</summary>
    public static VerificationReport Verify(VirtualStore store, int recipientClass = 1) =>
        Verify(store.Batches, store.Secrets, row => store.Delivered(row, recipientClass));

    /// <summary>These batches, all rows delivered unless told otherwise.</summary>
    public static VerificationReport Verify(IReadOnlyList<PublishedBatch> batches, ReleaseSecrets secrets, Func<NewBatchRow, IReadOnlyList<string>?>? delivered = null)
    {
        var folder = Directory.CreateTempSubdirectory("release-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "network-key.pem"), secrets.PublicKeyPem);
            foreach (var (batch, rows) in batches)
                Write(Path.Combine(folder, "batches", batch.Number.ToString("D4", CultureInfo.InvariantCulture)), batch, rows, secrets, delivered ?? (row => secrets.WithPseudonym(row.Person, row.Values)));
            return ReleaseVerifier.VerifyFolder(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All text of a batch that leaves.</summary>
    public static string Text(PublishedBatch batch, ReleaseSecrets secrets) =>
        Encoding.UTF8.GetString(batch.Batch.Manifest) + Lines(batch.Batch, batch.Rows, secrets, row => secrets.WithPseudonym(row.Person, row.Values));

    private static void Write(string folder, NewBatch batch, IReadOnlyList<NewBatchRow> rows, ReleaseSecrets secrets, Func<NewBatchRow, IReadOnlyList<string>?> delivered)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), batch.Manifest);
        File.WriteAllText(Path.Combine(folder, "manifest.sig"), Convert.ToBase64String(batch.Signature));
        File.WriteAllText(Path.Combine(folder, "rows.ndjson"), Lines(batch, rows, secrets, delivered));
    }

    private static string Lines(NewBatch batch, IReadOnlyList<NewBatchRow> rows, ReleaseSecrets secrets, Func<NewBatchRow, IReadOnlyList<string>?> delivered)
    {
        var text = new StringBuilder();
        foreach (var (number, row) in rows.Index())
        {
            if (delivered(row) is { } values)
            {
                var salt = Convert.ToHexStringLower(secrets.Salt(batch.Number, row.Person, row.Milestone));
                text.Append(CultureInfo.InvariantCulture, $$"""{"row":{{number}},"salt":"{{salt}}","values":[{{string.Join(',', values.Select(v => $"\"{v}\""))}}]}""");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $$"""{"row":{{number}},"leaf":"{{Convert.ToHexStringLower(row.Leaf)}}"}""");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
