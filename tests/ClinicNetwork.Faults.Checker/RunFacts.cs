using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>One attempt of a command.</summary>
public sealed class Attempt
{
    public double SentMs { get; init; }

    /// <summary>Null: the run ended before an answer.</summary>
    public Told? Told { get; set; }
}

/// <summary>One command with all its attempts.</summary>
public sealed class Operation(Invoked invoked)
{
    public Invoked Invoked { get; } = invoked;

    public string Id => Invoked.Op;

    public SortedDictionary<int, Attempt> Attempts { get; } = [];

    /// <summary>When it was first acknowledged; infinite when never.</summary>
    public double AcknowledgedMs { get; private set; } = double.PositiveInfinity;

    /// <summary>Of the first acknowledgement.</summary>
    public Told? Acknowledged { get; private set; }

    public bool HasUnknown => Attempts.Values.Any(a => a.Told is null or { Outcome: Outcome.Unknown });

    public void Take(Told told)
    {
        if (Attempts.TryGetValue(told.Attempt, out var attempt))
        {
            attempt.Told = told;
        }

        if (told.Outcome == Outcome.Ok && Acknowledged is null)
        {
            (Acknowledged, AcknowledgedMs) = (told, told.AtMs);
        }
    }
}

/// <summary>A patient's history as read at the end, with what it amounts to after each version.</summary>
public sealed class PatientFacts(string name)
{
    public string Name { get; } = name;

    public List<HistoryEntry> Entries { get; } = [];

    public bool Complete { get; set; }

    /// <summary>At index v what versions 1 to v make; filled once the entries are known.</summary>
    public IReadOnlyList<Amount> Amounts { get; private set; } = [];

    /// <summary>At index v the plan as versions 1 to v make it.</summary>
    public IReadOnlyList<PlanFacts> Plans { get; private set; } = [];

    /// <summary>Of each conflict that the history resolves, when that was sent first, and acknowledged first (infinite: never).</summary>
    public IReadOnlyDictionary<int, (double SentMs, double AcknowledgedMs)> Resolutions { get; private set; } = new Dictionary<int, (double, double)>();

    /// <summary>At the time when a conflict can have been found at the earliest, until when it can have been open: infinite while nobody was told that it is resolved.</summary>
    internal HighestByTime HeldUntil { get; private set; } = new([]);

    /// <summary>The same of conflicts about the dose.</summary>
    internal HighestByTime DosingHeldUntil { get; private set; } = new([]);

    public void Fold(IReadOnlyDictionary<string, Operation> operations)
    {
        var (amounts, plans, contents) = (new List<Amount>(Entries.Count + 1) { default }, new List<PlanFacts>(Entries.Count + 1) { PlanFacts.None }, new Dictionary<long, PlanContent>());
        foreach (var entry in Entries)
        {
            amounts.Add(amounts[^1].After(entry.Command));
            plans.Add(plans[^1].After(entry, operations.GetValueOrDefault(entry.Op), contents));
            if (plans[^1] is { Content: { } content } plan && plan.Version == entry.Version)
            {
                contents[entry.Version] = content;
            }
        }

        (Amounts, Plans) = (amounts, plans);
        Resolutions = Entries.Where(e => e.Command == "ResolvePlanConflict").Select(e => operations.GetValueOrDefault(e.Op)).OfType<Operation>()
            .GroupBy(o => o.Invoked.Conflict ?? 0).ToDictionary(g => g.Key, g => (g.Min(o => o.Invoked.AtMs), g.Min(o => o.AcknowledgedMs)));
        var conflicts = plans.SelectMany(p => p.Open).DistinctBy(c => c.Number).ToList();
        (HeldUntil, DosingHeldUntil) = (new(conflicts.Select(Held)), new(conflicts.Where(c => c.Dosing).Select(Held)));

        (double, double) Held(OpenConflict conflict) =>
            (operations[conflict.FoundBy].Invoked.AtMs, Resolutions.TryGetValue(conflict.Number, out var resolved) ? resolved.AcknowledgedMs : double.PositiveInfinity);
    }
}

/// <summary>How much of each thing a history has made.</summary>
public readonly record struct Amount(int Assessments, int Sessions, int Closings)
{
    public Amount After(string command) => command switch
    {
        "RecordAssessment" => this with { Assessments = Assessments + 1 },
        "StartSession" => this with { Sessions = Sessions + 1 },
        "CloseMilestone" => this with { Closings = Closings + 1 },
        _ => this,
    };
}

/// <summary>A history sorted by what it is about, in one pass.</summary>
public sealed class RunFacts
{
    /// <summary>Reader whose sequence was read at the end, from the start to the end.</summary>
    public const string WholeFeed = "whole";

    public RunBegan? Began { get; private set; }

    public RunEnded? Ended { get; private set; }

    public Dictionary<string, Operation> Operations { get; } = [];

    public Dictionary<string, PatientFacts> Patients { get; } = [];

    /// <summary>Ids of the commands that stand in any history.</summary>
    public HashSet<string> There { get; } = [];

    public List<StateRead> Reads { get; } = [];

    public List<ReadRefused> RefusedReads { get; } = [];

    /// <summary>Feed events of each reader in order.</summary>
    public Dictionary<(string Site, string Reader), List<HistoryEvent>> Feeds { get; } = [];

    public Dictionary<int, FaultBegan> Faults { get; } = [];

    public Dictionary<int, double> HealedMs { get; } = [];

    public List<PointAwaited> Points { get; } = [];

    public List<GraceChecked> Graces { get; } = [];

    public List<Sampled> Samples { get; } = [];

    /// <summary>For each patient the milestones that a worklist shows as overdue.</summary>
    public Dictionary<string, HashSet<string>> Overdue { get; } = [];

    /// <summary>For each patient the versions in the audit, in the order of positions.</summary>
    public Dictionary<string, List<long>> Audited { get; } = [];

    public AuditRead? Audit { get; private set; }

    public List<Scanned> Scans { get; } = [];

    public List<Leaked> Leaks { get; } = [];

    public static RunFacts Of(IEnumerable<HistoryEvent> events)
    {
        var facts = new RunFacts();
        foreach (var entry in events)
        {
            facts.Take(entry);
        }

        foreach (var patient in facts.Patients.Values)
        {
            patient.Fold(facts.Operations);
        }

        return facts;
    }

    private void Take(HistoryEvent entry)
    {
        switch (entry)
        {
            case RunBegan e: Began = e; break;
            case RunEnded e: Ended = e; break;
            case Invoked e: Operations.TryAdd(e.Op, new Operation(e)); break;
            case Sent e when Operations.TryGetValue(e.Op, out var op): op.Attempts.TryAdd(e.Attempt, new Attempt { SentMs = e.AtMs }); break;
            case Told e when Operations.TryGetValue(e.Op, out var op): op.Take(e); break;
            case StateRead e: Reads.Add(e); break;
            case ReadRefused e: RefusedReads.Add(e); break;
            case FeedBegan e: Feed(e.Site, e.Reader).Add(e); break;
            case FeedEntry e: Feed(e.Site, e.Reader).Add(e); break;
            case FeedBookmark e: Feed(e.Site, e.Reader).Add(e); break;
            case FeedEnded e: Feed(e.Site, e.Reader).Add(e); break;
            case FaultBegan e: Faults[e.Number] = e; break;
            case FaultHealed e: HealedMs[e.Number] = e.AtMs; break;
            case PointAwaited e: Points.Add(e); break;
            case GraceChecked e: Graces.Add(e); break;
            case Sampled e: Samples.Add(e); break;
            case HistoryEntry e:
                Patient(e.Patient).Entries.Add(e);
                There.Add(e.Op);
                break;
            case HistoryComplete e: Patient(e.Patient).Complete = Patient(e.Patient).Entries.Count == e.Entries; break;
            case OverdueListed e: (Overdue.TryGetValue(e.Patient, out var milestones) ? milestones : Overdue[e.Patient] = []).Add(e.Milestone); break;
            case AuditPlaced e: (Audited.TryGetValue(e.Patient, out var versions) ? versions : Audited[e.Patient] = []).Add(e.Version); break;
            case AuditRead e: Audit = e; break;
            case Scanned e: Scans.Add(e); break;
            case Leaked e: Leaks.Add(e); break;
            default: throw new InvalidDataException($"Nothing is known of {entry.GetType().Name}.");
        }
    }

    private PatientFacts Patient(string name) => Patients.TryGetValue(name, out var patient) ? patient : Patients[name] = new(name);

    private List<HistoryEvent> Feed(string site, string reader) => Feeds.TryGetValue((site, reader), out var events) ? events : Feeds[(site, reader)] = [];
}
