using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Demo;

/// <summary>The network's protocols that the virtual patients are treated by.</summary>
internal static class DemoProtocols
{
    internal const string Intravenous = "protocols/ketamine-iv-induction";
    internal const string Esketamine = "protocols/esketamine-nasal-induction";

    /// <summary>Fails early, and by name, when the network has other protocols than the demo knows.</summary>
    internal static async Task CheckAsync(ClinicNetworkClient network, CancellationToken cancellationToken)
    {
        var known = await network.Clinics.ListProtocolsAsync(new() { PageSize = 100 }, cancellationToken: cancellationToken);
        Check(known, Intravenous, Drug.KetamineRacemic);
        Check(known, Esketamine, Drug.Esketamine);
    }

    private static void Check(ListProtocolsResponse known, string name, Drug drug)
    {
        if (!known.Protocols.Any(protocol => protocol.Name == name && protocol.Drug == drug))
            throw new DemoException($"the network has no {name}; it has {string.Join(", ", known.Protocols.Select(p => p.Name))}");
    }
}
