using System.Reflection;
using ClinicNetwork.Journal.Codec;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>Names that are stored for ever. A failure here means: old journals and other silos would not understand this build.</summary>
public sealed class AliasTests
{
    private static readonly string GoldenFile = Path.Combine(AppContext.BaseDirectory, "Stored", "StoredTypes.txt");

    /// <summary>To add a type or a member with a default, add its line; nothing that is there may change.</summary>
    [Fact]
    public void Aliases_members_and_their_numbers_are_those_of_the_golden_file() =>
        Assert.Equal(File.ReadAllLines(GoldenFile), StoredTypes.All.Select(StoredTypes.ShapeOf));

    [Fact]
    public void Every_alias_is_one_types_alias() => Assert.Distinct(StoredTypes.All.Select(StoredTypes.AliasOf));

    [Fact]
    public void Every_type_that_is_sent_has_an_alias_and_is_told_to_the_serializer()
    {
        var types = typeof(IEvent).Assembly.GetTypes();
        Assert.All(types.Where(typeof(IEvent).IsAssignableFrom).Where(t => !t.IsInterface), t => Assert.NotNull(t.GetCustomAttribute<AliasAttribute>()));
        Assert.All(StoredTypes.All, t => Assert.NotNull(t.GetCustomAttribute<GenerateSerializerAttribute>()));
        Assert.All(types.Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null), t => Assert.Contains(t, StoredTypes.All));
    }

    [Fact]
    public void Every_stored_member_has_a_number_of_its_own()
    {
        foreach (var type in StoredTypes.All.Where(t => !t.IsEnum))
        {
            var ids = Structure.MembersOf(type).Select(m => m.GetCustomAttribute<IdAttribute>()?.Id).ToArray();
            Assert.True(ids.All(id => id is not null), $"{type} has a member without [Id].");
            Assert.Distinct(ids);
        }
    }

    [Fact]
    public void The_journal_finds_every_alias() => Assert.All(StoredTypes.All, t =>
    {
        Assert.True(new DomainTypes().TryFind(StoredTypes.AliasOf(t), out var found));
        Assert.Equal(t, found);
    });

    [Fact]
    public void Grains_and_their_methods_have_aliases_of_their_own()
    {
        var grains = typeof(Streams).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IGrainWithStringKey).IsAssignableFrom(t)).ToArray();
        Assert.Equal(["approval-grain", "clinic-grain", "partner-grain", "patient-grain", "rate-grain", "release-grain", "submission-grain"], grains.Select(StoredTypes.AliasOf).Order());
        foreach (var grain in grains)
        {
            Assert.Distinct(grain.GetMethods().Select(m => m.GetCustomAttribute<AliasAttribute>()?.Alias ?? throw new InvalidOperationException($"{grain.Name}.{m.Name} has no alias.")));
        }
    }
}
