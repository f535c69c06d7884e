using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>What was logged.</summary>
internal sealed class Lines<T> : ILogger<T>
{
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> Written { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Written.Enqueue((logLevel, formatter(state, exception), exception));
}
