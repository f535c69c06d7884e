using System.Xml.Linq;
using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>That a roll, a drain or a crowded node takes nothing away that is needed.</summary>
internal static class RolloutRules
{
    private const int ReadySecondsMin = 30;

    private static readonly string ProductVersion =
        XDocument.Load(Path.Combine(KustomizeTree.RepositoryRoot, "Directory.Build.props")).Descendants("Version").Single().Value;

    public static IEnumerable<string> Grace(Rendering rendering)
    {
        foreach (var workload in rendering.OurServers)
        {
            var grace = workload.Pod.TerminationGracePeriodSeconds ?? 30;
            var before = workload.Pod.Containers.Max(c => c.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            if (grace <= before + ServerFacts.ShutdownSecondsMax)
            {
                yield return $"{workload.Name}: its grace of {grace} s is not above preStop {before} s and the host's {ServerFacts.ShutdownSecondsMax} s.";
            }

            if (grace != ServerFacts.GraceSeconds)
            {
                yield return $"{workload.Name}: its grace of {grace} s is not the {ServerFacts.GraceSeconds} s that the server names to supervisors.";
            }
        }
    }

    public static IEnumerable<string> Budgets(Rendering rendering)
    {
        foreach (var workload in rendering.OurServers)
        {
            var budgets = rendering.Of<V1PodDisruptionBudget>().Where(b => workload.IsSelectedBy(b.Spec.Selector.MatchLabels)).ToList();
            if (budgets.Count != 1) yield return $"{workload.Name}: it has {budgets.Count} disruption budgets instead of one.";
            foreach (var spec in budgets.Select(b => b.Spec))
            {
                // 0 is allowed for one replica alone: a budget that permits everything protects nothing.
                var isSound = int.TryParse(spec.MinAvailable?.Value, out var least) && least < workload.Replicas && (least > 0 || workload.Replicas == 1);
                if (!isSound) yield return $"{workload.Name}: minAvailable {spec.MinAvailable?.Value} does not fit {workload.Replicas} replicas.";
                if (spec.UnhealthyPodEvictionPolicy != "AlwaysAllow") yield return $"{workload.Name}: a pod that is not ready would hold up a drain.";
            }
        }
    }

    public static IEnumerable<string> Strategy(Rendering rendering)
    {
        foreach (var deployment in rendering.OurServers.Select(w => (V1Deployment)w.Owner))
        {
            var rolling = deployment.Spec.Strategy?.RollingUpdate;
            if (rolling?.MaxUnavailable?.Value != "0" || rolling.MaxSurge?.Value != "1")
            {
                yield return $"{deployment.Metadata.Name}: it must roll with maxUnavailable 0 and maxSurge 1.";
            }

            if ((deployment.Spec.MinReadySeconds ?? 0) < ReadySecondsMin) yield return $"{deployment.Metadata.Name}: minReadySeconds is under {ReadySecondsMin}.";
        }
    }

    /// <summary>Over nodes that take pods, and each revision by itself: else the pod that replaces one, or the surge pod of a roll, stays Pending.</summary>
    public static IEnumerable<string> Spread(Rendering rendering)
    {
        foreach (var workload in rendering.OurServers)
        {
            var spreads = workload.Pod.TopologySpreadConstraints ?? [];
            if (!spreads.Any(s => s.TopologyKey == "kubernetes.io/hostname" && s.MaxSkew == 1)) yield return $"{workload.Name}: its pods may all lie on one node.";
            foreach (var spread in spreads)
            {
                if (spread.NodeTaintsPolicy != "Honor") yield return $"{workload.Name}: its spread over {spread.TopologyKey} counts nodes that take no pods.";
                if (spread.MatchLabelKeys?.Contains("pod-template-hash") != true) yield return $"{workload.Name}: its spread over {spread.TopologyKey} counts the pods that a roll replaces.";
            }
        }
    }

    /// <summary>A limit on CPU freezes a silo, memory without a limit takes its neighbours down.</summary>
    public static IEnumerable<string> Resources(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads)
        {
            foreach (var resources in workload.Containers.Select(c => c.Resources))
            {
                if (resources?.Requests?.ContainsKey("cpu") != true) yield return $"{workload.Name}: it requests no CPU.";
                if (resources?.Limits?.ContainsKey("cpu") == true) yield return $"{workload.Name}: its CPU is limited.";
                if (resources?.Limits?.TryGetValue("memory", out var limit) != true || resources.Requests?.TryGetValue("memory", out var asked) != true || $"{limit}" != $"{asked}")
                {
                    yield return $"{workload.Name}: its memory is not limited to what it requests.";
                }
            }
        }
    }

    public static IEnumerable<string> Images(Rendering rendering)
    {
        foreach (var (workload, image) in rendering.Workloads.SelectMany(w => w.Containers.Select(c => (w.Name, c.Image))))
        {
            var parts = image.Split('/')[^1].Split(':');
            if (parts.Length != 2 || parts[1] == "latest") yield return $"{workload}: the image {image} says no version.";
            if (parts[0] == Workload.OurImage && parts[^1] != ProductVersion) yield return $"{workload}: the image {image} is not of version {ProductVersion}.";
        }
    }
}
