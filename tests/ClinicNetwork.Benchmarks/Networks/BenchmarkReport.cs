namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>What a benchmark tells: on the screen, and line by line in a file where one is named.</summary>
internal sealed class BenchmarkReport(TextWriter screen, string? markdownFile, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly TextWriter _file = markdownFile is null ? TextWriter.Null : new StreamWriter(markdownFile);

    public async Task SayAsync(string text)
    {
        await screen.WriteLineAsync(text);
        await _file.WriteLineAsync(text);
        await _file.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
