namespace ClinicNetwork.Benchmarks.Patients;

/// <summary>Whose turn it is: each caller goes round its own patients, so that no two callers wait for the same one.</summary>
internal sealed class Turns(Population population, int callers)
{
    private readonly long[] _taken = new long[callers];

    public int Callers => callers;

    /// <summary>Index of the caller's next patient. One caller calls it from one place at a time.</summary>
    public int Next(int caller) => (int)((caller + (_taken[caller]++ * callers)) % population.Count);

    /// <summary>The same as a resource name.</summary>
    public string NextName(int caller) => population.Name(Next(caller));
}
