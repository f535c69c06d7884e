using System.Text;

namespace ClinicNetwork.Verification;

/// <summary>
/// The independent verifier: decides whether a release folder keeps every rule of docs/release-format.md, "What the verifier refuses", from
/// the files alone. It shares no code with the server or the client. Whatever the files hold, the answer is a report; only cancellation is
/// thrown.
/// </summary>
public static class ReleaseVerifier
{
    /// <summary>Verifies a whole release: every batch, the chain between them and the rules over all batches.</summary>
    /// <param name="folder">The folder with network-key.pem and batches/.</param>
    /// <param name="ct">Stops between rows.</param>
    public static VerificationReport VerifyFolder(string folder, CancellationToken ct = default) => VerifyFolder(folder, new Expected(), ct);

    /// <summary>The same, and whether it is the release that the caller expects.</summary>
    /// <param name="folder">The folder with network-key.pem and batches/.</param>
    /// <param name="expected">The network's key, the persons.</param>
    /// <param name="ct">Stops between rows.</param>
    public static VerificationReport VerifyFolder(string folder, Expected expected, CancellationToken ct = default) => Read(folder, expected, ct).Report();

    internal static ReleaseState Read(string folder, Expected expected, CancellationToken ct, RowObserver? onRow = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(expected);
        var state = new ReleaseState { OnRow = onRow };
        if (!Directory.Exists(folder))
        {
            state.Log.Add(Rules.Format, "", null, "the folder is missing");
            return state;
        }

        var pem = BoundedFile.Read(Path.Combine(folder, ReleaseFiles.Key), Limits.KeyBytesMax, out var fault);
        if (pem is null) state.Log.Add(Rules.Signature, ReleaseFiles.Key, null, fault);
        using var own = pem is null ? null : ReadKey(state, Encoding.UTF8.GetString(pem));
        using var trusted = expected.PublicKeyPem is null ? null : ReadKey(state, expected.PublicKeyPem);
        if (trusted is not null && own is not null && !trusted.IsSame(own))
            state.Log.Add(Rules.Signature, ReleaseFiles.Key, null, "is not the key that was given: do not use this release");
        try
        {
            new FolderVerifier(state, trusted ?? own, folder).Verify(ct);
            if (expected.Persons is not null) CoverageRule.Verify(state, expected.Persons);
        }
        catch (Exception exception) when (BoundedFile.IsFault(exception))
        {
            state.Log.Add(Rules.Format, ReleaseFiles.Batches, null, "the folder cannot be read");
        }

        return state;
    }

    /// <summary>
    /// Verifies one batch alone: every rule that a single batch can break. Not decided: <see cref="Rules.Chain"/>, and persons, cells,
    /// membership, tombstones and corrections in other batches.
    /// </summary>
    /// <param name="batchFolder">The folder with manifest.json, manifest.sig and rows.ndjson.</param>
    /// <param name="publicKeyPem">The network's release key: one P-256 public key (SPKI) as PEM.</param>
    /// <param name="ct">Stops between rows.</param>
    public static VerificationReport VerifyBatch(string batchFolder, string publicKeyPem, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(batchFolder);
        ArgumentNullException.ThrowIfNull(publicKeyPem);
        var state = new ReleaseState { Alone = true };
        if (!Directory.Exists(batchFolder))
        {
            state.Log.Add(Rules.Format, "", null, "the folder is missing");
            return state.Report();
        }

        using var key = ReadKey(state, publicKeyPem);
        new BatchVerifier(state, key).Verify(batchFolder, "", 1, ct);
        MembershipRule.Verify(state, _ => ReleaseFiles.Rows);
        return state.Report();
    }

    private static ReleaseKey? ReadKey(ReleaseState state, string pem)
    {
        var key = ReleaseKey.Read(pem);
        if (key is null) state.Log.Add(Rules.Signature, ReleaseFiles.Key, null, "must hold exactly one ECDSA P-256 public key (SPKI, PEM)");
        return key;
    }
}
