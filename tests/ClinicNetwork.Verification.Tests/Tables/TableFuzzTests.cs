using System.Globalization;
using System.Text;
using ClinicNetwork.Tests.Fuzz;
using ClinicNetwork.Verification.Tables;
using Xunit.Abstractions;

namespace ClinicNetwork.Verification.Tests.Tables;

/// <summary>Random tables and random damage: what was written is read, and everything else is refused by name.</summary>
public sealed class TableFuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 24_000;

    private static readonly string[] Pieces = ["", "a", "20", "2x", "*", ";", "\"", "\n", "\r\n", "\r", "ä🧠", " ", "longer than eight bytes", "longer than eight bytex", "a\"b;c"];

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), out var rounds) ? Math.Clamp(rounds, 1, 100) : 1;

    private int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), out var given) ? given : Random.Shared.Next(int.MaxValue / 2);
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        return seed;
    }

    [Fact]
    public void What_was_written_is_read_over_all_borders_of_the_buffer()
    {
        var seed = Seed();
        for (var round = 0; round < 4 * Rounds; round++)
        {
            var random = new Random(seed + round);
            string[][] cells = [.. Enumerable.Range(0, 40_000).Select(row => Enumerable.Range(0, 3).Select(column => row == 0 ? $"c{column}" : Value(random)).ToArray())];
            var text = new StringBuilder();
            foreach (var row in cells)
            {
                text.Append(string.Join(';', row.Select(value => Written(value, random)))).Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            Assert.True(bytes.Length > 1 << 20);
            using var stream = new Chopped(bytes, random.Next(), longest: 1 << random.Next(6, 20));
            var table = VerifiedTable.Read(stream);
            Assert.Equal(cells.Length - 1, table.Rows);
            for (var row = 1; row < cells.Length; row++)
            {
                Assert.Equal(cells[row], table.Columns.Select(column => column.ValueAt(row - 1)));
            }
        }
    }

    [Fact]
    public void Damaged_tables_are_read_or_refused_alike_however_they_arrive()
    {
        var (seed, taken) = (Seed(), 0);
        var valid = "age,sex,score\n20,m,\"a\"\"b\"\n21,f,\"x\ny\"\n2x,*,ä\n30,m,\n\"31\",f,7\r\n";
        for (var input = 0; input < Inputs * Rounds; input++)
        {
            var random = new Random(seed + input);
            var bytes = random.Next(2) == 0 ? Mutant.Table(valid, random) : Mutant.Bytes(Encoding.UTF8.GetBytes(valid), random);
            var whole = Outcome(new MemoryStream(bytes));
            var chopped = Outcome(new Chopped(bytes, random.Next(), longest: 5));
            Assert.True(whole == chopped, $"CLINICNETWORK_TEST_SEED={seed + input}: {whole} / {chopped}");
            taken += whole.StartsWith("read", StringComparison.Ordinal) ? 1 : 0;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tables: {Inputs * Rounds:N0} inputs, {taken:N0} taken"));
        Assert.InRange(taken, 1, (Inputs * Rounds) - 1);
    }

    [Fact]
    public void Damaged_hierarchies_and_reports_are_read_or_refused()
    {
        var (seed, taken) = (Seed(), 0);
        for (var input = 0; input < Inputs * Rounds / 2; input++)
        {
            var random = new Random(seed + input);
            try
            {
                if (random.Next(2) == 0)
                {
                    var hierarchy = TableHierarchy.Read(new MemoryStream(Mutant.Table(TableCase.Age.Replace(';', ','), random)), "age", ',');
                    Assert.True(Enumerable.Range(0, hierarchy.LeafCount).All(leaf => hierarchy.Covers(hierarchy.FindLabel("*"), leaf)));
                }
                else
                {
                    using var report = new MemoryStream(Mutant.Bytes(Encoding.UTF8.GetBytes("{\"n\":9,\"k\":2,\"ncp\":0.5,\"mode\":\"tight\",\"t\":null}"), random));
                    var verdict = new TableCase { Report = Encoding.UTF8.GetString(report.ToArray()) }.Verify();
                    Assert.False(verdict.Clean);
                }

                taken++;
            }
            catch (TableFormatException)
            {
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"CLINICNETWORK_TEST_SEED={seed + input}: {exception.Message}", exception);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hierarchies and reports: {Inputs * Rounds / 2:N0} inputs, {taken:N0} taken"));
    }

    /// <summary>What was read, or why not; any other exception is the defect.</summary>
    private static string Outcome(Stream stream)
    {
        try
        {
            var table = VerifiedTable.Read(stream, ',');
            return "read " + string.Join('|', table.Header.Concat(table.Columns.SelectMany(column => Enumerable.Range(0, table.Rows).Select(column.ValueAt))));
        }
        catch (TableFormatException refused)
        {
            return refused.Message;
        }
    }

    private static string Value(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)])) + (random.Next(3) == 0 ? random.Next(9_999) : "");

    private static string Written(string value, Random random) =>
        value.AsSpan().IndexOfAny(";\"\r\n") >= 0 || random.Next(8) == 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Chopped(byte[] bytes, int seed, int longest) : MemoryStream(bytes)
    {
        private readonly Random _random = new(seed);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, _random.Next(1, longest + 1)));
    }
}
