using System.Reflection;
using System.Reflection.Emit;

namespace ClinicNetwork.Journal.Tests.Codec;

/// <summary>An assembly made at run time with two types of one alias.</summary>
internal static class DoubledAlias
{
    public static Assembly Assembly()
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("doubled"), AssemblyBuilderAccess.Run).DefineDynamicModule("doubled");
        foreach (var name in (string[])["One", "Two"])
        {
            var type = module.DefineType(name, TypeAttributes.Public);
            type.SetCustomAttribute(new CustomAttributeBuilder(typeof(AliasAttribute).GetConstructor([typeof(string)])!, ["doubled"]));
            type.CreateType();
        }

        return module.Assembly;
    }
}
