namespace ClinicNetwork.Verification;

/// <summary>Verifies one batch folder: signature, manifest, rows, and what the manifest says about the rows.</summary>
internal sealed class BatchVerifier(ReleaseState state, ReleaseKey? key)
{
    /// <param name="folder">The batch's folder.</param>
    /// <param name="shown">Its path in findings, with a slash at its end, or empty.</param>
    /// <param name="batch">Its number in the release; distinguishes batches, from 1.</param>
    /// <returns>The manifest, or null when it is unusable.</returns>
    public Manifest? Verify(string folder, string shown, int batch, CancellationToken ct)
    {
        var manifestFile = shown + ReleaseFiles.Manifest;
        var bytes = BoundedFile.Read(Path.Combine(folder, ReleaseFiles.Manifest), Limits.ManifestBytesMax, out var fault);
        if (bytes is null) state.Log.Add(Rules.Format, manifestFile, null, fault);
        else VerifySignature(folder, shown, bytes);
        var manifest = bytes is null ? null : ManifestReader.Read(bytes, manifestFile, state.Labels, state.Log);
        if (manifest is null)
        {
            state.Complete = false;
            return null;
        }

        for (var column = 0; column < manifest.Positions.Length; column++) state.Columns[column] &= manifest.Positions[column] >= 0;
        if (manifest.Exchange is { } exchange)
        {
            VerifyAttacks(exchange, manifestFile);
            new TombstoneRule(state, manifest, exchange, batch, manifestFile).Verify();
        }

        VerifyRows(folder, shown, batch, manifest, ct);
        return manifest;
    }

    private void VerifySignature(string folder, string shown, byte[] manifest)
    {
        var file = shown + ReleaseFiles.Signature;
        var signature = BoundedFile.Read(Path.Combine(folder, ReleaseFiles.Signature), ReleaseKey.SignatureTextBytes, out var fault);
        if (signature is null) state.Log.Add(Rules.Signature, file, null, fault);
        else if (key is not null && !key.Signed(manifest, signature))
            state.Log.Add(Rules.Signature, file, null, "the manifest is not signed by the network's release key: do not use this batch");
    }

    private void VerifyAttacks(ManifestExchange exchange, string file)
    {
        foreach (var (index, attack) in exchange.Attacks.Index())
            if (attack.Verdict == "exceeded" || attack.Verdict == "held" && attack.ExcessHigh > Limits.ExcessMax)
                state.Log.Add(Rules.RedTeam, file, null, $"red_team.attacks[{index}] exceeds what a release may risk: do not use this batch");
    }

    private void VerifyRows(string folder, string shown, int batch, Manifest manifest, CancellationToken ct)
    {
        var cells = new CellRules(state, manifest, batch, shown);
        var tally = new BatchTally();
        cells.ClaimListed(tally);
        try
        {
            using var stream = BoundedFile.Open(Path.Combine(folder, ReleaseFiles.Rows));
            using var rows = new RowsVerifier(state, manifest, batch, shown + ReleaseFiles.Rows, tally);
            rows.Verify(stream, ct);
        }
        catch (Exception exception) when (BoundedFile.IsFault(exception))
        {
            state.Log.Add(Rules.Format, shown + ReleaseFiles.Rows, null, BoundedFile.FaultOf(exception));
            tally.Complete = false;
        }

        state.Complete &= tally.Complete;
        var lDistinct = cells.Verify(tally);
        if (tally.Complete) new MeasuresRule(state, manifest, tally, shown + ReleaseFiles.Manifest).Verify(lDistinct);
        if (tally.Complete && manifest.Exchange is { } exchange) new ClosenessRule(state, exchange, shown).Verify(tally);
        state.Figures.Add(manifest, tally, lDistinct.Delivered);
    }
}
