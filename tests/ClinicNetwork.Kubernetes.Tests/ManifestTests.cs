using ClinicNetwork.Kubernetes.Tests.Rules;
using k8s.Models;

namespace ClinicNetwork.Kubernetes.Tests;

public class ManifestTests
{
    /// <summary>Every kustomization of the tree, so that a new overlay is judged without being named here.</summary>
    public static TheoryData<string> Kustomizations => [.. KustomizeTree.Kustomizations];

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public async Task Every_kustomization_renders_reads_strictly_and_keeps_every_rule(string folder)
    {
        var rendering = new Rendering(await Kubectl.RenderAsync(Path.Combine(KustomizeTree.Folder, folder)));
        var breaches = Rule.All.SelectMany(rule => rule.Breaches(rendering).Select(b => $"  {rule.Name}: {b}")).ToList();

        Assert.NotEmpty(rendering.OurServers);
        Assert.True(breaches.Count == 0, $"{folder}:\n{string.Join('\n', breaches)}");
    }

    [Fact]
    public async Task The_base_keeps_two_of_three_silos_up()
    {
        var rendering = new Rendering(await Kubectl.RenderAsync(Path.Combine(KustomizeTree.Folder, "base")));

        Assert.Equal(3, rendering.Of<V1Deployment>().Single(d => d.Metadata.Name == "clinicnetwork-silo").Spec.Replicas);
        Assert.Equal("2", rendering.Of<V1PodDisruptionBudget>().Single(b => b.Metadata.Name == "clinicnetwork-silo").Spec.MinAvailable.Value);
    }

    [Fact]
    public void Every_file_of_objects_reads_strictly_before_kustomize_has_smoothed_it()
    {
        Assert.NotEmpty(KustomizeTree.ObjectFiles);
        Assert.All(KustomizeTree.ObjectFiles, file => Assert.NotEmpty(StrictYaml.Load(File.ReadAllText(Path.Combine(KustomizeTree.Folder, file)))));
    }

    [Fact]
    public void Every_file_of_objects_is_used_by_the_kustomization_of_its_folder() =>
        Assert.Empty(KustomizeTree.Unused(KustomizeTree.ObjectFiles, KustomizeTree.KustomizationOf));

    [Fact]
    public void A_file_that_no_kustomization_names_is_found() => Assert.Equal(
        ["base/forgotten.yaml is named by no kustomization of its folder.", "elsewhere/a.yaml is named by no kustomization of its folder."],
        KustomizeTree.Unused(["base/a.yaml", "base/forgotten.yaml", "elsewhere/a.yaml"], folder => folder == "base" ? "resources: [a.yaml]" : null));

    [Fact]
    public async Task Without_kubectl_one_line_says_what_to_install()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Kubectl.RenderAsync("base", "no-such-kubectl"));

        Assert.Equal(Kubectl.Missing, exception.Message);
    }

    [Fact]
    public async Task A_folder_that_does_not_render_says_what_kubectl_said()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Kubectl.RenderAsync(Path.Combine(KustomizeTree.Folder, "no-such-folder")));

        Assert.Contains("no-such-folder", exception.Message, StringComparison.Ordinal);
    }
}
