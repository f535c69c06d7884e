using System.Globalization;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>What <c>clinicnet cluster up</c> was asked for.</summary>
/// <param name="Silos">Processes with grains; 1 to 16.</param>
/// <param name="Gateways">Processes with gRPC alone; 0: each silo has a gateway of its own.</param>
/// <param name="Postgres">Npgsql connection string; null takes a private instance.</param>
/// <param name="Folder">Null takes a temporary one, removed at the end.</param>
/// <param name="Once">Ends as soon as all are ready.</param>
internal sealed record ClusterSettings(int Silos, int Gateways, string? Postgres, string? Folder, bool Once)
{
    /// <summary>Every process of the cluster: silos first.</summary>
    internal IEnumerable<ClusterMember> Members() =>
        Enumerable.Range(1, Silos).Select(i => new ClusterMember(Name("silo", i), Gateways == 0 ? "all" : "silo"))
            .Concat(Enumerable.Range(1, Gateways).Select(i => new ClusterMember(Name("gateway", i), "gateway")));

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}
