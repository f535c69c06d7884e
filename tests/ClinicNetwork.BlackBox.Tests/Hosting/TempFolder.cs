namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>A folder of its own under the temporary path, removed with its content.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clinicnetwork-bb-").FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
