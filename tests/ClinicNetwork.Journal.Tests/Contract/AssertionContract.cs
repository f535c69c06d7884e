using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>An assertion is used once: by many at once, and over a restart.</summary>
public abstract class AssertionContract(IStoreFactory stores)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task An_id_is_taken_once_by_whoever_is_first_also_after_a_restart()
    {
        await using var store = await stores.CreateAsync();
        var (id, other) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.UsedAssertions.TryUseAsync(id, Now.AddMinutes(15), default)));
        Assert.Equal(1, taken.Count(one => one));
        Assert.True(await store.UsedAssertions.TryUseAsync(other, Now.AddMinutes(15), default));
        await store.RestartAsync();
        Assert.False(await store.UsedAssertions.TryUseAsync(id, Now.AddMinutes(15), default));
    }

    [Fact]
    public async Task Ids_are_forgotten_after_their_time_and_not_before()
    {
        await using var store = await stores.CreateAsync();
        byte[][] old = [.. Enumerable.Range(0, IUsedAssertions.ForgottenMax + 20).Select(_ => RandomNumberGenerator.GetBytes(32))];
        var kept = RandomNumberGenerator.GetBytes(32);
        Assert.True(await store.UsedAssertions.TryUseAsync(kept, Now.AddMinutes(1), default));
        foreach (var id in old)
        {
            Assert.True(await store.UsedAssertions.TryUseAsync(id, Now.AddMinutes(-1), default));
        }

        // Each use forgets what had ended before it.
        Assert.True(await store.UsedAssertions.TryUseAsync(RandomNumberGenerator.GetBytes(32), Now.AddMinutes(1), default));
        Assert.True(await store.UsedAssertions.TryUseAsync(old[0], Now.AddMinutes(1), default));
        Assert.False(await store.UsedAssertions.TryUseAsync(kept, Now.AddMinutes(1), default));
        Assert.False(await store.UsedAssertions.TryUseAsync(old[0], Now.AddMinutes(1), default));
    }
}
