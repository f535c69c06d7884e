using System.Collections.Frozen;

namespace ClinicNetwork.Domain.Identity;

/// <summary>What a caller is in the network; several may be held together.</summary>
[Flags]
[GenerateSerializer, Alias("roles")]
public enum Roles
{
    None = 0,

    /// <summary>Decides on treatment: consultation, plan, its end.</summary>
    Clinician = 1,

    /// <summary>Watches sessions and records what is measured.</summary>
    Nurse = 2,

    /// <summary>Enrols, arranges visits, takes consent.</summary>
    Coordinator = 4,

    /// <summary>Sees and says what is about itself, the one patient that its certificate or token names.</summary>
    Patient = 8,

    SiteAdmin = 16,

    NetworkAdmin = 32,

    /// <summary>Takes what was released.</summary>
    Registry = 64,

    /// <summary>Looks at what was done and released, not at patients.</summary>
    Auditor = 128,

    /// <summary>Runs the servers.</summary>
    Operator = 256,

    /// <summary>The network's own due work; no certificate has it.</summary>
    System = 512,
}

/// <summary>How roles are written in certificates, tables and on the command line.</summary>
public static class RoleNames
{
    public static readonly FrozenDictionary<string, Roles> All = new Dictionary<string, Roles>
    {
        ["clinician"] = Roles.Clinician,
        ["nurse"] = Roles.Nurse,
        ["coordinator"] = Roles.Coordinator,
        ["patient"] = Roles.Patient,
        ["site-admin"] = Roles.SiteAdmin,
        ["network-admin"] = Roles.NetworkAdmin,
        ["registry"] = Roles.Registry,
        ["auditor"] = Roles.Auditor,
        ["operator"] = Roles.Operator,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of all that are held, in the order of their values.</summary>
    public static string Join(Roles roles, char between) =>
        string.Join(between, All.Where(r => roles.HasFlag(r.Value)).OrderBy(r => r.Value).Select(r => r.Key));
}
