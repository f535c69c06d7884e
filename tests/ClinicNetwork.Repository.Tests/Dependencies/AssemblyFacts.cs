namespace ClinicNetwork.Repository.Tests.Dependencies;

/// <summary>What the dependency rule needs to know of one assembly.</summary>
/// <param name="Name">Simple name, for example <c>ClinicNetwork.Domain</c>.</param>
/// <param name="References">Simple names of the assemblies its metadata refers to: only those it really uses.</param>
/// <param name="DefinedTypes">Full names of the types it defines.</param>
/// <param name="UsedTypes">Full names of other assemblies' types that its hand-written types use, in signatures, attributes or bodies.</param>
/// <param name="UsedMembers">Other assemblies' members that its hand-written types use, as <c>Namespace.Type.member</c>.</param>
internal sealed record AssemblyFacts(
    string Name,
    IReadOnlyList<string> References,
    IReadOnlyList<string> DefinedTypes,
    IReadOnlyList<string> UsedTypes,
    IReadOnlyList<string> UsedMembers);
