using System.Reflection;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>Every type of the Domain that has an alias: what is stored for ever and what goes between silos.</summary>
internal static class StoredTypes
{
    public static readonly IReadOnlyList<Type> All =
        [.. typeof(IEvent).Assembly.GetTypes().Where(t => t.GetCustomAttribute<AliasAttribute>() is not null).OrderBy(AliasOf, StringComparer.Ordinal)];

    public static readonly IReadOnlyList<Type> Events = [.. All.Where(typeof(IEvent).IsAssignableFrom)];

    /// <summary>Commands, answers, states and their parts.</summary>
    public static readonly IReadOnlyList<Type> Others = [.. All.Where(t => !typeof(IEvent).IsAssignableFrom(t))];

    public static string AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()!.Alias;

    /// <summary>Alias and members as they are stored: <c>dose-given: [0] Session SessionId, [1] DoseMg Double</c>.</summary>
    public static string ShapeOf(Type type) => (AliasOf(type) + ": " + string.Join(", ", type.IsEnum
        ? Enum.GetNames(type).Select(n => $"{n}={(int)Enum.Parse(type, n)}")
        : Structure.MembersOf(type).Select(m => $"{IdOf(m)} {m.Name} {NameOf(m.PropertyType)}"))).TrimEnd();

    /// <summary>The number under which Orleans sends the member.</summary>
    private static string IdOf(PropertyInfo member) => member.GetCustomAttribute<IdAttribute>() is { } id ? $"[{id.Id}]" : "[-]";

    private static string NameOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner) + "?"
        : type.IsArray ? NameOf(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
