using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

public partial class ApiReferenceTests
{
    /// <summary>Set by tests/api: the pages are written anew instead of compared.</summary>
    private const string WriteVariable = "CLINICNETWORK_WRITE_API";

    private const string Thing = """
        syntax = "proto3";
        package clinicnetwork.care.v1;
        import "google/protobuf/timestamp.proto";
        // Things, one by one; or many.
        //
        // With a < b.
        service ThingService {
          // Takes them. FAILED_PRECONDITION: FULL.
          rpc PushThings(stream PushThingsRequest) returns (stream PushThingsResponse);
        }
        // A request.
        message PushThingsRequest {
          // Chosen by
          // the caller; `a|b`.
          string request_id = 1;
          // One of two.
          oneof size {
            // Width in mg.
            double width = 2;
            // As it is.
            Thing thing = 3;
          }
          // When, if known.
          optional google.protobuf.Timestamp at = 4;
          // By name.
          map<string, Thing> parts = 5;
        }
        // An answer.
        message PushThingsResponse {}
        // A thing.
        message Thing {
          // Of its parts.
          repeated Part parts = 1;
          // A part.
          message Part {
            // Which.
            Kind kind = 1;
          }
        }
        // A kind.
        enum Kind {
          // Not given.
          KIND_UNSPECIFIED = 0;
          // Small.
          KIND_SMALL = 7;
        }
        """;

    private static IReadOnlyDictionary<string, string> Contract => ApiReference.Pages(FileDescriptorSet.Parser.ParseFrom(BuildFacts.Contract));

    private static string Root => Path.Combine(RepositoryTree.Root, ApiReference.Folder);

    [Fact]
    public void The_pages_in_docs_are_what_the_protos_say()
    {
        var pages = Contract;
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") Write(pages);

        var there = Directory.Exists(Root) ? Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')) : [];
        var stale = pages.Where(page => !File.Exists(Path.Combine(Root, page.Key)) || File.ReadAllText(Path.Combine(Root, page.Key)) != page.Value).Select(page => page.Key);
        Findings.None([.. stale.Concat(there.Except(pages.Keys)).Order(StringComparer.Ordinal).Select(page => $"{ApiReference.Folder}/{page} is not what the protos say: run tests/api")]);
    }

    [Fact]
    public void Every_link_leads_to_one_heading_or_a_file()
    {
        var pages = Contract;
        var headings = pages.ToDictionary(page => page.Key, page => Heading().Matches(page.Value).Select(h => ApiReference.Anchor(h.Groups[1].Value)).ToList());
        Findings.None(headings.SelectMany(page => page.Value.GroupBy(h => h).Where(same => same.Count() > 1).Select(same => $"{page.Key} has {same.Key} twice")));
        var links = 0;
        foreach (var (path, text) in pages)
        {
            foreach (Match link in Link().Matches(text))
            {
                links++;
                var (file, anchor) = (link.Groups[1].Value, link.Groups[2].Value);
                var target = file.Length == 0 ? path : Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(path)!, file))).Replace('\\', '/');
                Assert.True(anchor.Length > 0 ? headings[target].Contains(anchor[1..]) : pages.ContainsKey(target) || File.Exists(Path.Combine(Root, target)), $"{path}: {link.Value} leads nowhere");
            }
        }

        Assert.InRange(links, 500, int.MaxValue);
    }

    [Fact]
    public void A_page_tells_services_with_their_messages_and_the_types_that_are_left()
    {
        var pages = ApiReference.Pages(ProtoCompiler.Compile("clinicnetwork/care/v1/thing_service.proto", Thing));
        Assert.Equal(["README.md", "care/v1/thing_service.md"], pages.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("| [ThingService](care/v1/thing_service.md#thingservice) | Things, one by one; or many. |", pages["README.md"], StringComparison.Ordinal);
        Assert.Equal(
            """
            # care/v1/thing_service

            Package `clinicnetwork.care.v1`, [clinicnetwork/care/v1/thing_service.proto](../../../../protos/clinicnetwork/care/v1/thing_service.proto). [All of the contract](../../README.md).

            ## ThingService

            Things, one by one; or many.

            With a &lt; b.

            | rpc | what it does |
            |---|---|
            | [PushThings](#pushthings) | Takes them. |

            ### PushThings

            Takes them. FAILED_PRECONDITION: FULL.

            Takes a stream of [PushThingsRequest](#pushthingsrequest), answers with a stream of [PushThingsResponse](#pushthingsresponse).

            #### PushThingsRequest

            A request.

            | field | type | meaning |
            |---|---|---|
            | `request_id` | `string` | Chosen by the caller; `a\|b`. |
            | one of `width`, `thing` | | One of two. |
            | `width` | `double` | Width in mg. |
            | `thing` | [Thing](#thing) | As it is. |
            | `at` | `google.protobuf.Timestamp`, optional | When, if known. |
            | `parts` | map of `string` to [Thing](#thing) | By name. |

            #### PushThingsResponse

            An answer.

            It has no fields.

            ## Messages

            ### Thing

            A thing.

            | field | type | meaning |
            |---|---|---|
            | `parts` | list of [Thing.Part](#thingpart) | Of its parts. |

            ### Thing.Part

            A part.

            | field | type | meaning |
            |---|---|---|
            | `kind` | [Kind](#kind) | Which. |

            ## Enums

            ### Kind

            A kind.

            | value | number | meaning |
            |---|---|---|
            | `KIND_UNSPECIFIED` | 0 | Not given. |
            | `KIND_SMALL` | 7 | Small. |

            """,
            pages["care/v1/thing_service.md"]);
    }

    private static void Write(IReadOnlyDictionary<string, string> pages)
    {
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
        foreach (var (path, text) in pages)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, path))!);
            File.WriteAllText(Path.Combine(Root, path), text);
        }
    }

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)#]*)(#[^)]*)?\)")]
    private static partial Regex Link();
}
