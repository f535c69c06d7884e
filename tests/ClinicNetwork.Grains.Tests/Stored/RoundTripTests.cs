using ClinicNetwork.Journal;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ClinicNetwork.Grains.Tests.Stored;

/// <summary>What is sent or stored comes back as it was. A failing case prints its seed; CsCheck_Seed replays it.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue];

    [Fact]
    public void Every_type_survives_orleans_serializer()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Seeds.Sample(
            seed => ForEachType(seed, sample => serializer.Deserialize<object>(serializer.SerializeToArray<object>(sample))!),
            iter: 100);
    }

    [Fact]
    public void Every_type_survives_the_copy_between_grains_of_one_silo()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var copier = services.GetRequiredService<DeepCopier>();
        Seeds.Sample(seed => ForEachType(seed, sample => copier.Copy(sample)), iter: 100);
    }

    [Fact]
    public async Task Every_type_survives_a_snapshot()
    {
        await using var network = await NetworkUnderTest.CreateStoreAsync(null, []);
        var codec = network.Store.Snapshots;
        var (encode, decode) = (codec.GetType().GetMethod(nameof(codec.Encode))!, codec.GetType().GetMethod(nameof(codec.Decode))!);
        Seeds.Sample(
            seed => ForEachType(seed, sample =>
                decode.MakeGenericMethod(sample.GetType()).Invoke(codec, [encode.MakeGenericMethod(sample.GetType()).Invoke(codec, [sample])])!),
            iter: 50);
    }

    /// <summary>All events in one row; each other type as the answer of a row.</summary>
    [Fact]
    public async Task Every_event_and_answer_survives_the_journal()
    {
        await using var network = await NetworkUnderTest.CreateStoreAsync(null, []);
        var streams = 0;
        await Seeds.SampleAsync(
            async seed =>
            {
                var sampler = new RecordSampler(seed);
                IReadOnlyList<IEvent> events = [.. StoredTypes.Events.Select(t => (IEvent)sampler.Make(t))];
                var run = Interlocked.Increment(ref streams);
                await Task.WhenAll(StoredTypes.Others.Where(t => !t.IsEnum).Select(t =>
                    StoreAndReadAsync(network.Store.Journal, $"zz-{run}-{StoredTypes.AliasOf(t)}", events, sampler.Make(t))));
            },
            iter: 3,
            threads: 1);
    }

    private static async Task StoreAndReadAsync(IJournal journal, string stream, IReadOnlyList<IEvent> events, object answer)
    {
        Assert.IsType<AppendOutcome.Appended>(await journal.AppendAsync(new(stream, 1, [], Origins.Next(), "Sample", events, answer, []), default));
        var row = Assert.Single(await journal.ReadAsync(stream, 0, 10, default));
        Assert.Equal(answer.GetType(), row.Answer!.GetType());
        Assert.Equal(Structure.Describe(answer), Structure.Describe(row.Answer));
        Assert.Equal(events.Select(Structure.Describe), row.Events.Select(Structure.Describe));
    }

    private static void ForEachType(int seed, Func<object, object> roundTrip)
    {
        var sampler = new RecordSampler(seed);
        foreach (var type in StoredTypes.All)
        {
            var sample = sampler.Make(type);
            var copy = roundTrip(sample);
            Assert.Equal(type, copy.GetType());
            Assert.Equal(Structure.Describe(sample), Structure.Describe(copy));
        }
    }
}
