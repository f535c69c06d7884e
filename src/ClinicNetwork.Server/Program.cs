using ClinicNetwork.Journal;
using ClinicNetwork.Server;

if (args.Any(a => a is "--help" or "-h" or "-?"))
{
    Console.WriteLine(ServerHelp.Text);
    return 0;
}

if (args is ["--version"])
{
    Console.WriteLine(Product.Version);
    return 0;
}

try
{
    if (args is ["certs", .. var rest])
    {
        CertsCommand.Run(rest, TimeProvider.System);
        return 0;
    }

    if (args is ["stream", .. var named])
    {
        StreamCommand.Run(named);
        return 0;
    }

    if (args is ["clients", .. var clients])
    {
        ClientsCommand.Run(clients, TimeProvider.System);
        return 0;
    }

    var migrate = args is ["migrate", ..];
    var restored = args is ["migrate", "--restored", ..];
    var keys = args is ["keys", ..];
    if (keys && (args.Length == 1 || !KeysCommand.Verbs.Contains(args[1])))
    {
        throw new SettingsException($"keys: give {string.Join(", ", KeysCommand.Verbs)}.");
    }

    string[] options = args[(restored || keys ? 2 : migrate ? 1 : 0)..];
    if (ServerSettings.FirstUnknown(options) is { } unknown)
    {
        throw new SettingsException($"{unknown}: there is no such option; --help lists them.");
    }

    var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]); // Nothing is read again: no file is watched.
    builder.Configuration.AddCommandLine(options, ServerSettings.Switches.ToDictionary());
    var settings = ServerSettings.Read(builder.Configuration);
    settings.RefusePasswordIn(options);
    await (keys ? KeysCommand.RunAsync(args[1], settings) : migrate ? StoreOpening.MigrateAsync(settings, restored) : ServerHost.RunAsync(builder, settings));
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
catch (Exception exception) when (exception is IOException or StartFailedException)
{
    Console.Error.WriteLine($"The server cannot start: {exception.Message}");
    return 1;
}
catch (InvalidDataException exception)
{
    Console.Error.WriteLine($"{exception.Message.Split('\n')[0]} See whether it is JSON.");
    return 2;
}
catch (StopFailedException exception)
{
    Console.Error.WriteLine($"The server ends, but could not stop in order: {exception.Message} Nothing acknowledged is lost.");
    return 1;
}
catch (Exception exception)
{
    // A bug, or a fault that nobody thought of. The frame tells where; the whole trace would bury the line.
    Console.Error.WriteLine($"The server ends: {exception.GetType().Name}: {exception.Message.Split('\n')[0]} ({exception.StackTrace?.Split('\n')[0].Trim()})");
    return 1;
}
