using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Audit.V1;
using Google.Protobuf;

namespace ClinicNetwork.Client.Tests;

/// <summary>Each call builds its descriptors under one lock, before anything else is done with its messages. The types here are those of no other test.</summary>
public sealed class DescriptorsTests
{
    [Fact]
    public async Task A_unary_call_builds_them()
    {
        var known = new List<bool> { Descriptors.Knows(typeof(GetHeadRequest)) };
        var client = Clients.Of(new FakeServer
        {
            Unary = (_, _, _, _) =>
            {
                known.Add(Descriptors.Knows(typeof(GetHeadRequest)));
                return Task.FromResult<IMessage>(new GetHeadResponse());
            },
        });

        await client.Audit.GetHeadAsync(new());

        Assert.Equal([false, true], known);
    }

    [Fact]
    public void A_stream_builds_them()
    {
        var before = Descriptors.Knows(typeof(StreamEntriesRequest));
        using var call = Clients.Of(new FakeServer { Stream = (_, _) => Array.Empty<IMessage>().ToAsyncEnumerable() }).Audit.StreamEntries(new());

        Assert.Equal([false, true], [before, Descriptors.Knows(typeof(StreamEntriesRequest))]);
    }

    [Fact]
    public void What_is_no_message_has_none_and_what_refusals_are_read_with_is_there()
    {
        Descriptors.Build(typeof(string));

        Assert.True(Descriptors.Knows(typeof(Google.Rpc.ErrorInfo)));
    }
}
