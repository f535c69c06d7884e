using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

public class ContractCompatibilityTests
{
    private static FileDescriptorSet Present => Read(Path.Combine(AppContext.BaseDirectory, "contract.binpb"));

    /// <summary>The contracts of all releases; written by <c>tests/golden/make</c>.</summary>
    public static TheoryData<string> Releases =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryTree.Root, "tests", "golden"), "contract.binpb", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryTree.Root, file))];

    [Theory]
    [MemberData(nameof(Releases))]
    public void The_contract_still_holds_everything_that_a_release_promised(string released) =>
        Assert.Empty(ContractCompatibility.Breaks(Read(Path.Combine(RepositoryTree.Root, released)), Present));

    [Fact]
    public void An_addition_is_no_break()
    {
        var next = Present.Clone();
        Message(next, "GetPlanRequest").Field.Add(new FieldDescriptorProto { Name = "more", Number = 99, Type = FieldDescriptorProto.Types.Type.String });
        Assert.Empty(ContractCompatibility.Breaks(Present, next));
    }

    [Fact]
    public void A_lost_field_is_named() => AssertBreak(next => Message(next, "GetPlanRequest").Field.RemoveAt(0), "field clinicnetwork.care.v1.GetPlanRequest = 1: is gone");

    [Fact]
    public void A_renumbered_field_is_named() => AssertBreak(next => Message(next, "GetPlanRequest").Field[0].Number = 77, "field clinicnetwork.care.v1.GetPlanRequest = 1: is gone");

    [Fact]
    public void A_changed_type_is_named() => AssertBreak(
        next => Message(next, "GetPlanRequest").Field[0].Type = FieldDescriptorProto.Types.Type.Int64,
        "field clinicnetwork.care.v1.GetPlanRequest = 1: was name String");

    [Fact]
    public void A_lost_rpc_is_named() => AssertBreak(
        next => next.File.Single(f => f.Name.EndsWith("plan_feed_service.proto", StringComparison.Ordinal)).Service[0].Method.RemoveAt(0),
        "rpc clinicnetwork.sync.v1.PlanFeedService.WatchPlans: is gone");

    [Fact]
    public void A_renamed_enum_value_is_named() => AssertBreak(
        next => next.File.SelectMany(f => f.EnumType).Single(e => e.Name == "Drug").Value[1].Name = "DRUG_OTHER",
        "enum clinicnetwork.care.v1.Drug = 1: was DRUG_KETAMINE_RACEMIC");

    private static void AssertBreak(Action<FileDescriptorSet> change, string expected)
    {
        var next = Present.Clone();
        change(next);
        Assert.Contains(ContractCompatibility.Breaks(Present, next), line => line.StartsWith(expected, StringComparison.Ordinal));
    }

    private static DescriptorProto Message(FileDescriptorSet set, string name) => set.File.SelectMany(f => f.MessageType).Single(m => m.Name == name);

    private static FileDescriptorSet Read(string path) => FileDescriptorSet.Parser.ParseFrom(ByteString.CopyFrom(File.ReadAllBytes(path)));
}
