using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ClinicNetwork.Tests.Fuzz;

/// <summary>
/// Inputs of one format with anything wrong in them, for a while: each is taken or refused, and nothing else happens, in bounded time and memory. Test projects share this file.
/// </summary>
internal static class FuzzRun
{
    /// <summary>What one input may have allocated, bytes.</summary>
    private const long BytesMax = 64L * 1024 * 1024;

    /// <summary>All formats together take some 30 s; <c>CLINICNETWORK_TEST_ROUNDS</c> multiplies it.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1) * (Number("CLINICNETWORK_TEST_ROUNDS") is { } rounds ? Math.Clamp(rounds, 1, 1_000) : 1);

    /// <summary>Of one input; generous, because the machine may be busy.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    /// <param name="format">For the line that is printed.</param>
    /// <param name="handIn">Makes an input and hands it in. True: it was taken, false: refused as documented. What it throws is the defect.</param>
    /// <param name="takesSome">False: hardly anything changed is taken, so that nothing is said of it.</param>
    public static void Of(ITestOutputHelper output, string format, Func<Random, bool> handIn, bool takesSome = true)
    {
        var seed = Number("CLINICNETWORK_TEST_SEED") ?? Random.Shared.Next(int.MaxValue / 2);
        var (inputs, taken, began) = (0, 0, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(began) < Length; inputs++)
        {
            var (since, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                taken += handIn(new Random(seed + inputs)) ? 1 : 0;
                Assert.True(Stopwatch.GetElapsedTime(since) < TimeMax, "it took too long");
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, BytesMax);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{format}, CLINICNETWORK_TEST_SEED={seed + inputs}: {exception.GetType().Name}: {exception.Message}", exception);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format}: {inputs:N0} inputs, {taken:N0} taken; CLINICNETWORK_TEST_SEED={seed}"));
        Assert.True(taken < inputs && (taken > 0 || !takesSome), $"{format}: {taken} of {inputs} taken; CLINICNETWORK_TEST_SEED={seed}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A folder of its own, in memory where there is such a place: the disk is not what is tested.</summary>
internal sealed class FuzzFolder : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), $"clinicnetwork-fuzz-{Guid.NewGuid():N}")).FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
