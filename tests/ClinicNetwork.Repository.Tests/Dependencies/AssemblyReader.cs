using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ClinicNetwork.Repository.Tests.Dependencies;

/// <summary>Reads <see cref="AssemblyFacts"/> from an assembly's metadata without loading it.</summary>
internal static class AssemblyReader
{
    /// <summary>Where Orleans' source generator puts what it writes; its needs are not the author's.</summary>
    private const string GeneratedNamespace = "OrleansCodeGen";

    public static AssemblyFacts Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var uses = new TypeUses(metadata);
        var defined = new List<string>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var name = FullName(metadata, type);
            defined.Add(name);
            if (!name.StartsWith(GeneratedNamespace, StringComparison.Ordinal)) uses.AddType(type, image);
        }

        return new AssemblyFacts(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)).Order()],
            defined,
            [.. uses.Types.Order()],
            [.. uses.Members.Order()]);
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
        {
            return FullName(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())) + "+" + name;
        }

        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : space + "." + name;
    }
}
