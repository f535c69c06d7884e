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

    /// <summary>The newest plan told, and the one before it.</summary>
    public (long Version, string Etag) Plan { get; private set; }

    public (long Version, string Etag) PlanBefore { get; private set; }

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

    public void TakePlan(long version, string etag)
    {
        lock (Course)
        {
            if (version > Plan.Version)
            {
                (PlanBefore, Plan) = (Plan, (version, etag));
            }
        }
    }
}
