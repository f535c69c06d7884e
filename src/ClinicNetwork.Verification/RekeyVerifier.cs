using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>
/// Verifies the signed lists of pseudonyms that replace others, and takes them up: from then on a person is the same under the old and the new one, in every batch.
/// A list that cannot be read leaves persons unknown, so that nothing is decided on who is missing where.
/// </summary>
internal sealed class RekeyVerifier(ReleaseState state, ReleaseKey? key, string folder)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 3 };

    /// <returns>Network and recipient of each list, with its file.</returns>
    public IReadOnlyList<(string Network, string Recipient, string File)> Verify()
    {
        var lists = new List<(string, string, string)>();
        var path = Path.Combine(folder, ReleaseFiles.Rekeys);
        if (!Directory.Exists(path)) return lists;
        var names = Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).ToHashSet();
        var count = names.Count(name => name.EndsWith(".json", StringComparison.Ordinal));
        for (var number = 1; number <= count; number++)
        {
            var name = number.ToString(ReleaseFiles.BatchFolderFormat, CultureInfo.InvariantCulture);
            names.Remove(name + ".json");
            names.Remove(name + ".sig");
            var shown = $"{ReleaseFiles.Rekeys}/{name}.json";
            if (Read(Path.Combine(path, name), shown, number) is var (network, recipient)) lists.Add((network, recipient, shown));
            else state.Complete = false;
        }

        if (names.Count > 0) state.Log.Add(Rules.Chain, ReleaseFiles.Rekeys, null, "files that are no lists with numbers from 1 on without a gap, each with its signature");
        return lists;
    }

    private (string Network, string Recipient)? Read(string path, string shown, int number)
    {
        var bytes = BoundedFile.Read(path + ".json", Limits.RekeyBytesMax, out var fault);
        if (bytes is null)
        {
            state.Log.Add(Rules.Format, shown, null, fault);
            return null;
        }

        var signature = BoundedFile.Read(path + ".sig", ReleaseKey.SignatureTextBytes, out fault);
        if (signature is null) state.Log.Add(Rules.Signature, shown, null, fault);
        else if (key is not null && !key.Signed(bytes, signature))
            state.Log.Add(Rules.Signature, shown, null, "the list is not signed by the network's release key: do not use it");
        var before = state.Log.Reported;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            var fields = new ManifestFields(document.RootElement, "", Refuse);
            fields.OneOf("format", "clinicnetwork.rekey/1");
            var (network, recipient) = (fields.Text("network"), fields.Text("recipient"));
            if (fields.Whole("number", 1, Limits.BatchesMax) != number) Refuse("number is not that of the file's name");
            ReadPairs(fields, shown, Refuse);
            fields.RefuseOthers();
            return state.Log.Reported == before ? (network, recipient) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Refuse("not well-formed JSON, or text that is not valid Unicode");
            return null;
        }

        void Refuse(string message) => state.Log.Add(Rules.Format, shown, null, message);
    }

    private void ReadPairs(ManifestFields fields, string shown, Action<string> refuse)
    {
        UInt128? last = null;
        foreach (var pair in fields.List("pairs", JsonValueKind.Array))
        {
            if (pair.GetArrayLength() != 2
                || !TryRead(pair[0], out var old)
                || !TryRead(pair[1], out var replacement))
            {
                refuse("pairs must hold two pseudonyms each");
                return;
            }

            if (last >= old) refuse("pairs are not in order, or replace a pseudonym twice");
            last = old;
            if (!state.Persons.Replace(old, replacement)) state.Log.Add(Rules.PersonOnce, shown, null, "a pseudonym takes the place of two, or of one that had it before");
        }
    }

    private static bool TryRead(JsonElement text, out UInt128 pseudonym)
    {
        pseudonym = 0;
        return text.ValueKind == JsonValueKind.String && RowDecoder.TryReadPseudonym(Encoding.UTF8.GetBytes(text.GetString()!), out pseudonym);
    }
}
