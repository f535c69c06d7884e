using ClinicNetwork.Journal;
using ClinicNetwork.Server;

if (args.Any(a => a is "--help" or "-h" or "-?"))
{
    Console.WriteLine(ServerSettings.Help);
    return 0;
}

if (args is ["--version"])
{
    Console.WriteLine(Product.Version);
    return 0;
}

try
{
    if (ServerSettings.FirstUnknown(args) is { } unknown)
    {
        throw new SettingsException($"{unknown}: there is no such option; --help lists them.");
    }

    var builder = WebApplication.CreateBuilder();
    builder.Configuration.AddCommandLine(args, ServerSettings.Switches.ToDictionary());
    await ServerHost.RunAsync(builder, ServerSettings.Read(builder.Configuration));
    return 0;
}
catch (SettingsException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (StoreRefusedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 3;
}
catch (IOException exception)
{
    Console.Error.WriteLine($"The server cannot start: {exception.Message}");
    return 1;
}
