using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>That what one object names exists in another.</summary>
internal static class WiringRules
{
    /// <summary>What the server looks for in its keys folder.</summary>
    private static readonly string[] KeyFiles = ["master.key", "release.key", "authority.pem"];

    public static IEnumerable<string> Selectors(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads.Where(w => w.Selector is not null))
        {
            if (!workload.IsSelectedBy(workload.Selector)) yield return $"{workload.Name}: its selector does not match its own pods.";
            foreach (var other in rendering.Workloads.Where(o => o != workload && o.IsSelectedBy(workload.Selector)))
            {
                yield return $"{workload.Name}: its selector matches pods of {other.Name} too.";
            }
        }

        var others = rendering.Of<V1Service>().Select(s => ($"Service {s.Metadata.Name}", s.Spec.Selector))
            .Concat(rendering.Of<V1PodDisruptionBudget>().Select(b => ($"PodDisruptionBudget {b.Metadata.Name}", b.Spec.Selector.MatchLabels)));
        foreach (var (name, selector) in others)
        {
            var selected = rendering.Workloads.Count(w => w.IsSelectedBy(selector));
            if (selected != 1) yield return $"{name}: its selector matches the pods of {selected} workloads instead of one.";
        }

        foreach (var workload in rendering.Workloads)
        {
            foreach (var spread in (workload.Pod.TopologySpreadConstraints ?? []).Where(s => !workload.IsSelectedBy(s.LabelSelector?.MatchLabels)))
            {
                yield return $"{workload.Name}: its spread over {spread.TopologyKey} counts other pods than its own.";
            }
        }
    }

    public static IEnumerable<string> ServicePorts(Rendering rendering) =>
        from service in rendering.Of<V1Service>()
        from workload in rendering.Workloads.Where(w => w.IsSelectedBy(service.Spec.Selector))
        from port in service.Spec.Ports
        let target = port.TargetPort?.Value ?? $"{port.Port}"
        where !workload.Pod.Containers.SelectMany(c => c.Ports ?? []).Any(p => p.Name == target || $"{p.ContainerPort}" == target)
        select $"Service {service.Metadata.Name}: no container of {workload.Name} has the port {target}.";

    public static IEnumerable<string> Volumes(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads)
        {
            var volumes = (workload.Pod.Volumes ?? []).Select(v => v.Name).Concat(workload.Claims).ToList();
            var mounts = workload.Containers.SelectMany(c => c.VolumeMounts ?? []).Select(m => m.Name).ToHashSet();
            foreach (var mount in mounts.Except(volumes)) yield return $"{workload.Name}: it mounts {mount}, which is no volume of it.";
            foreach (var volume in volumes.Except(mounts)) yield return $"{workload.Name}: its volume {volume} is mounted nowhere.";
        }
    }

    /// <summary>A Secret is not made here: then the README must hold the command that makes it, with the key.</summary>
    public static IEnumerable<string> References(Rendering rendering) => References(rendering, File.ReadAllText(Path.Combine(KustomizeTree.Folder, "README.md")));

    public static IEnumerable<string> References(Rendering rendering, string readme)
    {
        foreach (var workload in rendering.Workloads)
        {
            if (!rendering.Of<V1ServiceAccount>().Any(a => a.Metadata.Name == workload.Pod.ServiceAccountName))
            {
                yield return $"{workload.Name}: there is no ServiceAccount {workload.Pod.ServiceAccountName}.";
            }

            var variables = workload.Containers.SelectMany(c => c.Env ?? []).Select(e => e.ValueFrom).ToList();
            var maps = workload.Containers.SelectMany(c => c.EnvFrom ?? []).Select(e => e.ConfigMapRef?.Name)
                .Concat((workload.Pod.Volumes ?? []).Select(v => v.ConfigMap?.Name))
                .Concat(variables.Select(v => v?.ConfigMapKeyRef?.Name)).OfType<string>();
            foreach (var map in maps.Where(m => !rendering.Of<V1ConfigMap>().Any(c => c.Metadata.Name == m)))
            {
                yield return $"{workload.Name}: there is no ConfigMap {map}.";
            }

            var secrets = variables.Select(v => v?.SecretKeyRef).OfType<V1SecretKeySelector>().Select(s => (s.Name, s.Key))
                .Concat((workload.Pod.Volumes ?? []).Select(v => v.Secret?.SecretName).OfType<string>().SelectMany(name => KeyFiles.Select(key => (Name: name, Key: key))));
            foreach (var (name, key) in secrets.Distinct().Where(s => !IsDocumented(readme, s.Name, s.Key)))
            {
                yield return $"{workload.Name}: the README has no command that makes the Secret {name} with {key}.";
            }
        }
    }

    private static bool IsDocumented(string readme, string secret, string key) => readme.Replace("\\\n", " ").Split('\n')
        .Any(line => line.Contains($"create secret generic {secret} ", StringComparison.Ordinal)
            && (line.Contains($"--from-literal={key}=", StringComparison.Ordinal) || line.Contains($"--from-file={key}=", StringComparison.Ordinal)));
}
