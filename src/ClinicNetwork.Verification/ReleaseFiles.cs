namespace ClinicNetwork.Verification;

/// <summary>Names within a release folder: docs/release-format.md, "Folder".</summary>
internal static class ReleaseFiles
{
    public const string Key = "network-key.pem";
    public const string Batches = "batches";
    public const string Rekeys = "rekeys";
    public const string Manifest = "manifest.json";
    public const string Signature = "manifest.sig";
    public const string Rows = "rows.ndjson";

    /// <summary>Folder names have at least this many digits, and no more than the number needs beyond that.</summary>
    public const string BatchFolderFormat = "D4";
}
