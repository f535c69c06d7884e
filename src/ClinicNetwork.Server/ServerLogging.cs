using Microsoft.Extensions.Logging.Console;

namespace ClinicNetwork.Server;

/// <summary>One line an entry on stderr; ours from Information, others' from Warning.</summary>
internal static class ServerLogging
{
    /// <param name="othersToo">False while the server starts: a start that fails is told in one line, and others log its cause many times.</param>
    public static void Configure(WebApplicationBuilder builder, Func<bool> othersToo)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Disabled));
        builder.Logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);

        // The gateway's interceptor logs what fails; this category would add a stack trace for each client that goes away.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        // A line for each call in a flood of resets that was more than Kestrel could write off, a thousand a second; the client's rate tells of it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
        // Orleans' own retries of placement: a line names the message, and so the grain's key, and holds a stack trace.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        // The answer tells; each probe of a database that is away, or of a process that stops, would be an error line.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        // At the first start on a machine that has been up for long it takes the machine's uptime for a stall.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Logging.AddFilter((category, level) => category?.StartsWith("ClinicNetwork", StringComparison.Ordinal) == true
            ? level >= LogLevel.Information
            : level >= LogLevel.Warning && othersToo());
    }
}
