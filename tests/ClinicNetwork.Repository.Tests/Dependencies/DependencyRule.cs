namespace ClinicNetwork.Repository.Tests.Dependencies;

/// <summary>What a project may use beside projects of ours.</summary>
internal enum Reach
{
    /// <summary>The base library without I/O, JSON, clock and randomness.</summary>
    Pure,

    /// <summary>The base library with any of its parts, and no package.</summary>
    BaseLibrary,

    /// <summary>Storage and Orleans, no gRPC: outsiders come in by the gateway alone.</summary>
    Inside,

    /// <summary>gRPC client and terminal, nothing that a server is made of.</summary>
    Outside,

    /// <summary>Anything.</summary>
    Any,
}

/// <summary>What one project of src may depend on.</summary>
internal sealed record ProjectRule(string Project, Reach Reach, params string[] MayReference);

/// <summary>The dependency rule of the solution (docs/decisions/0001): one row a project, and what breaks it.</summary>
internal static class DependencyRule
{
    private const string Ours = "ClinicNetwork.";
    private const string ProtocolNamespace = "ClinicNetwork.Protocol.";

    /// <summary>One row a project; a project without a row is a violation, so that a new one is placed on purpose.</summary>
    public static readonly IReadOnlyList<ProjectRule> Table =
    [
        new("Domain", Reach.Pure),
        new("Anonymisation", Reach.Pure),
        new("Simulation", Reach.Pure),
        new("Verification", Reach.BaseLibrary),
        new("Journal", Reach.Inside, "Domain"),
        new("Grains", Reach.Inside, "Domain", "Anonymisation", "Journal"),
        new("Gateway", Reach.Any, "Domain", "Journal", "Grains"),
        new("Server", Reach.Any, "Domain", "Anonymisation", "Journal", "Grains", "Gateway", "Verification", "Simulation"),
        new("Client", Reach.Outside),
        new("Site", Reach.Any, "Client", "Domain", "Journal"),
        new("Cli", Reach.Outside, "Client", "Site", "Domain", "Simulation", "Anonymisation", "Verification"),
    ];

    /// <summary>The only Orleans types that hand-written Domain code may name: they describe, they run nothing.</summary>
    private static readonly string[] DescribingAttributes =
        ["Orleans.GenerateSerializerAttribute", "Orleans.AliasAttribute", "Orleans.IdAttribute", "Orleans.ImmutableAttribute"];

    /// <summary>What Domain's generated serializers link to.</summary>
    private static readonly string[] SerializerAssemblies = ["Orleans.Serialization", "Orleans.Serialization.Abstractions"];

    private static readonly string[] ImpureParts =
    [
        "System.Text.Json", "System.Data", "System.Net", "System.Xml", "System.Private.Xml", "System.Console", "System.Diagnostics.Process",
        "System.IO.FileSystem", "System.IO.Pipes", "System.IO.IsolatedStorage", "System.Reflection.Emit", "System.Security.Cryptography.X509",
    ];

    private static readonly string[] ServerParts = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc.AspNetCore", "Microsoft.Data.Sqlite", "Npgsql"];
    private static readonly string[] GrpcParts = ["Grpc", "Google"];

    private static readonly string[] ClocksAndChance =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.TimeProvider.get_System", "System.Environment.get_TickCount",
        "System.Environment.get_TickCount64", "System.Diagnostics.Stopwatch.StartNew", "System.Diagnostics.Stopwatch.GetTimestamp",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Random..ctor", "System.Random.get_Shared",
        "System.Security.Cryptography.RandomNumberGenerator.Create", "System.Security.Cryptography.RandomNumberGenerator.Fill",
        "System.Security.Cryptography.RandomNumberGenerator.GetBytes", "System.Security.Cryptography.RandomNumberGenerator.GetInt32",
    ];

    /// <summary>Each way in which the assembly breaks the rule, as a sentence; none when it keeps it.</summary>
    public static IReadOnlyList<string> Violations(IReadOnlyList<ProjectRule> table, AssemblyFacts assembly)
    {
        var rule = table.SingleOrDefault(r => Ours + r.Project == assembly.Name);
        if (rule is null) return [$"{assembly.Name} has no row in the dependency rule: say what it may reference."];
        return
        [
            .. assembly.References.Where(r => IsOurs(r) && !Permits(rule, r)).Select(r => $"{assembly.Name} references {r}."),
            .. assembly.References.Where(r => !IsOurs(r) && !Reaches(rule, r)).Select(r => $"{assembly.Name} ({rule.Reach}) uses {r}."),
            .. OrleansTypes(rule, assembly).Select(t => $"{assembly.Name} uses the Orleans type {t}."),
            .. assembly.UsedMembers.Where(m => rule.Reach == Reach.Pure && ClocksAndChance.Contains(m)).Select(m => $"{assembly.Name} takes time or chance from {m}."),
            .. ProtocolTypes(rule, assembly),
        ];
    }

    /// <summary>The same rule for what a project file declares, used or not; references that are for build order alone do not count.</summary>
    public static IReadOnlyList<string> DeclarationViolations(IReadOnlyList<ProjectRule> table, string project, IEnumerable<string> declared)
    {
        var rule = table.SingleOrDefault(r => Ours + r.Project == project);
        return rule is null
            ? [$"{project} has no row in the dependency rule: say what it may reference."]
            : [.. declared.Where(d => !Permits(rule, d)).Select(d => $"{project} declares a reference to {d}.")];
    }

    private static bool IsOurs(string assembly) => assembly.StartsWith(Ours, StringComparison.Ordinal);

    private static bool Permits(ProjectRule rule, string assembly) => rule.MayReference.Any(allowed => Ours + allowed == assembly);

    private static bool Reaches(ProjectRule rule, string assembly) => rule.Reach switch
    {
        Reach.Pure => (assembly.StartsWith("System.", StringComparison.Ordinal) && !StartsWithPart(assembly, ImpureParts))
            || (rule.Project == "Domain" && SerializerAssemblies.Contains(assembly)),
        Reach.BaseLibrary => assembly.StartsWith("System.", StringComparison.Ordinal) || assembly == "Microsoft.Win32.Primitives",
        Reach.Inside => !StartsWithPart(assembly, GrpcParts),
        // The command line shows a site's copy, which is of the domain's types.
        Reach.Outside => !StartsWithPart(assembly, ServerParts) || (rule.MayReference.Contains("Domain") && SerializerAssemblies.Contains(assembly)),
        Reach.Any => true,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Reach, "Unknown reach."),
    };

    private static bool StartsWithPart(string assembly, string[] parts) =>
        parts.Any(part => assembly == part || assembly.StartsWith(part + ".", StringComparison.Ordinal));

    private static IEnumerable<string> OrleansTypes(ProjectRule rule, AssemblyFacts assembly) => rule.Project == "Domain"
        ? assembly.UsedTypes.Where(type => type.StartsWith("Orleans.", StringComparison.Ordinal) && !DescribingAttributes.Contains(type))
        : [];

    /// <summary>Generated proto types are made in Gateway and Client alone; beside them only the CLI and the site, on the client library, may name one.</summary>
    private static IEnumerable<string> ProtocolTypes(ProjectRule rule, AssemblyFacts assembly)
    {
        if (rule.Project is "Gateway" or "Client") yield break;
        if (assembly.DefinedTypes.Any(t => t.StartsWith(ProtocolNamespace, StringComparison.Ordinal)))
        {
            yield return $"{assembly.Name} defines generated proto types.";
        }

        if (rule.Project is "Cli" or "Site") yield break;
        foreach (var type in assembly.UsedTypes.Where(t => t.StartsWith(ProtocolNamespace, StringComparison.Ordinal)))
        {
            yield return $"{assembly.Name} uses the proto type {type}.";
        }
    }
}
