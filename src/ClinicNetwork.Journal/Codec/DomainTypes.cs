using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ClinicNetwork.Domain;

namespace ClinicNetwork.Journal.Codec;

/// <summary>
/// Every type that may be stored, by its Orleans <c>[Alias]</c>: the one name that survives renames and moves. Reads the Domain assembly
/// and those given. Open generic types are left out.
/// </summary>
public sealed class DomainTypes
{
    private readonly FrozenDictionary<string, Type> _byAlias;
    private readonly FrozenDictionary<Type, string> _byType;

    /// <summary>Throws <see cref="InvalidOperationException"/> when two types have one alias: their stored bytes could not be told apart.</summary>
    public DomainTypes(params IEnumerable<Assembly> others)
    {
        var byAlias = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var type in others.Prepend(typeof(IEvent).Assembly).Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (!type.IsGenericTypeDefinition
                && type.GetCustomAttribute<AliasAttribute>(inherit: false) is { } alias
                && !byAlias.TryAdd(alias.Alias, type))
            {
                throw new InvalidOperationException($"{type} and {byAlias[alias.Alias]} have one alias, '{alias.Alias}'.");
            }
        }

        _byAlias = byAlias.ToFrozenDictionary(StringComparer.Ordinal);
        _byType = byAlias.ToFrozenDictionary(entry => entry.Value, entry => entry.Key);
    }

    public bool TryFind(string alias, [NotNullWhen(true)] out Type? type) => _byAlias.TryGetValue(alias, out type);

    /// <summary>Throws <see cref="ArgumentException"/> for a type without an alias: it must not be stored.</summary>
    public string AliasOf(Type type) =>
        _byType.TryGetValue(type, out var alias) ? alias : throw new ArgumentException($"{type} has no [Alias] and cannot be stored.", nameof(type));

    /// <summary>The concrete kinds of an interface or abstract type, with their aliases.</summary>
    internal IEnumerable<(Type Type, string Alias)> KindsOf(Type declared) =>
        _byType.Where(entry => !entry.Key.IsAbstract && declared.IsAssignableFrom(entry.Key)).Select(entry => (entry.Key, entry.Value));
}
