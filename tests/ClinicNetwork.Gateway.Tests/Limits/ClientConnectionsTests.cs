using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Limits;

/// <summary>A client has its share of connections and no more, and gives each place back once.</summary>
public sealed class ClientConnectionsTests
{
    private readonly ClientConnections _connections = new(new SteppedTime(), NullLogger<ClientConnections>.Instance);

    [Fact]
    public void A_client_has_its_share_and_others_have_theirs()
    {
        for (var i = 0; i < ClientConnections.EachMax; i++)
        {
            Assert.True(_connections.TryEnter("lab"));
        }

        Assert.False(_connections.TryEnter("lab"));
        Assert.True(_connections.TryEnter("clinic"));
        _connections.Leave("lab");
        Assert.True(_connections.TryEnter("lab"));
        Assert.False(_connections.TryEnter("lab"));
    }

    [Fact]
    public void At_once_no_place_is_given_twice_or_lost()
    {
        const int Rounds = 20_000;
        var (open, most) = (0, 0);
        Parallel.For(0, Rounds, _ =>
        {
            if (!_connections.TryEnter("lab"))
            {
                return;
            }

            var now = Interlocked.Increment(ref open);
            int seen;
            while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
            {
            }

            Interlocked.Decrement(ref open);
            _connections.Leave("lab");
        });
        Assert.InRange(most, 1, ClientConnections.EachMax);
        A_client_has_its_share_and_others_have_theirs();
    }
}
