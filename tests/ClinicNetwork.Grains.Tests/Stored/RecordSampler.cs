using System.Collections.Immutable;
using System.Reflection;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>Makes a value of any stored type from a seed: constructors are fed, then the members that only an initialiser sets.</summary>
internal sealed class RecordSampler(int seed)
{
    private static readonly string[] Texts = ["", "plain", "line\nbreak\tand tab", "\"quoted\" \\ {braces}", "Ünïcödé 漢字 🙂", "<&>'", new string('x', 500)];

    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();

    public object Make(Type type) =>
        type == typeof(string) ? Texts[_random.Next(Texts.Length)]
        : type == typeof(int) ? _random.Next(-3, 300)
        : type == typeof(long) ? _random.NextInt64()
        : type == typeof(double) ? Pick(0.1, 0.5, 1e-9, 40, 84.5, double.MaxValue, _random.NextDouble())
        : type == typeof(bool) ? _random.Next(2) == 0
        : type == typeof(DateOnly) ? DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber))
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(_random.NextInt64(DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks / 2), TimeSpan.FromMinutes(Pick(0, 60, 330, -300)))
        : type == typeof(byte[]) ? Bytes()
        : type.IsEnum ? Enum.GetValues(type).GetValue(_random.Next(Enum.GetValues(type).Length))!
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? Array(type.GetGenericArguments()[0])
        : type.IsInterface ? Make(Pick([.. StoredTypes.All.Where(type.IsAssignableFrom)]))
        : Record(type);

    private object? MakeOrNull(Type type, bool nullable) =>
        Nullable.GetUnderlyingType(type) is { } inner ? (_random.Next(3) == 0 ? null : Make(inner))
        : nullable && _random.Next(3) == 0 ? null
        : Make(type);

    private object Record(Type type)
    {
        // Ids are slugs: a default or empty one is never stored.
        if (type.IsValueType && type.GetConstructor([typeof(string)]) is { } id)
        {
            return id.Invoke(["id-" + _random.Next(1_000)]);
        }

        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var made = constructor.Invoke([.. parameters.Select(p => MakeOrNull(p.ParameterType, IsNullable(_nullability.Create(p))))]);
        foreach (var member in Structure.MembersOf(type).Where(m => parameters.All(p => p.Name != m.Name)))
        {
            member.SetValue(made, MakeOrNull(member.PropertyType, IsNullable(_nullability.Create(member))));
        }

        return made;
    }

    private object Array(Type element)
    {
        var items = System.Array.CreateInstance(element, _random.Next(4));
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Make(element), i);
        }

        return typeof(ImmutableArray).GetMethods().Single(m => m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    private static bool IsNullable(NullabilityInfo info) => info.WriteState == NullabilityState.Nullable;
}
