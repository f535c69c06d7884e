using System.Collections.Concurrent;

namespace ClinicNetwork.Faults.Load;

/// <summary>What the driver knows of a patient that it made.</summary>
/// <param name="firstDose">Clinical day on which the course begins; the rig's clinics keep UTC.</param>
internal sealed class Patient(string name, string home, DateOnly firstDose)
{
    /// <summary>A course has at most this many sessions, three days apart.</summary>
    public const int SessionsMax = 6;
    public const int SessionEveryDays = 3;

    private long _seen;
    private int _things;

    public string Name => name;

    public string Home => home;

    /// <summary>One session step at a time, and none after one whose outcome nobody learnt.</summary>
    public SemaphoreSlim Course { get; } = new(1, 1);

    /// <summary>Steps of the course done: start, dose and completion of each session.</summary>
    public int CourseSteps { get; set; }

    /// <summary>A start that an open conflict held back: sent again, with its id, until it is taken.</summary>
    public Command? Held { get; set; }

    /// <summary>The newest plan told, and the one before it.</summary>
    public KnownPlan Plan { get; private set; } = KnownPlan.None;

    public KnownPlan PlanBefore { get; private set; } = KnownPlan.None;

    /// <summary>Proposals at once: at most 20 conflicts may be open.</summary>
    public SemaphoreSlim Proposals { get; } = new(6, 6);

    /// <summary>Conflicts told, with whether the driver knows that they are resolved: an old answer tells of one again.</summary>
    public ConcurrentDictionary<int, bool> Conflicts { get; } = new();

    public IEnumerable<int> OpenConflicts => Conflicts.Where(c => !c.Value).Select(c => c.Key);

    /// <summary>The highest version told.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>A number for a new thing of this patient.</summary>
    public int NextThing() => Interlocked.Increment(ref _things);

    public DateOnly DayOf(int session) => firstDose.AddDays(SessionEveryDays * session);

    public void See(long version)
    {
        long seen;
        while ((seen = Seen) < version && Interlocked.CompareExchange(ref _seen, version, seen) != seen)
        {
        }
    }

    public void TakePlan(KnownPlan plan)
    {
        lock (Course)
        {
            if (plan.Version > Plan.Version)
            {
                (PlanBefore, Plan) = (Plan, plan);
            }
        }
    }
}
