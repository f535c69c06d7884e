using System.Globalization;

namespace ClinicNetwork.Faults.Checker;

/// <summary>I7, I10, I12 and I14: follow-ups, identifiers, the time after a fault, and what it left.</summary>
public static class AroundVerdicts
{
    /// <summary>Grace after a fault, ms.</summary>
    public const double GraceMs = 30_000;

    /// <summary>How far below the level before it may stay: a tenth, and what a runtime that collects when it likes cannot be held to.</summary>
    private const double ShareMax = 1.10;
    private const int HandlesSlack = 40;
    private const int ConnectionsSlack = 10;
    private const double MemorySlackMiB = 192;

    /// <summary>
    /// Days from the clinical day of the first dose to the start of the day on which each follow-up is closed: 28 days of induction, then the
    /// end of the measuring window (McInnes 2022: days 14 to 31; weeks 4, 8, 12 ± 7 days and 26, 52 ± 14 days from day 22), and one.
    /// </summary>
    private static readonly int[] ClosingDays = [60, 86, 114, 142, 247, 429];

    /// <summary>The follow-ups in the order in which they close, by the names of the contract.</summary>
    private static readonly string[] Milestones = ["EndOfInduction", "Week4", "Week8", "Week12", "Week26", "Week52"];

    /// <summary>Parts of the network that must have been searched: the database's files, the keys, the logs.</summary>
    private static readonly string[] Searched = ["pg", "keys", "logs"];

    public static Verdict FollowUps(RunFacts facts)
    {
        var findings = new Findings("I7", "each follow-up past due is done or visibly overdue, none is done twice or early");
        if (facts.Ended is not { } ended)
        {
            return findings.Judge();
        }

        // What is due has an id of its own over all patients, so that one that stands twice was done twice.
        foreach (var again in facts.Patients.Values.SelectMany(p => p.Entries).Where(e => e.Command == "CloseMilestone").GroupBy(e => e.Op).Where(g => g.Skip(1).Any()))
        {
            findings.Add($"{again.Key} is done {again.Count()} times: {string.Join(", ", again.Select(e => $"{e.Patient} version {e.Version}"))}");
        }

        foreach (var op in facts.Operations.Values.Where(o => o.Invoked.FirstDose is not null && o.Acknowledged is not null))
        {
            if (!facts.Patients.TryGetValue(op.Invoked.Patient, out var patient))
            {
                continue;
            }

            // The rig's clinics keep UTC, so that a clinical day needs no calendar here.
            var closings = ClosingDays.Select(days => op.Invoked.FirstDose!.Value.AddDays(days).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)).ToList();
            var due = closings.Count(c => c <= ended.StoreTime.UtcDateTime);
            var done = patient.Entries.Where(e => e.Command == "CloseMilestone").OrderBy(e => e.RecordedAt).ToList();
            findings.Look(done.Count <= due, () => $"{patient.Name}: {done.Count} follow-ups closed, {due} were due ({string.Join(", ", done.Select(e => e.Op))})");
            var listed = facts.Overdue.GetValueOrDefault(patient.Name) is { } overdue ? Milestones.Take(due).Count(overdue.Contains) : 0;
            findings.Look(due - done.Count <= listed, () => $"{patient.Name}: {due} follow-ups were due, {done.Count} are closed and {listed} of the due are listed as overdue");
            for (var i = 0; i < Math.Min(done.Count, due); i++)
            {
                var (entry, closes) = (done[i], closings[i]);
                findings.Look(entry.RecordedAt.UtcDateTime >= closes, () => $"{patient.Name}: {entry.Op} closed at {entry.RecordedAt:u}, before {closes:u}");
            }
        }

        return findings.Judge();
    }

    public static Verdict NoIdentifier(RunFacts facts)
    {
        var findings = new Findings("I10", "no planted identifier in any file of the database, any log or key folder");
        if (facts.Scans.Count > 0)
        {
            foreach (var part in Searched)
            {
                findings.Look(facts.Scans.Any(s => s.Where == part && s.Bytes > 0), () => $"{part}: nothing was read");
            }
        }

        foreach (var leak in facts.Leaks)
        {
            findings.Add($"{leak.Where}: {leak.What}");
        }

        return findings.Judge();
    }

    public static Verdict AuditIsWhole(RunFacts facts)
    {
        var findings = new Findings("I11", "the audit verifies, and holds every version of every patient once and in order");
        if (facts.Audit is { } audit)
        {
            findings.Look(audit.Finding is null && audit.Signed > 0, () => audit.Finding ?? "no head was signed");
            foreach (var patient in facts.Patients.Values.Where(p => p.Complete))
            {
                // What became due after the history was read does not count.
                var placed = facts.Audited.GetValueOrDefault(patient.Name, []).Where(version => version <= patient.Entries.Count).ToList();
                var wanted = patient.Entries.Select(e => e.Version).ToList();
                findings.Look(placed.SequenceEqual(wanted), () => $"{patient.Name}: not in the audit {Versions(wanted.Except(placed))}; {placed.Count} entries for {wanted.Count} versions");
            }
        }

        return findings.Judge();

        static string Versions(IEnumerable<long> versions) => string.Join(", ", versions.Take(5));
    }

    public static Verdict Recovers(RunFacts facts)
    {
        var findings = new Findings("I12", "within 30 s after a fault every patient accepts a write and every feed drains");
        foreach (var grace in facts.Graces)
        {
            findings.Look(grace.Ok && grace.TookMs <= GraceMs, () =>
                $"after fault {grace.Number} ({facts.Faults.GetValueOrDefault(grace.Number)?.Fault}): {grace.Subject} {(grace.Ok ? "took" : "not within")} {grace.TookMs:0} ms");
        }

        foreach (var fault in facts.Faults.Values)
        {
            findings.Look(facts.HealedMs.ContainsKey(fault.Number) && facts.Graces.Any(g => g.Number == fault.Number), () => $"fault {fault.Number} ({fault.Fault}): nobody looked whether it recovered");
        }

        return findings.Judge();
    }

    public static Verdict NothingLeft(RunFacts facts)
    {
        var findings = new Findings("I14", "handles, connections and memory are back within 60 s");
        var before = facts.Samples.Where(s => s.When == "before").ToLookup(s => s.Process);
        var after = facts.Samples.Where(s => s.When == "after").ToLookup(s => s.Process);
        foreach (var level in before)
        {
            var left = after[level.Key].ToList();
            findings.Look(left.Count > 0, () => $"{level.Key}: measured before the first fault and not after the last, it does not run");
            if (left.Count > 0)
            {
                Compare(level.Key, "handles", level.Max(s => s.Handles), left.Min(s => s.Handles), HandlesSlack);
                Compare(level.Key, "connections", level.Max(s => s.Connections), left.Min(s => s.Connections), ConnectionsSlack);
                Compare(level.Key, "MiB", level.Max(s => s.MemoryMiB), left.Min(s => s.MemoryMiB), MemorySlackMiB);
            }
        }

        return findings.Judge();

        void Compare(string process, string what, double was, double now, double slack) => findings.Look(
            now <= (was * ShareMax) + slack,
            () => string.Create(CultureInfo.InvariantCulture, $"{process}: {now:0} {what}, {was:0} before the first fault"));
    }
}
