using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli;

/// <summary>One run of a command: its values, its terminal, its connection.</summary>
internal sealed class Invocation(ParseResult parsed, CancellationToken cancellationToken)
{
    /// <summary>A person waits: through a failover as long as every client, but about a second where nobody listens.</summary>
    internal static ClinicNetworkClientOptions Patience { get; } = new() { RefusedRetriesMax = 3 };

    internal static Option<IReadOnlyList<Uri>> Server { get; } = ServerOption();

    internal static Option<string?> Site { get; } = SiteOption();

    internal static Option<string?> Identity { get; } = IdentityOption();

    internal const string ServerVariable = "CLINICNETWORK_SERVER";

    internal const string IdentityVariable = "CLINICNETWORK_IDENTITY";

    /// <summary>Where a server that was started in this folder put it.</summary>
    private const string IdentityUsual = "data/admin.pem";

    internal Terminal Terminal { get; } = ((TerminalConfiguration)parsed.InvocationConfiguration).Terminal;

    internal CancellationToken Cancelled { get; } = cancellationToken;

    internal IReadOnlyList<Uri> Servers => parsed.GetRequiredValue(Server);

    /// <summary>As they were given.</summary>
    internal string ServerAddress => Addresses(Servers);

    internal T Of<T>(Option<T> option) => parsed.GetValue(option)!;

    internal T Of<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>True when the option was written on the command line.</summary>
    /// <summary>Does nothing when the option was not given.</summary>
    internal void Set<T>(Option<T> option, Action<T> set)
        where T : struct
    {
        if (Has(option))
            set(Of(option));
    }

    internal bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A client for the site of <c>--site</c>, else for the site that the command is about.</summary>
    /// <exception cref="ClientIdentityException">The file of <c>--identity</c> is no identity.</exception>
    internal ClinicNetworkClient Connect(string? actingSite = null, ClinicNetworkClientOptions? patience = null) => ClinicNetworkClient.Connect(Servers, (patience ?? Patience) with
    {
        ActingSite = parsed.GetValue(Site) ?? actingSite,
        Identity = Servers[0].Scheme == Uri.UriSchemeHttps ? LoadIdentity() : null,
    });

    /// <summary>The patient that is named, else the one whose certificate this is.</summary>
    /// <exception cref="InputException">Neither names one.</exception>
    internal string Me(Option<string?> patient)
    {
        if (Of(patient) is { } named)
            return named;
        using var identity = LoadIdentity();
        return identity.Patient ?? throw new InputException(patient.Name, "the certificate names no patient; come with the patient's own, or name one");
    }

    private ClientIdentity LoadIdentity() => ClientIdentity.Load(
        parsed.GetValue(Identity) ?? throw new InputException(
            Identity.Name, $"no identity in {IdentityUsual}; give the file, such as admin.pem in the folder of the server's keys, or set {IdentityVariable}"));

    internal static string Addresses(IReadOnlyList<Uri> servers) => string.Join(',', servers);

    private static Option<IReadOnlyList<Uri>> ServerOption()
    {
        const string name = "--server";
        IReadOnlyList<Uri> usual = [new Uri("https://127.0.0.1:5070")];
        return new Option<IReadOnlyList<Uri>>(name)
        {
            Description = "Address of the network, or several gateways of it, by comma; by CLINICNETWORK_SERVER, else https://127.0.0.1:5070",
            HelpName = "URL",
            Recursive = true,
            DefaultValueFactory = result =>
            {
                var set = Environment.GetEnvironmentVariable(ServerVariable);
                if (string.IsNullOrEmpty(set))
                    return usual;
                if (Parse.Addresses(set) is { } addresses)
                    return addresses;
                result.AddError("CLINICNETWORK_SERVER: give an address such as https://127.0.0.1:5070, or several, by comma");
                return usual;
            },
            CustomParser = result =>
            {
                if (Parse.Addresses(result.Tokens[0].Value) is { } addresses)
                    return addresses;
                result.AddError($"{name}: give an address such as https://127.0.0.1:5070, or several, by comma");
                return null;
            },
        };
    }

    private static Option<string?> IdentityOption() => new("--identity")
    {
        Description = $"Certificate, private key and authority to connect with, one PEM file; by {IdentityVariable}, else {IdentityUsual}",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(IdentityVariable) is { Length: > 0 } set ? set
            : File.Exists(IdentityUsual) ? IdentityUsual : null,
    };

    private static Option<string?> SiteOption()
    {
        var option = Given.Option(
            "--site", "Site to act for, clinics/{clinic}; without it the caller acts for the network", "SITE", Parse.Clinic);
        option.Recursive = true;
        return option!;
    }
}

/// <summary>Carries the terminal to the commands.</summary>
internal sealed class TerminalConfiguration : InvocationConfiguration
{
    internal required Terminal Terminal { get; init; }
}
