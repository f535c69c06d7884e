namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>No test waits for ever: a defect that makes one hang fails it.</summary>
internal static class Patience
{
    internal const int Ms = 60_000;
}
