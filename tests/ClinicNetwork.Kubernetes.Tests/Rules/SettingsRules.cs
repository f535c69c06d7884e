using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>That the environment is one the server would start on.</summary>
internal static class SettingsRules
{
    /// <summary>Container ports by name, the setting that decides each, the code's number for it, and the roles that have it.</summary>
    private static readonly (string Port, string Setting, int Number, string[] Roles)[] Listeners =
    [
        ("health", "HealthPort", ServerFacts.HealthPort, ["silo", "gateway"]),
        ("silo", "SiloPort", ServerFacts.SiloPort, ["silo"]),
        ("orleans", "OrleansPort", ServerFacts.OrleansPort, ["silo"]),
        ("grpc", "Port", ServerFacts.GrpcPort, ["gateway"]),
    ];

    public static string Variable(string setting) => ServerFacts.Prefix + setting;

    public static IEnumerable<string> Names(Rendering rendering) =>
        from workload in rendering.Workloads.Where(w => w.IsOurs)
        from name in workload.Containers.SelectMany(c => rendering.Environment(c).Keys)
        where name.StartsWith(ServerFacts.Prefix, StringComparison.OrdinalIgnoreCase)
        where !name.StartsWith(ServerFacts.Prefix, StringComparison.Ordinal) || !ServerFacts.Settings.Contains(name[ServerFacts.Prefix.Length..])
        select $"{workload.Name}: the server has no setting {name}.";

    public static IEnumerable<string> Ports(Rendering rendering)
    {
        foreach (var workload in rendering.OurServers)
        {
            foreach (var container in workload.Pod.Containers)
            {
                var environment = rendering.Environment(container);
                var role = environment.GetValueOrDefault(Variable("Role"), "all");
                foreach (var (port, setting, number, _) in Listeners.Where(l => l.Roles.Contains(role)))
                {
                    var set = environment.GetValueOrDefault(Variable(setting));
                    var declared = container.Ports?.SingleOrDefault(p => p.Name == port)?.ContainerPort;
                    if (set is null || set != $"{declared}") yield return $"{workload.Name}: {setting} is {set ?? "not set"}, the container's port {port} {declared}.";
                    if (declared != number) yield return $"{workload.Name}: the port {port} is {declared}, the server's is {number}.";
                }

                if (Listeners.All(l => !l.Roles.Contains(role))) yield return $"{workload.Name}: the role {role} has no place on Kubernetes.";
                var address = role == "silo" ? "Advertise" : "Listen";
                foreach (var setting in new[] { "HealthListen", address }.Where(s => environment.GetValueOrDefault(Variable(s), "127.0.0.1") == "127.0.0.1"))
                {
                    yield return $"{workload.Name}: {setting} is loopback, nobody outside the pod reaches it.";
                }
            }
        }
    }

    public static IEnumerable<string> Production(Rendering rendering) =>
        from workload in rendering.OurServers
        from container in workload.Pod.Containers
        where rendering.Environment(container).GetValueOrDefault(Variable("Production")) != "true"
        select $"{workload.Name}: {Variable("Production")} is not true.";

    /// <summary>Clients come by the Service's name, and TLS compares it with the certificate.</summary>
    public static IEnumerable<string> Certificates(Rendering rendering) =>
        from service in rendering.Of<V1Service>()
        from workload in rendering.OurServers.Where(w => w.IsSelectedBy(service.Spec.Selector))
        from container in workload.Pod.Containers
        where !rendering.Environment(container).GetValueOrDefault(Variable("Names"), "").Split(',').Contains(service.Metadata.Name)
        select $"{workload.Name}: its certificate is not good at {service.Metadata.Name}.";

    public static IEnumerable<string> Secrets(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads.Where(w => w.IsOurs))
        {
            foreach (var container in workload.Containers)
            {
                var environment = rendering.Environment(container);
                if (!environment.GetValueOrDefault(Variable("Postgres"), "").StartsWith("secret:", StringComparison.Ordinal))
                {
                    yield return $"{workload.Name}: its connection string comes from no Secret.";
                }

                var keys = environment.GetValueOrDefault(Variable("Keys"));
                var mount = container.VolumeMounts?.SingleOrDefault(m => m.MountPath == keys);
                if (workload.Pod.Volumes?.SingleOrDefault(v => v.Name == mount?.Name)?.Secret is null || mount?.ReadOnlyProperty != true)
                {
                    yield return $"{workload.Name}: no Secret is mounted, read-only, at its keys folder {keys}.";
                }
            }
        }
    }

    /// <summary>The migration owns the schema; what serves has no right to change it.</summary>
    public static IEnumerable<string> Owners(Rendering rendering)
    {
        var owners = ConnectionsOf(rendering.Workloads.Where(w => w.IsOurs && w.Owner is V1Job)).Select(c => c.Connection).ToHashSet();
        return ConnectionsOf(rendering.OurServers).Where(c => owners.Contains(c.Connection)).Select(c => $"{c.Workload}: it has the connection of the schema's owner.");

        IEnumerable<(string Workload, string? Connection)> ConnectionsOf(IEnumerable<Workload> workloads) =>
            workloads.SelectMany(w => w.Containers.Select(c => (w.Name, rendering.Environment(c).GetValueOrDefault(Variable("Postgres")))));
    }

    public static IEnumerable<string> Migration(Rendering rendering)
    {
        var jobs = rendering.Of<V1Job>().ToList();
        if (jobs.Count != 1) yield return $"There are {jobs.Count} Jobs instead of the migration alone.";
        foreach (var job in jobs)
        {
            var container = job.Spec.Template.Spec.Containers.Single();
            if (container.Command is not null || container.Args is not [ServerFacts.MigrateCommand])
            {
                yield return $"Job {job.Metadata.Name}: it runs `{string.Join(' ', [.. container.Command ?? [], .. container.Args ?? []])}` instead of {ServerFacts.MigrateCommand}.";
            }
        }
    }
}
