namespace ClinicNetwork.Benchmarks.Load;

/// <summary>For work too short to tell of.</summary>
internal sealed class Unheard : IProgress<long>
{
    public static readonly Unheard Instance = new();

    public void Report(long value)
    {
    }
}
