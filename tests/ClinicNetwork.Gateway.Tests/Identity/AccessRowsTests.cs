using System.Reflection;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Gateway.Tests.Identity;

/// <summary>Every rpc of the contract has its row, and the table for people says the same.</summary>
public sealed class AccessRowsTests
{
    [Fact]
    public void Every_rpc_has_a_row_and_no_row_is_left_over() =>
        Assert.Equal(Rpcs().Order(StringComparer.Ordinal), Access.Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_for_people_is_the_same()
    {
        string[] lines =
        [
            "rpc," + string.Join(',', InOrder().Select(r => r.Key)),
            .. Access.Rows.OrderBy(row => row.Key, StringComparer.Ordinal)
                .Select(row => row.Key["/clinicnetwork.".Length..] + "," + string.Join(',', InOrder().Select(r => row.Value.HasFlag(r.Value) ? "yes" : "no"))),
        ];
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(Root(), "docs", "security", "authorisation.csv")));
    }

    private static IEnumerable<KeyValuePair<string, Roles>> InOrder() => RoleNames.All.OrderBy(r => r.Value);

    /// <summary>By the generated files, so that a new one is not forgotten.</summary>
    private static IEnumerable<string> Rpcs() =>
        from type in typeof(PatientServiceReflection).Assembly.GetTypes()
        where type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.Namespace!.StartsWith("ClinicNetwork.Protocol.", StringComparison.Ordinal)
        let file = (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!
        from service in file.Services
        from method in service.Methods
        select $"/{service.FullName}/{method.Name}";

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClinicNetwork.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
