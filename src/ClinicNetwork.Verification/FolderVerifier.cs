using System.Globalization;

namespace ClinicNetwork.Verification;

/// <summary>Verifies the batches of a release folder in order, and the chain they form.</summary>
internal sealed class FolderVerifier(ReleaseState state, ReleaseKey? key, string folder)
{
    private readonly BatchVerifier _batches = new(state, key);
    private Manifest? _first;

    /// <summary>Root of the batch before; null when it is not known.</summary>
    private string? _previousRoot = "";

    public void Verify(CancellationToken ct)
    {
        var rekeys = new RekeyVerifier(state, key, folder).Verify();
        var expected = 1;
        foreach (var batch in BatchNumbers())
        {
            ct.ThrowIfCancellationRequested();
            if (batch > expected)
            {
                Refuse(ReleaseFiles.Batches, $"batch {expected} is missing before batch {batch}: pull the release again");
                _previousRoot = null;
                state.Complete = false;
            }

            var manifest = _batches.Verify(Path.Combine(folder, ReleaseFiles.Batches, NameOf(batch)), ShownOf(batch), batch, ct);
            if (manifest is not null) VerifyLink(manifest, batch);
            _previousRoot = manifest?.Root;
            expected = batch + 1;
        }

        if (expected == 1) Refuse(ReleaseFiles.Batches, "the folder has no batch: pull the release again");
        foreach (var (network, recipient, file) in rekeys)
            if (_first is not null && (network != _first.Network || recipient != _first.Exchange?.Recipient))
                Refuse(file, "the list is of another network or recipient than the first batch");
        CellRules.VerifyDeferred(state);
        MembershipRule.Verify(state, batch => ShownOf(batch) + ReleaseFiles.Rows);
    }

    private List<int> BatchNumbers()
    {
        var numbers = new List<int>();
        var path = Path.Combine(folder, ReleaseFiles.Batches);
        if (!Directory.Exists(path)) return numbers;
        foreach (var name in Directory.EnumerateDirectories(path).Select(Path.GetFileName))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= Limits.BatchesMax
                && NameOf(number) == name)
                numbers.Add(number);
            else
                Refuse(ReleaseFiles.Batches, "a folder whose name is no batch number of at least four digits: remove it");
        }

        numbers.Sort();
        return numbers;
    }

    private void VerifyLink(Manifest manifest, int batch)
    {
        _first ??= manifest;
        var file = ShownOf(batch) + ReleaseFiles.Manifest;
        if (manifest.Batch != batch) Refuse(file, "the manifest is that of another batch than the folder's name says");
        if (_previousRoot is not null && manifest.PreviousRoot != _previousRoot)
            Refuse(file, "previous_root is not the root of the batch before");
        if (manifest.Network != _first.Network) Refuse(file, "the batch is of another network than the first");
        if (manifest.Format != _first.Format) Refuse(file, "the batch is of another profile or version of the format than the first");
        if (manifest.Exchange?.Recipient != _first.Exchange?.Recipient) Refuse(file, "the batch is of another recipient than the first");
        if (manifest.Publication <= state.Publication) Refuse(file, "the batch is of no later publication than the one before");
        state.Publication = manifest.Publication;
    }

    private static string NameOf(int batch) => batch.ToString(ReleaseFiles.BatchFolderFormat, CultureInfo.InvariantCulture);

    private static string ShownOf(int batch) => $"{ReleaseFiles.Batches}/{NameOf(batch)}/";

    private void Refuse(string file, string message) => state.Log.Add(Rules.Chain, file, null, message);
}
