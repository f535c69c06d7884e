using System.Collections.Concurrent;
using System.Globalization;

namespace ClinicNetwork.Faults.Load;

/// <summary>How much load a run makes.</summary>
/// <param name="SharedPatients">Patients that all workers write, several at once.</param>
/// <param name="OwnPatientsMax">Patients that a worker enrols for itself while it works.</param>
/// <param name="ThinkMaxMs">A worker waits up to this between two commands, so that a server which starts again finds a machine with room.</param>
internal sealed record LoadSize(int Workers, int SharedPatients, int OwnPatientsMax, int Readers, int ThinkMaxMs);

/// <summary>The workers: each makes one command after another, chosen by the seed.</summary>
internal sealed class Workload(int seed, LoadSize size, Sender sender)
{
    public static readonly string[] Sites = ["clinics/harbour", "clinics/hill", "clinics/meadow"];

    private const int CopiesMax = 3;

    /// <summary>Of an induction.</summary>
    private const int SessionsMax = 12;

    /// <summary>Open conflicts of a patient at which nobody proposes more.</summary>
    private const int ConflictsMax = 4;

    /// <summary>A worker enrols its next own patient after so many commands.</summary>
    private const int EnrolEvery = 12;

    private readonly ConcurrentQueue<Patient> _patients = new();

    public IReadOnlyCollection<Patient> Patients => _patients;

    public Sender Sender => sender;

    /// <summary>Commands whose sender gave up without knowing.</summary>
    public ConcurrentBag<Command> Unresolved { get; } = [];

    /// <summary>Makes the shared patients, before the first fault.</summary>
    public async Task MakeSharedAsync(CancellationToken giveUp)
    {
        var made = await Task.WhenAll(Enumerable.Range(0, size.SharedPatients).Select(i => MakeAsync($"patients/shared-{i}", i, new Random(unchecked((seed * 7907) + i)), giveUp)));
        if (made.Contains(null))
        {
            throw new Processes.RigException("the network took no patients before the first fault");
        }
    }

    /// <summary>Works until told to stop; commands under way are driven on until <paramref name="giveUp"/>.</summary>
    public Task RunAsync(CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, size.Workers).Select(worker => Task.Run(() => WorkAsync(worker, stop, giveUp), CancellationToken.None)));

    /// <summary>Makes one patient more, beside the workers.</summary>
    public async Task EnrolAsync(string name, int number, Random random, CancellationToken giveUp) => await MakeAsync(name, number, random, giveUp);

    private async Task WorkAsync(int worker, CancellationToken stop, CancellationToken giveUp)
    {
        var random = new Random(unchecked((seed * 397) + worker));
        var shared = _patients.Take(size.SharedPatients).OrderBy(p => p.Name, StringComparer.Ordinal).ToArray();
        var own = new List<Patient>();
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            if (number % EnrolEvery == EnrolEvery / 2 && own.Count < size.OwnPatientsMax)
            {
                if (await MakeAsync($"patients/w{worker}-{own.Count}", (worker * 7) + own.Count, new Random(random.Next()), giveUp) is { } made)
                {
                    own.Add(made);
                }

                continue;
            }

            var patient = own.Count > 0 && random.Next(2) == 0 ? own[random.Next(own.Count)] : shared[random.Next(shared.Length)];
            await StepAsync(patient, string.Create(CultureInfo.InvariantCulture, $"op-{seed}-{worker}-{number}"), random, giveUp);
            await Pause.ForAsync(TimeSpan.FromMilliseconds(random.Next(size.ThinkMaxMs)), giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StepAsync(Patient patient, string id, Random random, CancellationToken giveUp)
    {
        // Gateways and waits have a chance of their own, so that a retry more or less changes none of the worker's later choices.
        var (kind, copies, value, chance) = (random.Next(100), random.Next(1, CopiesMax + 1), random.Next(), new Random(random.Next()));
        if (kind < 6)
        {
            await sender.AgainAsync(chance, giveUp);
        }
        else if (kind < 26)
        {
            await CourseAsync(patient, id, copies, chance, giveUp);
        }
        else
        {
            var (now, before) = (patient.Plan, patient.PlanBefore);
            var sessions = 1 + (value % SessionsMax);
            var older = before.Version > 0 ? before : now;
            switch (kind)
            {
                case >= 36 and < 46:
                    await ProposeAsync(patient, Commands.Propose(patient, id, kind < 41 ? older : now, value % 3 != 0 ? sessions : null, value % 3 != 1 ? PlanTexts.Change(older.Version > 0 && kind < 41 ? older.Goals : now.Goals, id, value / 3) : null), copies, chance, giveUp);
                    break;
                case >= 46 and < 54 when patient.OpenConflicts.Order().FirstOrDefault() is > 0 and var conflict:
                    await ResolveAsync(patient, Commands.Resolve(patient, id, now, conflict, kind < 49, kind < 52 ? null : sessions), copies, chance, giveUp);
                    break;
                default:
                    await DriveAsync(
                        kind switch
                        {
                            < 36 => Commands.Revise(patient, id, kind < 29 ? older : now, sessions),
                            < 62 => Commands.Consult(patient, id),
                            < 71 => Commands.Consent(patient, id, kind % 2 == 0),
                            < 85 => Commands.Miss(patient, id),
                            _ => Commands.Assess(patient, id, value % 28),
                        },
                        copies,
                        chance,
                        giveUp);
                    break;
            }
        }
    }

    private async Task ProposeAsync(Patient patient, Command proposal, int copies, Random random, CancellationToken giveUp)
    {
        // Too many open conflicts would refuse it.
        if (patient.OpenConflicts.Count() >= ConflictsMax || !await patient.Proposals.WaitAsync(0, CancellationToken.None))
        {
            return;
        }

        if (await DriveAsync(proposal, copies, random, giveUp) != Ending.Unresolved)
        {
            patient.Proposals.Release();
        }
    }

    private async Task ResolveAsync(Patient patient, Command resolution, int copies, Random random, CancellationToken giveUp)
    {
        if (await DriveAsync(resolution, copies, random, giveUp) == Ending.Acknowledged)
        {
            patient.Conflicts[resolution.Invoked.Conflict!.Value] = true;
        }
    }

    private async Task CourseAsync(Patient patient, string id, int copies, Random random, CancellationToken giveUp)
    {
        if (!await patient.Course.WaitAsync(0, CancellationToken.None))
        {
            return;
        }

        if ((patient.Held ?? Commands.NextStep(patient, id)) is not { } step)
        {
            patient.Course.Release();
            return;
        }

        var ending = await DriveAsync(step, copies, random, giveUp);
        if (ending == Ending.Acknowledged)
        {
            (patient.Held, patient.CourseSteps) = (null, patient.CourseSteps + 1);
            patient.Course.Release();
        }
        else if (ending == Ending.Refused && step.Invoked.Command == "StartSession")
        {
            // Over an open conflict nobody starts a session; with any other reason I4 says so.
            patient.Held = step;
            patient.Course.Release();
        }
    }

    private async Task<Ending> DriveAsync(Command command, int copies, Random random, CancellationToken giveUp)
    {
        var ending = await sender.DriveAsync(command, copies, random, giveUp);
        if (ending == Ending.Unresolved)
        {
            Unresolved.Add(command);
        }

        return ending;
    }

    private async Task<Patient?> MakeAsync(string name, int number, Random random, CancellationToken giveUp)
    {
        var home = number % Sites.Length;
        var patient = new Patient(name, Sites[home], Times.FirstDose(number));
        var id = string.Create(CultureInfo.InvariantCulture, $"new-{seed}-{name["patients/".Length..]}");
        List<Command> commands = [Commands.Enrol(patient, id + "-1"), Commands.Consult(patient, id + "-2"), Commands.Plan(patient, id + "-3")];
        if (number % 2 == 0)
        {
            commands.Add(Commands.Share(patient, id + "-4", Sites[(home + 1) % Sites.Length]));
        }

        foreach (var command in commands)
        {
            if (await DriveAsync(command, random.Next(1, CopiesMax + 1), new Random(random.Next()), giveUp) != Ending.Acknowledged)
            {
                return null;
            }
        }

        _patients.Enqueue(patient);
        return patient;
    }
}
