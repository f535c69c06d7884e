using ClinicNetwork.Faults.Load;

namespace ClinicNetwork.Faults.Tests;

/// <summary>Copies of a request go through different doors (F8).</summary>
public sealed class GatewaysTests
{
    [Fact]
    public void Copies_sent_at_once_go_through_different_gateways()
    {
        Gateway[] all = [new("a1", 1, null), new("a2", 2, null), new("a3", 3, null), new("b1", 4, null) { Open = false }];
        try
        {
            var gateways = new Gateways(all);
            var random = new Random(1);
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(["a1", "a2", "a3"], gateways.PickDifferent(3, random).Select(g => g.Name).Order());
            }

            Assert.Equal(4, gateways.PickDifferent(4, random).Count);
            Assert.DoesNotContain(gateways.PickDifferent(4, random), g => g.Name == "b1");
        }
        finally
        {
            Array.ForEach(all, g => g.Dispose());
        }
    }
}
