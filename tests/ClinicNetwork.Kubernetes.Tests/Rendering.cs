using k8s;
using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>The objects of one rendered kustomization.</summary>
internal sealed class Rendering
{
    public Rendering(string yaml)
    {
        Objects = StrictYaml.Load(yaml);
        Workloads =
        [
            .. Of<V1Deployment>().Select(d => new Workload(d, d.Spec.Replicas ?? 1, d.Spec.Selector.MatchLabels, d.Spec.Template, [])),
            .. Of<V1StatefulSet>().Select(s => new Workload(
                s, s.Spec.Replicas ?? 1, s.Spec.Selector.MatchLabels, s.Spec.Template, [.. (s.Spec.VolumeClaimTemplates ?? []).Select(v => v.Metadata.Name)])),
            .. Of<V1Job>().Select(j => new Workload(j, 1, null, j.Spec.Template, [])),
        ];
    }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>Everything that has pods.</summary>
    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>Deployments of the product: what is rolled under load.</summary>
    public IEnumerable<Workload> OurServers => Workloads.Where(w => w.IsOurs && w.Owner is V1Deployment);

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    /// <summary>The variables of a container that the rendering knows the value of; one from a Secret or a field has its source as value.</summary>
    public IReadOnlyDictionary<string, string> Environment(V1Container container)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var map in (container.EnvFrom ?? []).Select(e => e.ConfigMapRef?.Name))
        {
            foreach (var pair in Of<V1ConfigMap>().Where(c => c.Metadata.Name == map).SelectMany(c => c.Data)) known[pair.Key] = pair.Value;
        }

        foreach (var variable in container.Env ?? [])
        {
            known[variable.Name] = variable.Value ?? variable.ValueFrom switch
            {
                { SecretKeyRef: { } secret } => $"secret:{secret.Name}/{secret.Key}",
                { FieldRef: { } field } => $"field:{field.FieldPath}",
                _ => "",
            };
        }

        return known;
    }
}

/// <summary>What makes pods: a Deployment, a StatefulSet or a Job.</summary>
/// <param name="Selector">Null for a Job, whose selector Kubernetes makes.</param>
/// <param name="Claims">Names of volumes that come from claim templates.</param>
internal sealed record Workload(
    IKubernetesObject<V1ObjectMeta> Owner, int Replicas, IDictionary<string, string>? Selector, V1PodTemplateSpec Template, IReadOnlyList<string> Claims)
{
    public const string OurImage = "clinicnetwork";

    public string Name => $"{Owner.Kind} {Owner.Metadata.Name}";

    public V1PodSpec Pod => Template.Spec;

    public IEnumerable<V1Container> Containers => [.. Pod.InitContainers ?? [], .. Pod.Containers];

    public bool IsOurs => Pod.Containers.Any(c => c.Image.Split(':')[0] == OurImage);

    public bool IsSelectedBy(IDictionary<string, string>? selector) =>
        selector is { Count: > 0 } && selector.All(pair => Template.Metadata.Labels?.TryGetValue(pair.Key, out var value) == true && value == pair.Value);
}
