using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Load;
using ClinicNetwork.Faults.Plan;

namespace ClinicNetwork.Faults.Run;

/// <summary>Strikes, measures how long it takes until a command that keeps its id succeeds, heals, and looks whether everything recovers within the grace.</summary>
internal sealed class FaultRunner(RigSettings settings, RigNetwork network, HistoryWriter history, Workload workload, IReadOnlyList<FeedReader> drains, Action<string> say)
{
    private static readonly TimeSpan GraceMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Probes at the moment of the fault, and then two at each interval.</summary>
    private const int ProbesAtOnce = 10;
    private const int ProbesMax = 200;

    /// <summary>Patients enrolled so that a server reaches the point at which it is to crash.</summary>
    private const int EnrolledMax = 60;
    private static readonly TimeSpan EnrolEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Patients looked at after a fault; after the last all of them.</summary>
    private const int SweptMax = 100;
    private const int SweptAtOnce = 12;

    private readonly List<(int Number, Fault Fault)> _beside = [];
    private int _number;
    private int _probes;

    public int Number => _number;

    public async Task RunAsync(Fault fault, CancellationToken stop)
    {
        var number = ++_number;
        say($"{number,3} {fault.Name}{(fault.Detail.Length > 0 ? $" ({fault.Detail})" : "")}");
        var random = new Random(unchecked((settings.Seed * 7919) + number));
        var began = history.Write(new FaultBegan(number, fault.Name, fault.Detail));
        using var healed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var probing = ProbeAsync(number, random, healed.Token, stop);
        try
        {
            var striking = fault.StrikeAsync(network, stop);
            if (fault.Point is { } point)
            {
                await EnrolUntilAsync(striking, point, number, stop);
                history.Write(new PointAwaited(number, point.Name, point.IsReached));
                say($"      {(point.IsReached ? "crashed at its point" : "the point was NOT REACHED; killed where it stood")}");
            }

            await striking;
            if (fault.Beside)
            {
                _beside.Add((number, fault));
                say($"      goes on beside the others");
                return;
            }

            await Pause.ForAsync(fault.Hold, stop);
        }
        finally
        {
            if (!fault.Beside)
            {
                // Even when the run is being ended: nothing may stay paused or cut.
                await fault.HealAsync(network, stop).WaitAsync(TimeSpan.FromSeconds(120), CancellationToken.None);
            }

            await healed.CancelAsync();
            await probing;
        }

        history.Write(new FaultHealed(number));
        await GraceAsync(number, random, all: false, began, stop);
    }

    /// <summary>
    /// A silo that has just started holds no patients, and those that are at work stay where they are: only new ones lead commands through it
    /// to its point.
    /// </summary>
    private async Task EnrolUntilAsync(Task struck, AwaitedPoint point, int number, CancellationToken stop)
    {
        for (var enrolled = 0; !struck.IsCompleted;)
        {
            if (point.IsServing && enrolled < EnrolledMax)
            {
                await workload.EnrolAsync(string.Create(CultureInfo.InvariantCulture, $"patients/crash-{number}-{enrolled}"), enrolled, new Random(unchecked((settings.Seed * 7919) + (number * 1_009) + enrolled)), stop);
                enrolled++;
            }
            else
            {
                await Pause.ForAsync(EnrolEvery, stop);
            }
        }

        await struck;
    }

    /// <summary>Ends what went on beside the others.</summary>
    public async Task EndBesideAsync(CancellationToken stop)
    {
        foreach (var (number, fault) in _beside)
        {
            await fault.HealAsync(network, stop);
            history.Write(new FaultHealed(number));
            await GraceAsync(number, new Random(number), all: true, history.NowMs, stop);
        }

        _beside.Clear();
    }

    /// <summary>Every patient accepts a write and every feed drains, each within the grace.</summary>
    private async Task GraceAsync(int number, Random random, bool all, double beganMs, CancellationToken stop)
    {
        var (healedMs, graceMax) = (history.NowMs, settings.Patience(GraceMax));
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        giveUp.CancelAfter(graceMax);
        var patients = workload.Patients.ToArray();
        random.Shuffle(patients);
        var swept = all ? patients : [.. patients.Take(SweptMax)];
        var late = new ConcurrentBag<string>();
        var feeds = Task.WhenAll(drains.Select(async drain => Note(drain.Site, await drain.DrainAsync(graceMax, stop))));
        await Parallel.ForEachAsync(swept, new ParallelOptions { MaxDegreeOfParallelism = SweptAtOnce, CancellationToken = stop }, async (patient, _) =>
        {
            var command = Commands.Miss(patient, string.Create(CultureInfo.InvariantCulture, $"grace-{settings.Seed}-{number}-{patient.Name["patients/".Length..]}"));
            var ending = await workload.Sender.DriveAsync(command, 1, new Random(patient.Name.Length + number), giveUp.Token);
            if (ending == Ending.Unresolved)
            {
                workload.Unresolved.Add(command);
            }

            Note(patient.Name, ending == Ending.Acknowledged);
        });
        await feeds;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"      healed after {(healedMs - beganMs) / 1000:0.0} s; {swept.Length} patients and {drains.Count} feeds fine {(history.NowMs - healedMs) / 1000:0.0} s later{(late.IsEmpty ? "" : $", LATE: {string.Join(' ', late.Take(5))}")}; {workload.Sender.Acknowledged} acknowledged"));

        void Note(string subject, bool ok)
        {
            var tookMs = history.NowMs - healedMs;
            history.Write(new GraceChecked(number, subject, ok, tookMs));
            if (!ok || tookMs > graceMax.TotalMilliseconds)
            {
                late.Add(subject);
            }
        }
    }

    private async Task ProbeAsync(int number, Random random, CancellationToken healed, CancellationToken stop)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        giveUp.CancelAfter(settings.Patience(ProbeMax));
        var patients = workload.Patients.ToArray();
        var probes = Enumerable.Range(0, ProbesAtOnce).Select(_ => OneAsync()).ToList();
        using var timer = new PeriodicTimer(ProbeEvery);
        try
        {
            while (probes.Count < ProbesMax && await timer.WaitForNextTickAsync(healed))
            {
                probes.Add(OneAsync());
                probes.Add(OneAsync());
            }
        }
        catch (OperationCanceledException)
        {
            // Healed: those under way are enough.
        }

        await Task.WhenAll(probes);

        async Task OneAsync()
        {
            int index, chance;
            lock (random)
            {
                (index, chance) = (random.Next(patients.Length), random.Next());
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"probe-{settings.Seed}-{number}-{Interlocked.Increment(ref _probes)}");
            var command = Commands.Miss(patients[index], id, number);
            if (await workload.Sender.DriveAsync(command, 1, new Random(chance), giveUp.Token) == Ending.Unresolved)
            {
                workload.Unresolved.Add(command);
            }
        }
    }
}
