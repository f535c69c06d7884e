namespace ClinicNetwork.Kubernetes.Tests;

public class StrictYamlTests
{
    private const string Head = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n";
    private const string Container = Head + "  template:\n    spec:\n      containers:\n        - name: a\n";

    [Theory]
    [InlineData(Head + "  replica: 3\n", "'replica' not found")]
    [InlineData(Container + "          imagePullPolice: Always\n", "'imagePullPolice' not found")]
    [InlineData(Head + "  replicas: 3\n  replicas: 2\n", "duplicate key replicas")]
    [InlineData(Head + "  replicas: three\n", "'three' was not in a correct format")]
    [InlineData(Head + "  replicas: \"3\"\n", "Deployment.spec.replicas: \"3\" is a string")]
    [InlineData(Head + "  paused: 'true'\n", "Deployment.spec.paused: \"true\" is a string")]
    [InlineData(Head + "  selector: [a]\n", "V1LabelSelector")]
    [InlineData(Container + "          env: [{name: A, value: 8081}]\n", "env[0].value: 8081 is not a string")]
    [InlineData(Container + "          args: [true]\n", "args[0]: true is not a string")]
    [InlineData(Container + "          args: [on]\n", "args[0]: on is not a string")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: 5\n", "ConfigMap.data.a: 5 is not a string")]
    [InlineData("apiVersion: apps/v1\nkind: Deploiment\nmetadata:\n  name: a\n", "no such kind")]
    [InlineData("apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: a\n", "no such kind")]
    public void What_the_API_server_would_refuse_is_found(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => StrictYaml.Load(yaml)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Head + "  replicas: 3\n  paused: true\n")]
    [InlineData(Container + "          env: [{name: A, value: \"8081\"}, {name: B, value: some words}]\n")]
    [InlineData(Container + "          resources: {requests: {cpu: 1, memory: 1Gi}}\n          ports: [{containerPort: 1}]\n")]
    public void What_it_would_take_is_read(string yaml) => Assert.Single(StrictYaml.Load(yaml));
}
