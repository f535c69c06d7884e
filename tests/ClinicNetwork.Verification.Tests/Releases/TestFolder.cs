namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>A folder of its own under the temporary path, deleted with its content.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("release-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
