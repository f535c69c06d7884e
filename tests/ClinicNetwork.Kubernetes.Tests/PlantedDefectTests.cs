using System.Text.RegularExpressions;
using ClinicNetwork.Kubernetes.Tests.Rules;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>Each rule against the base's own rendering with one thing spoilt.</summary>
public class PlantedDefectTests
{
    private static readonly Lazy<Task<string>> Base = new(() => Kubectl.RenderAsync(Path.Combine(KustomizeTree.Folder, "base")));

    /// <summary>Rule, what is replaced in the rendering (a pattern; its first match), by what, and part of the sentence that must come of it.</summary>
    public static TheoryData<string, string, string, string> Defects => new()
    {
        { "Selectors", "matchLabels:\n +app.kubernetes.io/component: silo", "matchLabels:\n      app.kubernetes.io/component: silos", "does not match its own pods" },
        { "Selectors", "(kind: Deployment(?s:.*?)matchLabels:\n)      app.kubernetes.io/component: gateway\n", "$1", "matches pods of" },
        { "Selectors", "(kind: Service\n(?s:.*?)selector:\n) +app.kubernetes.io/component: gateway", "$1    app.kubernetes.io/component: gatway", "pods of 0 workloads" },
        { "Selectors", "(kind: PodDisruptionBudget(?s:.*?)matchLabels:\n) +app.kubernetes.io/component: \\w+\n", "$1", "pods of 3 workloads" },
        { "Selectors", "(topologySpreadConstraints:\n(?s:.*?)component: )gateway", "$1silo", "counts other pods" },
        { "ServicePorts", "targetPort: grpc", "targetPort: http", "has the port http" },
        { "ServicePorts", "targetPort: grpc", "targetPort: 5071", "has the port 5071" },
        { "Volumes", "name: tmp\n( +)readOnly|mountPath: /tmp\n +name: tmp", "mountPath: /tmp\n          name: temp", "mounts temp" },
        { "Volumes", "(volumes:\n)", "$1      - name: idle\n        emptyDir: {sizeLimit: 1Mi}\n", "idle is mounted nowhere" },
        { "References", "configMapRef:\n( +)name: .*", "configMapRef:\n$1name: elsewhere", "no ConfigMap elsewhere" },
        { "References", "serviceAccountName: .*", "serviceAccountName: default", "no ServiceAccount default" },
        { "References", "key: connection", "key: conection", "clinicnetwork-postgres with conection" },
        { "References", "secretName: clinicnetwork-keys", "secretName: keys", "the Secret keys with release.key" },
        { "References", "secretName: clinicnetwork-keys", "secretName: keys", "the Secret keys with authority.pem" },
        { "Names", "name: ClinicNetwork__Advertise", "name: ClinicNetwork__Advertised", "no setting ClinicNetwork__Advertised" },
        { "Names", "ClinicNetwork__SiloPort:", "CLINICNETWORK__SiloPort:", "no setting CLINICNETWORK__SiloPort" },
        { "Ports", "ClinicNetwork__HealthPort: .*", "ClinicNetwork__HealthPort: \"8082\"", "HealthPort is 8082, the container's port health 5080" },
        { "Ports", "  ClinicNetwork__OrleansPort: .*\n", "", "OrleansPort is not set" },
        { "Ports", "containerPort: 11111", "containerPort: 11112", "port silo 11112" },
        { "Ports", "containerPort: 5070", "containerPort: 5071", "the port grpc is 5071, the server's is 5070" },
        { "Ports", "value: silo", "value: all", "role all has no place" },
        { "Ports", "value: 0.0.0.0", "value: 127.0.0.1", "Listen is loopback" },
        { "Ports", "name: ClinicNetwork__Advertise", "name: ClinicNetwork__Listen", "Advertise is loopback" },
        { "Production", "  ClinicNetwork__Production: .*\n", "", "ClinicNetwork__Production is not true" },
        { "Production", "ClinicNetwork__Production: .*", "ClinicNetwork__Production: \"false\"", "ClinicNetwork__Production is not true" },
        { "Certificates", "ClinicNetwork__Names: .*", "ClinicNetwork__Names: gateway", "is not good at clinicnetwork-gateway" },
        { "Secrets", "valueFrom:\n +secretKeyRef:\n +key: .*\n +name: .*", "value: Host=db", "comes from no Secret" },
        { "Secrets", "mountPath: /keys\n +name: keys\n +readOnly: true", "mountPath: /keys\n          name: keys", "read-only, at its keys folder /keys" },
        { "Secrets", "ClinicNetwork__Keys: .*", "ClinicNetwork__Keys: /data", "at its keys folder /data" },
        { "Owners", "(key: connection\n +name: clinicnetwork-)migrate", "$1postgres", "connection of the schema's owner" },
        { "Owners", "(key: connection\n +name: clinicnetwork-)postgres", "$1migrate", "connection of the schema's owner" },
        { "Migration", "- migrate\n", "- migrate\n        - --restored\n", "runs `migrate --restored`" },
        { "Migration", "args:\n", "command:\n", "runs `migrate`" },
        { "Probes", "path: /healthz/ready", "path: /healthz/live", "readiness probe asks /healthz/live" },
        { "Probes", "path: /healthz/live", "path: /healthz/ready", "liveness probe asks /healthz/ready" },
        { "Probes", "path: /healthz/started\n( +)port: health", "path: /healthz/started\n$1port: grpc", "port 5070 instead of the health port 5080" },
        { "Probes", "failureThreshold: 60", "failureThreshold: 6", "5 s x 6 instead of 5 s x 60" },
        { "Probes", "failureThreshold: 2", "failureThreshold: 3", "5 s x 3 instead of 5 s x 2" },
        { "Probes", "livenessProbe:\n +failureThreshold: 6\n +httpGet:\n +path: .*\n +port: health", "livenessProbe:\n          tcpSocket: {port: health}", "no liveness probe over HTTP" },
        { "Probes", "periodSeconds: 10", "periodSeconds: 1", "kills after 6 s" },
        { "Grace", "terminationGracePeriodSeconds: 150", "terminationGracePeriodSeconds: 120", "grace of 120 s" },
        { "Grace", "terminationGracePeriodSeconds: 150", "terminationGracePeriodSeconds: 149", "grace of 149 s is not the 150 s" },
        { "Grace", "seconds: 5\n", "seconds: 30\n", "preStop 30 s" },
        { "Budgets", "minAvailable: 2", "minAvailable: 3", "minAvailable 3 does not fit 3 replicas" },
        { "Budgets", "minAvailable: 2", "minAvailable: 0", "minAvailable 0 does not fit" },
        { "Budgets", "AlwaysAllow", "IfHealthyBudget", "hold up a drain" },
        { "Budgets", "(minAvailable: 2\n +selector:\n +matchLabels:\n +app.kubernetes.io/component: )silo", "${1}none", "0 disruption budgets" },
        { "Strategy", "maxUnavailable: 0", "maxUnavailable: 1", "must roll with" },
        { "Strategy", "minReadySeconds: 30", "minReadySeconds: 10", "minReadySeconds is under 30" },
        { "Spread", "topologyKey: kubernetes.io/hostname", "topologyKey: rack", "all lie on one node" },
        { "Spread", "nodeTaintsPolicy: Honor", "nodeTaintsPolicy: Ignore", "counts nodes that take no pods" },
        { "Spread", " +nodeTaintsPolicy: Honor\n", "", "counts nodes that take no pods" },
        { "Spread", "- pod-template-hash", "- app.kubernetes.io/name", "counts the pods that a roll replaces" },
        { "Resources", "limits:\n", "limits:\n            cpu: \"2\"\n", "CPU is limited" },
        { "Resources", "requests:\n +cpu: .*\n", "requests:\n", "requests no CPU" },
        { "Resources", "limits:\n +memory: .*", "limits:\n            memory: 9Gi", "not limited to what it requests" },
        { "Images", "image: clinicnetwork:.*", "image: clinicnetwork:9.9.9", "is not of version" },
        { "Images", "image: clinicnetwork:.*", "image: clinicnetwork", "says no version" },
        { "Images", "image: clinicnetwork:.*", "image: other:latest", "says no version" },
        { "Tokens", "automountServiceAccountToken: false\nkind: ServiceAccount", "kind: ServiceAccount", "hands out its token" },
        { "Tokens", " +automountServiceAccountToken: false\n", "", "mounts a token" },
        { "Tokens", "enableServiceLinks: false", "enableServiceLinks: true", "become its environment" },
        { "Pods", "runAsNonRoot: true", "runAsNonRoot: false", "may run as root" },
        { "Pods", "runAsUser: 1654", "runAsUser: 0", "may run as root" },
        { "Pods", "type: RuntimeDefault", "type: Unconfined", "no seccomp profile" },
        { "Pods", "enableServiceLinks: false", "hostNetwork: true", "namespace of its node" },
        { "Pods", "emptyDir:\n +sizeLimit: .*", "hostPath: {path: /var}", "no kind that is needed" },
        { "Pods", "emptyDir:\n +sizeLimit: .*", "emptyDir: {}", "no size limit" },
        { "Containers", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "may gain privileges" },
        { "Containers", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "may write to its root" },
        { "Containers", "- ALL", "- NET_RAW", "keeps capabilities" },
        { "Containers", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: true\n          runAsUser: 0", "undoes what its pod says" },
        { "Containers", "- containerPort: 5080", "- containerPort: 5080\n          hostPort: 5080", "takes a port of its node" },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task A_planted_defect_is_found_by_its_rule(string rule, string pattern, string replacement, string expected)
    {
        var rendered = await Base.Value;
        var spoilt = new Regex(pattern).Replace(rendered, replacement, count: 1);
        Assert.NotEqual(rendered, spoilt);

        Assert.Contains(Rule.All.Single(r => r.Name == rule).Breaches(new Rendering(spoilt)), b => b.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_has_a_planted_defect() =>
        Assert.Equal(Rule.All.Select(r => r.Name).Order(), Defects.Select(row => (string)row[0]).Distinct().Order());
}
