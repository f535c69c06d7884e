using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests.Rules;

/// <summary>That the kubelet asks the health listener, where it listens and what it answers.</summary>
internal static class ProbeRules
{
    /// <summary>Startup is given five minutes; a pod that is not ready gets no calls after ten seconds.</summary>
    private const int StartupPeriodSeconds = 5;
    private const int StartupFailures = 60;
    private const int ReadyPeriodSeconds = 5;
    private const int ReadyFailures = 2;

    /// <summary>A restart is the last resort: a pause of the process below this is no reason for one.</summary>
    private const int LiveSecondsMin = 30;

    public static IEnumerable<string> Probes(Rendering rendering)
    {
        foreach (var workload in rendering.OurServers)
        {
            foreach (var container in workload.Pod.Containers)
            {
                var healthPort = rendering.Environment(container).GetValueOrDefault(SettingsRules.Variable("HealthPort"));
                var probes = new (string Name, V1Probe? Probe, string Path)[]
                {
                    ("startup", container.StartupProbe, ServerFacts.StartedPath),
                    ("readiness", container.ReadinessProbe, ServerFacts.ReadyPath),
                    ("liveness", container.LivenessProbe, ServerFacts.LivePath),
                };
                foreach (var (name, probe, path) in probes)
                {
                    if (probe?.HttpGet is not { } get)
                    {
                        yield return $"{workload.Name}: it has no {name} probe over HTTP.";
                        continue;
                    }

                    if (get.Path != path) yield return $"{workload.Name}: its {name} probe asks {get.Path} instead of {path}.";
                    var port = container.Ports?.SingleOrDefault(p => p.Name == get.Port.Value)?.ContainerPort.ToString() ?? get.Port.Value;
                    if (port != healthPort) yield return $"{workload.Name}: its {name} probe asks port {port} instead of the health port {healthPort}.";
                }

                foreach (var (name, probe, period, failures) in new[]
                {
                    ("startup", container.StartupProbe, StartupPeriodSeconds, StartupFailures),
                    ("readiness", container.ReadinessProbe, ReadyPeriodSeconds, ReadyFailures),
                })
                {
                    if (probe is not null && (probe.PeriodSeconds != period || probe.FailureThreshold != failures))
                    {
                        yield return $"{workload.Name}: its {name} probe is {probe.PeriodSeconds} s x {probe.FailureThreshold} instead of {period} s x {failures}.";
                    }
                }

                var patience = (container.LivenessProbe?.PeriodSeconds ?? 10) * (container.LivenessProbe?.FailureThreshold ?? 3);
                if (patience < LiveSecondsMin) yield return $"{workload.Name}: its liveness probe kills after {patience} s, under {LiveSecondsMin} s.";
            }
        }
    }
}
