using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>Pod Security's level <c>restricted</c>, a read-only root, and no token of the Kubernetes API.</summary>
internal static class SecurityRules
{
    public static IEnumerable<string> Tokens(Rendering rendering)
    {
        foreach (var account in rendering.Of<V1ServiceAccount>().Where(a => a.AutomountServiceAccountToken != false))
        {
            yield return $"ServiceAccount {account.Metadata.Name}: it hands out its token.";
        }

        foreach (var workload in rendering.Workloads)
        {
            if (workload.Pod.AutomountServiceAccountToken != false) yield return $"{workload.Name}: it mounts a token.";
            if (workload.Pod.EnableServiceLinks != false) yield return $"{workload.Name}: other services' names become its environment.";
        }
    }

    public static IEnumerable<string> Pods(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads)
        {
            var pod = workload.Pod;
            if (pod.SecurityContext is not { RunAsNonRoot: true, RunAsUser: > 0 }) yield return $"{workload.Name}: it may run as root.";
            if (pod.SecurityContext?.SeccompProfile?.Type != "RuntimeDefault") yield return $"{workload.Name}: it has no seccomp profile.";
            if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true) yield return $"{workload.Name}: it shares a namespace of its node.";
            foreach (var volume in (pod.Volumes ?? []).Where(v => v is { Secret: null, EmptyDir: null, ConfigMap: null, PersistentVolumeClaim: null }))
            {
                yield return $"{workload.Name}: its volume {volume.Name} is of no kind that is needed here.";
            }

            if ((pod.Volumes ?? []).Any(v => v.EmptyDir is { SizeLimit: null })) yield return $"{workload.Name}: an emptyDir has no size limit.";
        }
    }

    public static IEnumerable<string> Containers(Rendering rendering)
    {
        foreach (var workload in rendering.Workloads)
        {
            foreach (var container in workload.Containers)
            {
                var context = container.SecurityContext;
                if (context?.AllowPrivilegeEscalation != false || context.Privileged == true) yield return $"{workload.Name}: it may gain privileges.";
                if (context?.ReadOnlyRootFilesystem != true) yield return $"{workload.Name}: it may write to its root.";
                if (context?.Capabilities?.Drop is not ["ALL"] || context.Capabilities.Add is { Count: > 0 }) yield return $"{workload.Name}: it keeps capabilities.";
                if (context is { RunAsNonRoot: false } or { RunAsUser: 0 } || context?.SeccompProfile?.Type == "Unconfined") yield return $"{workload.Name}: a container undoes what its pod says.";
                if ((container.Ports ?? []).Any(p => p.HostPort > 0)) yield return $"{workload.Name}: it takes a port of its node.";
            }
        }
    }
}
