using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ClinicNetwork.Repository.Tests.Dependencies;

/// <summary>
/// Collects the types and members of other assemblies that a type uses: base types, attributes, signatures and method bodies.
/// As a signature provider it has nothing to return; it only notes each type reference that it is shown.
/// </summary>
internal sealed class TypeUses(MetadataReader metadata) : ISignatureTypeProvider<byte, object?>
{
    public HashSet<string> Types { get; } = [];

    public HashSet<string> Members { get; } = [];

    public void AddType(TypeDefinition type, PEReader image)
    {
        AddEntity(type.BaseType);
        AddAttributes(type.GetCustomAttributes());
        foreach (var implemented in type.GetInterfaceImplementations()) AddEntity(metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (var parameter in type.GetGenericParameters()) AddConstraints(parameter);
        foreach (var handle in type.GetFields())
        {
            var field = metadata.GetFieldDefinition(handle);
            field.DecodeSignature(this, null);
            AddAttributes(field.GetCustomAttributes());
        }

        foreach (var handle in type.GetProperties()) AddAttributes(metadata.GetPropertyDefinition(handle).GetCustomAttributes());
        foreach (var handle in type.GetMethods()) AddMethod(metadata.GetMethodDefinition(handle), image);
    }

    private void AddMethod(MethodDefinition method, PEReader image)
    {
        method.DecodeSignature(this, null);
        AddAttributes(method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters()) AddAttributes(metadata.GetParameter(parameter).GetCustomAttributes());
        foreach (var parameter in method.GetGenericParameters()) AddConstraints(parameter);
        if (method.RelativeVirtualAddress == 0) return;
        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null);
        foreach (var region in body.ExceptionRegions) AddEntity(region.CatchType);
        foreach (var token in BodyTokens.Read(body.GetILReader())) AddEntity(token);
    }

    private void AddConstraints(GenericParameterHandle handle)
    {
        foreach (var constraint in metadata.GetGenericParameter(handle).GetConstraints())
        {
            AddEntity(metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void AddAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes) AddEntity(metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void AddEntity(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                Types.Add(Name((TypeReferenceHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.MethodSpecification:
                var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(this, null);
                AddEntity(specification.Method);
                break;
            case HandleKind.MemberReference:
                AddMember(metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            default:
                // Definitions of this assembly are visited by themselves; the rest names no type.
                break;
        }
    }

    private void AddMember(MemberReference member)
    {
        AddEntity(member.Parent);
        if (member.Parent.Kind == HandleKind.TypeReference)
        {
            Members.Add(Name((TypeReferenceHandle)member.Parent) + "." + metadata.GetString(member.Name));
        }

        if (member.GetKind() == MemberReferenceKind.Method) member.DecodeMethodSignature(this, null);
        else member.DecodeFieldSignature(this, null);
    }

    private string Name(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference) return Name((TypeReferenceHandle)type.ResolutionScope) + "+" + name;
        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : space + "." + name;
    }

    byte ISignatureTypeProvider<byte, object?>.GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    byte ISimpleTypeProvider<byte>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        Types.Add(Name(handle));
        return 0;
    }

    byte ISimpleTypeProvider<byte>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => 0;

    byte ISimpleTypeProvider<byte>.GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

    byte ISZArrayTypeProvider<byte>.GetSZArrayType(byte elementType) => 0;

    byte IConstructedTypeProvider<byte>.GetArrayType(byte elementType, ArrayShape shape) => 0;

    byte IConstructedTypeProvider<byte>.GetByReferenceType(byte elementType) => 0;

    byte IConstructedTypeProvider<byte>.GetGenericInstantiation(byte genericType, ImmutableArray<byte> typeArguments) => 0;

    byte IConstructedTypeProvider<byte>.GetPointerType(byte elementType) => 0;

    byte ISignatureTypeProvider<byte, object?>.GetFunctionPointerType(MethodSignature<byte> signature) => 0;

    byte ISignatureTypeProvider<byte, object?>.GetGenericMethodParameter(object? context, int index) => 0;

    byte ISignatureTypeProvider<byte, object?>.GetGenericTypeParameter(object? context, int index) => 0;

    byte ISignatureTypeProvider<byte, object?>.GetModifiedType(byte modifier, byte unmodifiedType, bool isRequired) => 0;

    byte ISignatureTypeProvider<byte, object?>.GetPinnedType(byte elementType) => 0;
}
