using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>
/// I6, the feed's six properties. The reading made at the end from the start is held against the histories (Reliable, Unique, Atomic, Ordered);
/// what each reader got in all its pieces must be the beginning of that very sequence (Resumable, Bookmarkable).
/// </summary>
public static class FeedVerdict
{
    public static Verdict Check(RunFacts facts)
    {
        var findings = new Findings("I6", "the feed is ordered, unique, reliable, resumable, atomic, bookmarkable");
        var sees = Sees(facts);
        foreach (var site in facts.Feeds.Keys.Select(k => k.Site).Distinct())
        {
            if (!facts.Feeds.TryGetValue((site, RunFacts.WholeFeed), out var events) || events is not [.., FeedEnded { Complete: true }])
            {
                findings.Add($"{site}: the feed could not be read to its end");
                continue;
            }

            var whole = events.OfType<FeedEntry>().ToList();
            CheckWhole(facts, findings, site, whole, sees.GetValueOrDefault(site) ?? []);
            CheckOrder(facts, findings, site, whole);
            var acknowledged = AcknowledgedFrom(facts, whole);
            foreach (var reader in facts.Feeds.Keys.Where(k => k.Site == site && k.Reader != RunFacts.WholeFeed))
            {
                CheckReader(findings, site, reader.Reader, facts.Feeds[reader], whole, acknowledged);
            }
        }

        return findings.Judge();
    }

    /// <summary>Each patient that a site sees, with the version it sees it from.</summary>
    private static Dictionary<string, Dictionary<string, long>> Sees(RunFacts facts)
    {
        var sees = new Dictionary<string, Dictionary<string, long>>();
        foreach (var entry in facts.Patients.Values.SelectMany(p => p.Entries))
        {
            if (facts.Operations.TryGetValue(entry.Op, out var op) && op.Invoked.Site is { } site)
            {
                if (!sees.TryGetValue(site, out var patients))
                {
                    sees[site] = patients = [];
                }

                patients.TryAdd(entry.Patient, entry.Version);
            }
        }

        return sees;
    }

    private static void CheckWhole(RunFacts facts, Findings findings, string site, List<FeedEntry> whole, Dictionary<string, long> sees)
    {
        var next = new Dictionary<string, long>(sees);
        var seen = new HashSet<(string, long)>();
        foreach (var entry in whole)
        {
            var name = $"{site}: {entry.Patient} version {entry.Version}";
            findings.Look(seen.Add((entry.Patient, entry.Version)), () => $"Unique, {name} is there twice");
            if (!next.TryGetValue(entry.Patient, out var expected))
            {
                findings.Add($"Reliable, {name} is of a patient that this site does not see");
                continue;
            }

            findings.Look(entry.Version == expected, () => entry.Version > expected ? $"Reliable, {name} follows, {expected} is missing" : $"Ordered, {name} comes after {expected - 1}");
            next[entry.Patient] = Math.Max(expected, entry.Version + 1);
            var history = facts.Patients.GetValueOrDefault(entry.Patient)?.Entries;
            findings.Look(
                history is not null && entry.Version >= 1 && entry.Version <= history.Count && history[(int)entry.Version - 1].Command == entry.Command,
                () => $"Atomic, {name} ({entry.Command}) is not what its history holds");
        }

        foreach (var (patient, version) in next)
        {
            var last = facts.Patients[patient].Entries.Count;
            findings.Look(version > last, () => $"Reliable, {site}: {patient} ends at {version - 1}, its history at {last}");
        }
    }

    /// <summary>What was acknowledged before another command was sent stands before it.</summary>
    private static void CheckOrder(RunFacts facts, Findings findings, string site, List<FeedEntry> whole)
    {
        Operation? latest = null;
        foreach (var entry in whole)
        {
            if (OperationOf(facts, entry) is not { } op)
            {
                continue;
            }

            findings.Look(
                latest is null || latest.Invoked.AtMs <= op.AcknowledgedMs,
                () => $"Ordered, {site}: {latest!.Id}, sent at {latest.Invoked.AtMs:0} ms, stands before {op.Id}, acknowledged at {op.AcknowledgedMs:0} ms");
            latest = latest is null || op.Invoked.AtMs > latest.Invoked.AtMs ? op : latest;
        }
    }

    /// <summary>At i the earliest acknowledgement among entries i and later.</summary>
    private static double[] AcknowledgedFrom(RunFacts facts, List<FeedEntry> whole)
    {
        var from = new double[whole.Count + 1];
        from[whole.Count] = double.PositiveInfinity;
        for (var i = whole.Count - 1; i >= 0; i--)
        {
            from[i] = Math.Min(from[i + 1], OperationOf(facts, whole[i])?.AcknowledgedMs ?? double.PositiveInfinity);
        }

        return from;
    }

    private static void CheckReader(Findings findings, string site, string reader, List<HistoryEvent> events, List<FeedEntry> whole, double[] acknowledged)
    {
        var at = 0;
        var from = "start";
        var fresh = true;
        FeedBegan? began = null;

        // Each reader is drained at the end, when nothing strikes any more.
        var last = events.FindLast(e => e is FeedBegan or FeedEnded);
        findings.Look(last is FeedEnded { Complete: true }, () => $"Resumable, {site} read by {reader}: its last piece did not catch up{(last is FeedEnded { Refused: { } refused } ? $", {refused}" : "")}");
        foreach (var feedEvent in events)
        {
            switch (feedEvent)
            {
                case FeedBegan e:
                    (began, from, fresh) = (e, e.From, true);
                    at = e.From == "start" ? 0 : at;
                    break;
                case FeedEntry e:
                    var good = at < whole.Count && (whole[at].Patient, whole[at].Version, whole[at].Command) == (e.Patient, e.Version, e.Command);
                    var property = !fresh ? "Reliable" : from == "bookmark" ? "Bookmarkable" : from == "change" ? "Resumable" : "Reliable";
                    findings.Look(good, () => $"{property}, {site} read by {reader}: entry {at} was {e.Patient} version {e.Version}, read again at the end it is {(at < whole.Count ? $"{whole[at].Patient} version {whole[at].Version}" : "nothing")}");
                    if (!good)
                    {
                        // Everything after the first difference would differ too.
                        return;
                    }

                    (at, fresh) = (at + 1, false);
                    break;
                case FeedEnded { Complete: true } e when began is not null:
                    var beganMs = began.AtMs;
                    findings.Look(acknowledged[at] >= beganMs, () => $"Reliable, {site} read by {reader}: caught up after {at} entries at {e.AtMs:0} ms, though entry {at} or a later one was acknowledged at {acknowledged[at]:0} ms, before it began");
                    break;
            }
        }
    }

    private static Operation? OperationOf(RunFacts facts, FeedEntry entry) =>
        facts.Patients.GetValueOrDefault(entry.Patient)?.Entries is { } history && entry.Version >= 1 && entry.Version <= history.Count
            ? facts.Operations.GetValueOrDefault(history[(int)entry.Version - 1].Op)
            : null;
}
