using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ClinicNetwork.Client.Tests.Cli.Tables;

namespace ClinicNetwork.Client.Tests;

/// <summary>The package's readme says what the code has.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Read("src", "ClinicNetwork.Client", "README.md");

    [Fact]
    public void Every_option_with_limits_is_told_with_its_default_and_its_limits()
    {
        var options = new ClinicNetworkClientOptions();
        var expected = typeof(ClinicNetworkClientOptions).GetProperties()
            .Where(property => property.IsDefined(typeof(RangeAttribute)))
            .Select(property => (property.Name, Told(property, property.GetValue(options)!), Limits(property)));
        var told = OptionRow().Matches(Readme).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value));
        Assert.Equal(expected.OrderBy(row => row.Name, StringComparer.Ordinal), told.OrderBy(row => row.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reason_of_the_library_is_told_with_what_to_do()
    {
        var reasons = typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var told = Readme.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => Reason().Matches(line.Split('|')[1]).Select(reason => reason.Groups[1].Value));
        Assert.Equal(reasons.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    /// <summary>The program that ClientPackageTests runs, so that each example compiles and does what is said.</summary>
    [Fact]
    public void Every_example_is_a_part_of_the_sample_and_none_is_left_out()
    {
        var sample = Read("docs", "samples", "dotnet", "Program.cs").Split("// ---- ");
        var parts = sample[1..^1].Select(part => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim()).Append(
            string.Join('\n', sample[0].Split('\n').Where(line => line.StartsWith("using ", StringComparison.Ordinal))));
        Assert.Equal(parts.Order(StringComparer.Ordinal), Example().Matches(Readme).Select(block => block.Groups[1].Value.Trim()).Order(StringComparer.Ordinal));
    }

    private static string Limits(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>()!;
        object Limit(object limit) => property.PropertyType == typeof(TimeSpan) ? TimeSpan.Parse((string)limit, CultureInfo.InvariantCulture) : limit;
        return $"{Told(property, Limit(range.Minimum))} to {Told(property, Limit(range.Maximum))}";
    }

    private static string Told(PropertyInfo property, object value) => value switch
    {
        TimeSpan { Ticks: 0 } => "0",
        TimeSpan time when time.TotalHours >= 1 => Invariant($"{time.TotalHours} h"),
        TimeSpan time when time.TotalMinutes >= 1 => Invariant($"{time.TotalMinutes} min"),
        TimeSpan time when time.TotalSeconds >= 1 => Invariant($"{time.TotalSeconds} s"),
        TimeSpan time => Invariant($"{time.TotalMilliseconds} ms"),
        int bytes when property.Name.Contains("Bytes", StringComparison.Ordinal) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB",
        int number => Invariant($"{number:#,0}"),
        _ => Invariant($"{value}"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([DocumentedWalkTests.FindCheckout(), .. path]));

    [GeneratedRegex(@"^\| `(\w+)` \| ([^|]+) \| ([^|]+ to [^|]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex("`([A-Z_]+)`")]
    private static partial Regex Reason();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
