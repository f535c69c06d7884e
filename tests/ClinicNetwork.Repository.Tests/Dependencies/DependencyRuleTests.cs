using System.Xml.Linq;

namespace ClinicNetwork.Repository.Tests.Dependencies;

public class DependencyRuleTests
{
    private static readonly AssemblyFacts Clean = new("ClinicNetwork.Domain", ["System.Runtime"], [], [], []);

    [Fact]
    public void Every_assembly_of_src_keeps_the_dependency_rule()
    {
        Assert.Equal(RepositoryTree.ProjectsUnder("src").Count, BuildFacts.SourceAssemblies.Count);
        Findings.None(BuildFacts.SourceAssemblies.SelectMany(path => File.Exists(path)
            ? DependencyRule.Violations(DependencyRule.Table, AssemblyReader.Read(path))
            : [$"{Path.GetFileName(path)} is not built."]));
    }

    [Fact]
    public void Every_project_of_src_declares_only_references_that_the_rule_permits() =>
        Findings.None(RepositoryTree.ProjectsUnder("src").SelectMany(path =>
            DependencyRule.DeclarationViolations(DependencyRule.Table, Path.GetFileNameWithoutExtension(path), DeclaredReferences(XDocument.Load(path)))));

    [Theory]
    [InlineData("Domain", "ClinicNetwork.Anonymisation")]
    [InlineData("Anonymisation", "ClinicNetwork.Domain")]
    [InlineData("Simulation", "ClinicNetwork.Client")]
    [InlineData("Verification", "ClinicNetwork.Anonymisation")]
    [InlineData("Journal", "ClinicNetwork.Grains")]
    [InlineData("Grains", "ClinicNetwork.Gateway")]
    [InlineData("Gateway", "ClinicNetwork.Server")]
    [InlineData("Server", "ClinicNetwork.Cli")]
    [InlineData("Client", "ClinicNetwork.Domain")]
    [InlineData("Cli", "ClinicNetwork.Server")]
    public void A_reference_against_the_arrows_is_refused(string project, string reference)
    {
        var name = "ClinicNetwork." + project;
        var planted = Clean with { Name = name, References = [reference, "System.Runtime"] };

        Assert.Equal([$"{name} references {reference}."], DependencyRule.Violations(DependencyRule.Table, planted));
        Assert.Equal([$"{name} declares a reference to {reference}."], DependencyRule.DeclarationViolations(DependencyRule.Table, name, [reference]));
    }

    [Theory]
    [InlineData("Domain", "Orleans.Core.Abstractions")]
    [InlineData("Domain", "System.Text.Json")]
    [InlineData("Domain", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Domain", "Grpc.Core.Api")]
    [InlineData("Domain", "Microsoft.Data.Sqlite")]
    [InlineData("Anonymisation", "Orleans.Serialization.Abstractions")]
    [InlineData("Anonymisation", "System.Data.Common")]
    [InlineData("Simulation", "Google.Protobuf")]
    [InlineData("Verification", "Google.Protobuf")]
    [InlineData("Journal", "Grpc.Core.Api")]
    [InlineData("Grains", "Google.Protobuf")]
    [InlineData("Client", "Orleans.Core")]
    [InlineData("Cli", "Microsoft.Data.Sqlite")]
    public void A_framework_beyond_a_projects_reach_is_refused(string project, string framework)
    {
        var planted = Clean with { Name = "ClinicNetwork." + project, References = [framework] };

        Assert.Contains(framework, Assert.Single(DependencyRule.Violations(DependencyRule.Table, planted)), StringComparison.Ordinal);
    }

    [Fact]
    public void Domain_may_name_the_four_describing_attributes_of_Orleans_and_nothing_else_of_it()
    {
        var describing = Clean with
        {
            References = ["Orleans.Serialization.Abstractions"],
            UsedTypes = ["Orleans.AliasAttribute", "Orleans.GenerateSerializerAttribute", "Orleans.IdAttribute", "Orleans.ImmutableAttribute"],
        };
        var running = describing with { UsedTypes = [.. describing.UsedTypes, "Orleans.Serialization.Serializer`1"] };

        Assert.Empty(DependencyRule.Violations(DependencyRule.Table, describing));
        Assert.Equal(
            ["ClinicNetwork.Domain uses the Orleans type Orleans.Serialization.Serializer`1."],
            DependencyRule.Violations(DependencyRule.Table, running));
    }

    [Theory]
    [InlineData("System.DateTimeOffset.get_UtcNow")]
    [InlineData("System.Random..ctor")]
    [InlineData("System.Guid.NewGuid")]
    public void A_clock_or_chance_in_a_pure_project_is_refused(string member)
    {
        Assert.Single(DependencyRule.Violations(DependencyRule.Table, Clean with { UsedMembers = [member] }));
        Assert.Empty(DependencyRule.Violations(DependencyRule.Table, Clean with { Name = "ClinicNetwork.Gateway", UsedMembers = [member] }));
    }

    [Fact]
    public void Generated_proto_types_outside_Gateway_and_Client_are_refused()
    {
        const string type = "ClinicNetwork.Protocol.Care.V1.Plan";
        var defines = Clean with { Name = "ClinicNetwork.Grains", DefinedTypes = [type] };
        var uses = Clean with { Name = "ClinicNetwork.Server", UsedTypes = [type] };

        Assert.Equal(["ClinicNetwork.Grains defines generated proto types."], DependencyRule.Violations(DependencyRule.Table, defines));
        Assert.Equal([$"ClinicNetwork.Server uses the proto type {type}."], DependencyRule.Violations(DependencyRule.Table, uses));
        Assert.Empty(DependencyRule.Violations(DependencyRule.Table, defines with { Name = "ClinicNetwork.Client" }));
        Assert.Empty(DependencyRule.Violations(DependencyRule.Table, defines with { Name = "ClinicNetwork.Gateway" }));
    }

    [Fact]
    public void A_project_without_a_row_is_refused() =>
        Assert.Contains("no row", Assert.Single(DependencyRule.Violations(DependencyRule.Table, Clean with { Name = "ClinicNetwork.Billing" })), StringComparison.Ordinal);

    [Fact]
    public void A_reference_for_build_order_alone_is_not_a_dependency()
    {
        var project = XDocument.Parse("""
            <Project>
              <ItemGroup>
                <ProjectReference Include="../ClinicNetwork.Server/ClinicNetwork.Server.csproj" ReferenceOutputAssembly="false" />
                <ProjectReference Include="..\ClinicNetwork.Client\ClinicNetwork.Client.csproj" />
              </ItemGroup>
            </Project>
            """);

        Assert.Equal(["ClinicNetwork.Client"], DeclaredReferences(project));
    }

    [Fact]
    public void The_reader_sees_attributes_signatures_and_bodies_of_a_real_assembly()
    {
        var facts = AssemblyReader.Read(typeof(PlantedUses).Assembly.Location);

        Assert.Equal("ClinicNetwork.Repository.Tests", facts.Name);
        Assert.Contains("Google.Protobuf", facts.References);
        Assert.Contains(typeof(PlantedUses).FullName, facts.DefinedTypes);
        Assert.Contains("System.ObsoleteAttribute", facts.UsedTypes);
        Assert.Contains("System.Globalization.UmAlQuraCalendar", facts.UsedTypes);
        Assert.Contains("System.Threading.Barrier", facts.UsedTypes);
        Assert.Contains("System.DateTimeOffset.get_UtcNow", facts.UsedMembers);
        Assert.Contains("System.Random..ctor", facts.UsedMembers);
    }

    private static IReadOnlyList<string> DeclaredReferences(XDocument project) =>
        [.. project.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))];

    /// <summary>Uses, each in another place of the metadata, that the reader must see.</summary>
    private static class PlantedUses
    {
        [Obsolete("Seen in an attribute.")]
        public static System.Globalization.UmAlQuraCalendar? InASignature(List<Barrier[]> barriers) => barriers.Count == 0 ? null : new();

        public static int InABody() => new Random((int)DateTimeOffset.UtcNow.Ticks).Next();
    }
}
