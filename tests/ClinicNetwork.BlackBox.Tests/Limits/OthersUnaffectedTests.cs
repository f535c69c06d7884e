using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>
/// What honest callers notice of an attack: their p99 in windows with it against windows without, by turns, so that the machine's moods hit both. In the test
/// command the windows are too short for a judgement of twice the usual, and the bound is wider; <c>CLINICNETWORK_TEST_ROUNDS=6</c> judges by twice.
/// </summary>
public sealed class OthersUnaffectedTests(CalmNetwork calm, ITestOutputHelper output) : IClassFixture<CalmNetwork>
{
    private const int Callers = 4;
    private const int CallsPerSecondOfACaller = 50;
    private const int RoundsOfTheLongForm = 6;
    private const double RatioMax = 2.0;

    /// <summary>Of the short form, unless others wait less than <see cref="FeltShort"/>: a call that is held up is told from a busy machine, no more.</summary>
    private const double RatioMaxShort = 10;

    /// <summary>An attack goes on so long before it is looked at: what it may have at once is spent then.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan FeltShort = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WindowOfARound = TimeSpan.FromMilliseconds(500);

    private readonly NetworkFixture _fixture = calm.Network;

    public static TheoryData<string> Attacks => [.. Attack.All.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Others_are_answered_in_time_under_attack(string kind)
    {
        _fixture.Server.Permitted = LostConnectionTests.IsLost;
        var rounds = Math.Min(Bounded.Rounds(1), RoundsOfTheLongForm);
        var isLong = rounds == RoundsOfTheLongForm;
        // An odd count: the median of two is the worse one, and one stall of the machine would decide.
        var (window, turns) = (WindowOfARound * rounds, isLong ? 5 : 3);
        using var certificates = new TestCertificates(_fixture.Server);
        var attack = new Attack(_fixture.Server, certificates.Good("role:clinician", "role:operator"));
        var patients = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => _fixture.Network.TreatAsync($"patients/calm-{Math.Abs(kind.GetHashCode(StringComparison.Ordinal))}-{i}")));
        await MeasureAsync(patients, window);
        var (usual, attacked, calls) = (new List<TimeSpan>(), new List<TimeSpan>(), 0);
        var (calm, busy) = (new Cpu(), new Cpu());
        for (var turn = 0; turn < turns; turn++)
        {
            // Every second turn the other way round, so that what warms up or fills up counts for both.
            foreach (var under in turn % 2 == 0 ? (bool[])[false, true] : [true, false])
            {
                using var end = new CancellationTokenSource();
                var attacking = under ? Attack.All[kind].Run(attack, end.Token) : Task.CompletedTask;
                await MeasureAsync(patients, under ? Lead : TimeSpan.Zero);
                var cpu = Now;
                var latencies = await MeasureAsync(patients, window);
                (under ? busy : calm).Add(cpu, Now);
                Assert.False(attacking.IsFaulted || (under && attacking.IsCompleted), $"the attack ended: {attacking.Exception}");
                await end.CancelAsync();
                await attacking.Within();
                calls += latencies.Length;
                (under ? attacked : usual).Add(P99(latencies));
            }
        }

        var (before, during) = (Median(usual), Median(attacked));
        var ratio = during / before;
        var limit = isLong ? RatioMax : RatioMaxShort;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind} ({Attack.All[kind].Rate}): p99 {before.TotalMilliseconds:0.0} ms, under attack {during.TotalMilliseconds:0.0} ms, {ratio:0.00} times, limit {limit:0.0}; {calls} calls in {2 * turns} windows of {window.TotalSeconds:0.0} s; {Told(usual)} | {Told(attacked)}; CPU of the server {calm.Server} and {busy.Server} % of a core, of callers {calm.Callers} and with the attacker {busy.Callers} %"));
        Assert.True(ratio <= limit || (!isLong && during <= FeltShort), $"{ratio:0.00} times");
    }

    private (TimeSpan At, TimeSpan Server, TimeSpan Callers) Now => (TimeSpan.FromMilliseconds(Environment.TickCount64), _fixture.Server.CpuTime, Environment.CpuUsage.TotalTime);

    private static string Told(List<TimeSpan> all) => string.Join(' ', all.Select(one => one.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)));

    /// <summary>Callers that read and write in turns, each call begun at its time or, when the one before is not over, after it.</summary>
    private async Task<TimeSpan[]> MeasureAsync(string[] patients, TimeSpan window)
    {
        var latencies = new ConcurrentBag<TimeSpan>();
        if (window == TimeSpan.Zero)
        {
            return [];
        }

        using var end = new CancellationTokenSource(window);
        await Task.WhenAll(patients.Select(async patient =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / CallsPerSecondOfACaller));
            for (var i = 0; await NextAsync(timer, end.Token); i++)
            {
                var began = Stopwatch.GetTimestamp();
                if (i % 2 == 0)
                {
                    await _fixture.Network.Patients.GetPlanAsync(new() { Name = patient + "/plan" });
                }
                else
                {
                    await _fixture.Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, $"a-{Guid.NewGuid():N}"[..20]));
                }

                latencies.Add(Stopwatch.GetElapsedTime(began));
            }
        }));
        return [.. latencies];
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan P99(TimeSpan[] latencies) => latencies.Order().ElementAt(Math.Max(0, (int)(latencies.Length * 0.99) - 1));

    private static TimeSpan Median(List<TimeSpan> all) => all.Order().ElementAt(all.Count / 2);

    /// <summary>Who used the machine: attacker and callers are one process, and share its cores with the server.</summary>
    private sealed class Cpu
    {
        private TimeSpan _time;
        private TimeSpan _server;
        private TimeSpan _callers;

        /// <summary>Percent of one core.</summary>
        public int Server => (int)(100 * _server / _time);

        /// <inheritdoc cref="Server"/>
        public int Callers => (int)(100 * _callers / _time);

        public void Add((TimeSpan At, TimeSpan Server, TimeSpan Callers) from, (TimeSpan At, TimeSpan Server, TimeSpan Callers) to)
        {
            _time += to.At - from.At;
            _server += to.Server - from.Server;
            _callers += to.Callers - from.Callers;
        }
    }
}

/// <summary>A server at its usual limits, but that what a client may have at once is a second's calls: windows are short.</summary>
public sealed class CalmNetwork : IAsyncLifetime
{
    public NetworkFixture Network { get; } = new("--ClinicNetwork:CallsBurstMax", "1000");

    public Task InitializeAsync() => Network.InitializeAsync();

    public Task DisposeAsync() => Network.DisposeAsync();
}
