using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClinicNetwork.Faults.History;

/// <summary>The form of a line.</summary>
public static class HistoryFile
{
    private static readonly JsonSerializerOptions Form = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Line(HistoryEvent entry) => JsonSerializer.Serialize(entry, Form);

    /// <summary>All events; a torn last line (the rig was killed) is the end.</summary>
    /// <exception cref="InvalidDataException">A line is none of ours; names its number.</exception>
    public static IEnumerable<HistoryEvent> Read(string path)
    {
        var number = 0;
        using var lines = File.ReadLines(path).GetEnumerator();
        for (var more = lines.MoveNext(); more;)
        {
            var line = lines.Current;
            more = lines.MoveNext();
            number++;
            if (!more && !line.EndsWith('}'))
            {
                yield break;
            }

            HistoryEvent? entry;
            try
            {
                entry = JsonSerializer.Deserialize<HistoryEvent>(line, Form);
            }
            catch (Exception exception) when (exception is JsonException or NotSupportedException)
            {
                throw new InvalidDataException($"{path}, line {number}: no event of a history.", exception);
            }

            yield return entry ?? throw new InvalidDataException($"{path}, line {number}: empty.");
        }
    }
}

/// <summary>Writes events in the order of their times: the time is taken and the line written under one lock.</summary>
public sealed class HistoryWriter(string path) : IDisposable
{
    private readonly StreamWriter _file = new(path, append: false);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _one = new();
    private bool _closed;

    public double NowMs => Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    public double Write(HistoryEvent entry)
    {
        lock (_one)
        {
            var now = NowMs;
            if (!_closed)
            {
                _file.WriteLine(HistoryFile.Line(entry with { AtMs = Math.Round(now, 3) }));
            }

            return now;
        }
    }

    public void Dispose()
    {
        lock (_one)
        {
            _closed = true;
            _file.Dispose();
        }
    }
}
