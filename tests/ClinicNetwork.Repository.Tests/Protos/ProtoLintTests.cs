using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

public class ProtoLintTests
{
    private const string GoodPath = "clinicnetwork/care/v1/thing_service.proto";

    /// <summary>Keeps every rule and has one of everything that a rule looks at; each test spoils one place.</summary>
    private const string Good = """
        syntax = "proto3";
        package clinicnetwork.care.v1;
        import "google/protobuf/timestamp.proto";
        option csharp_namespace = "ClinicNetwork.Protocol.Care.V1";
        // Things.
        service ThingService {
          // Makes one.
          rpc CreateThing(CreateThingRequest) returns (CreateThingResponse);
          // Lists them.
          rpc ListThings(ListThingsRequest) returns (ListThingsResponse);
        }
        // A kind.
        enum PHQ9Kind {
          // Not given.
          PHQ9_KIND_UNSPECIFIED = 0;
          // Small.
          PHQ9_KIND_SMALL = 1;
        }
        // A thing.
        message Thing {
          // Its name.
          string name = 1;
          // One of two.
          oneof size {
            // Width in mg.
            double width = 2;
            // Height, 0 to 27.
            int32 height = 3;
          }
          // Not given when unknown.
          optional string note = 4;
          // Where it belongs.
          map<string, Thing> parts = 5;
          // When it was made.
          google.protobuf.Timestamp made_at = 6;
        }
        // A request.
        message CreateThingRequest {
          // Chosen by the caller.
          string request_id = 1;
          // The thing.
          Thing thing = 2;
        }
        // An answer.
        message CreateThingResponse {
          // The actor, told to readers.
          string actor = 1;
        }
        // A request.
        message ListThingsRequest {
          // 1 to 50.
          int32 page_size = 1;
          // From the answer before.
          string page_token = 2;
        }
        // A page.
        message ListThingsResponse {
          // The things.
          repeated Thing things = 1;
          // For the next page.
          string next_page_token = 2;
        }
        """;

    [Fact]
    public void The_contract_keeps_every_rule()
    {
        var contract = FileDescriptorSet.Parser.ParseFrom(BuildFacts.Contract);
        var files = Directory.GetFiles(Path.Combine(RepositoryTree.Root, "protos"), "*.proto", SearchOption.AllDirectories);

        Assert.Equal(files.Length, ProtoLint.OurFiles(contract).Count);
        Findings.None(ProtoLint.Check(contract));
    }

    [Fact]
    public void A_good_file_has_no_finding() => Assert.Empty(Lint(Good));

    [Theory]
    [InlineData("// Things.", "clinicnetwork.care.v1.ThingService")]
    [InlineData("// Makes one.", "clinicnetwork.care.v1.ThingService.CreateThing")]
    [InlineData("// A kind.", "clinicnetwork.care.v1.PHQ9Kind")]
    [InlineData("// Small.", "clinicnetwork.care.v1.PHQ9Kind.PHQ9_KIND_SMALL")]
    [InlineData("// A thing.", "clinicnetwork.care.v1.Thing")]
    [InlineData("// One of two.", "clinicnetwork.care.v1.Thing.size")]
    [InlineData("// Width in mg.", "clinicnetwork.care.v1.Thing.width")]
    [InlineData("// Not given when unknown.", "clinicnetwork.care.v1.Thing.note")]
    public void An_element_without_a_comment_is_found(string comment, string element) =>
        AssertOne(ProtoLint.CommentMissing, element, Lint(Spoil(comment, "")));

    [Fact]
    public void A_comment_behind_or_apart_is_not_a_comment_above() =>
        AssertOne(ProtoLint.CommentMissing, "clinicnetwork.care.v1.Thing.name", Lint(Spoil("// Its name.\n  string name = 1;", "// Its name.\n\n  string name = 1; // Its name.\n")));

    [Fact]
    public void A_package_that_is_not_its_folder_is_found() =>
        AssertOne(ProtoLint.PackageFolder, "clinicnetwork/sync/v1/thing.proto", ProtoLint.Check(ProtoCompiler.Compile("clinicnetwork/sync/v1/thing.proto", Good)));

    [Theory]
    [InlineData("option csharp_namespace = \"ClinicNetwork.Protocol.Care.V1\";", "")]
    [InlineData("ClinicNetwork.Protocol.Care.V1", "ClinicNetwork.Care.V1")]
    public void Another_csharp_namespace_is_found(string good, string bad) =>
        AssertOne(ProtoLint.CSharpNamespace, GoodPath, Lint(Spoil(good, bad)));

    [Fact]
    public void An_enum_without_an_unspecified_zero_is_found() =>
        AssertOne(ProtoLint.EnumZero, "clinicnetwork.care.v1.PHQ9Kind", Lint(Spoil("PHQ9_KIND_UNSPECIFIED", "PHQ9_KIND_NONE")));

    [Fact]
    public void An_enum_value_without_its_enums_name_is_found() =>
        AssertOne(ProtoLint.EnumPrefix, "clinicnetwork.care.v1.PHQ9Kind.SMALL", Lint(Spoil("PHQ9_KIND_SMALL", "SMALL")));

    [Fact]
    public void A_service_without_the_suffix_is_found() =>
        AssertOne(ProtoLint.ServiceSuffix, "clinicnetwork.care.v1.Things", Lint(Spoil("service ThingService", "service Things")));

    [Theory]
    [InlineData("CreateThingRequest")]
    [InlineData("CreateThingResponse")]
    public void A_message_that_is_not_named_after_its_rpc_is_found(string message) =>
        AssertOne(ProtoLint.RpcMessages, "clinicnetwork.care.v1.ThingService.CreateThing", Lint(Good.Replace(message, "Other", StringComparison.Ordinal)));

    [Fact]
    public void A_message_that_two_rpcs_share_is_found()
    {
        const string extra = "  // Makes one more.\n  rpc RepeatThing(RepeatThingRequest) returns (CreateThingResponse);\n  // Lists them.";
        const string request = "// A request.\nmessage RepeatThingRequest {\n  // Chosen by the caller.\n  string request_id = 1;\n}\n// A kind.";
        var findings = Lint(Spoil("  // Lists them.", extra).Replace("// A kind.", request, StringComparison.Ordinal));

        Assert.Equal([ProtoLint.RpcMessages, ProtoLint.RpcMessagesShared], findings.Select(finding => finding.Rule));
        Assert.Equal("clinicnetwork.care.v1.CreateThingResponse", findings[1].Element);
    }

    [Theory]
    [InlineData("string name", "string displayName")]
    [InlineData("string name", "string Name")]
    [InlineData("string name", "string display__name")]
    public void A_field_that_is_not_lower_snake_case_is_found(string good, string bad) =>
        AssertOne(ProtoLint.FieldCase, "clinicnetwork.care.v1.Thing." + bad.Split(' ')[1], Lint(Spoil(good, bad)));

    [Theory]
    [InlineData("string request_id = 1;", "string id = 1;")]
    [InlineData("string request_id = 1;", "string request_id = 3;")]
    [InlineData("string request_id = 1;", "bytes request_id = 1;")]
    [InlineData("string request_id = 1;", "repeated string request_id = 1;")]
    public void A_mutation_without_a_request_id_is_found(string good, string bad) =>
        AssertOne(ProtoLint.RequestId, "clinicnetwork.care.v1.ThingService.CreateThing", Lint(Spoil(good, bad)));

    [Theory]
    [InlineData("int32 page_size", "int64 page_size")]
    [InlineData("string page_token", "string token")]
    [InlineData("string next_page_token", "string next")]
    public void A_list_without_pages_is_found(string good, string bad) =>
        AssertOne(ProtoLint.ListPaging, "clinicnetwork.care.v1.ThingService.ListThings", Lint(Spoil(good, bad)));

    [Theory]
    [InlineData("// From the answer before.\n  string page_token = 2;", "// From the answer before.\n  string page_token = 2;\n  // Who.\n  string actor = 3;", "ListThingsRequest.actor")]
    [InlineData("// Its name.\n  string name = 1;", "// Its name.\n  string user_name = 1;", "Thing.user_name")]
    [InlineData("// Its name.\n  string name = 1;", "// Its name.\n  string caller = 1;", "Thing.caller")]
    [InlineData("// Its name.\n  string name = 1;", "// Its name.\n  string principal_id = 1;", "Thing.principal_id")]
    public void A_field_for_who_acts_anywhere_in_a_request_is_found(string good, string bad, string element) =>
        AssertOne(ProtoLint.ActorField, "clinicnetwork.care.v1." + element, Lint(Spoil(good, bad)));

    [Theory]
    [InlineData("// Width in mg.", "width")]
    [InlineData("// Height, 0 to 27.", "height")]
    public void A_number_without_range_or_unit_is_found(string comment, string field) =>
        AssertOne(ProtoLint.NumberMeaning, "clinicnetwork.care.v1.Thing." + field, Lint(Spoil(comment, "// How much.")));

    private static IReadOnlyList<ProtoFinding> Lint(string source) => ProtoLint.Check(ProtoCompiler.Compile(GoodPath, source));

    private static string Spoil(string good, string bad)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        return Good.Replace(good, bad, StringComparison.Ordinal);
    }

    private static void AssertOne(string rule, string element, IReadOnlyList<ProtoFinding> findings)
    {
        var finding = Assert.Single(findings);
        Assert.Equal((rule, element), (finding.Rule, finding.Element));
    }
}
