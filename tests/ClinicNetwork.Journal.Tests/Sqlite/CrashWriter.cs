namespace ClinicNetwork.Journal.Tests.Sqlite;

internal static class CrashWriter
{
    public static Task<int> RunAsync(string folder) => Task.FromResult(folder.Length);
}
