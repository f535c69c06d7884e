using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>I1, I2, I3, I5 and I13: what became of each command.</summary>
public static class CommandVerdicts
{
    /// <summary>Request ids that the server makes for itself.</summary>
    private const string OwnIdPrefix = "due-";

    public static Verdict AcknowledgedOnce(RunFacts facts)
    {
        var findings = new Findings("I1", "every acknowledged command is in its history exactly once, at its version");
        var places = Places(facts);
        foreach (var op in facts.Operations.Values.Where(o => o.Acknowledged is not null))
        {
            var found = places.GetValueOrDefault(op.Id) ?? [];
            findings.Look(
                found is [var one] && one.Patient == op.Invoked.Patient && one.Version == op.Acknowledged!.Version && one.Command == op.Invoked.Command,
                () => found.Count == 0
                    ? $"{op.Id} ({op.Invoked.Command}, {op.Invoked.Patient}) acknowledged at {op.Acknowledged!.Version} is lost"
                    : $"{op.Id} ({op.Invoked.Patient}) acknowledged at {op.Acknowledged!.Version} is at {string.Join(", ", found.Select(e => e.Version))}");
        }

        foreach (var patient in facts.Patients.Values.Where(p => !p.Complete))
        {
            findings.Add($"the history of {patient.Name} was not read to its end");
        }

        foreach (var op in facts.Operations.Values.Where(o => o.Acknowledged is not null && !facts.Patients.ContainsKey(o.Invoked.Patient)).DistinctBy(o => o.Invoked.Patient))
        {
            findings.Add($"the history of {op.Invoked.Patient} was not read");
        }

        return findings.Judge();
    }

    public static Verdict RefusedNever(RunFacts facts)
    {
        var findings = new Findings("I2", "a command refused by every attempt is not there, an unknown one at most once, nothing else at all");
        var places = Places(facts);
        foreach (var op in facts.Operations.Values.Where(o => o.Acknowledged is null))
        {
            var count = (places.GetValueOrDefault(op.Id) ?? []).Count;
            findings.Look(count <= (op.HasUnknown ? 1 : 0), () => op.HasUnknown
                ? $"{op.Id} ({op.Invoked.Patient}) of unknown outcome is there {count} times"
                : $"{op.Id} ({op.Invoked.Patient}) was refused ({string.Join(", ", op.Attempts.Values.Select(a => a.Told?.Reason).Distinct())}) and is there");
        }

        foreach (var entry in facts.Patients.Values.SelectMany(p => p.Entries))
        {
            findings.Look(
                entry.Op.StartsWith(OwnIdPrefix, StringComparison.Ordinal) || facts.Operations.ContainsKey(entry.Op),
                () => $"{entry.Op} ({entry.Command}, {entry.Patient} version {entry.Version}) was sent by nobody");
        }

        return findings.Judge();
    }

    public static Verdict VersionsWithoutGap(RunFacts facts)
    {
        var findings = new Findings("I3", "versions are 1..n without gap");
        foreach (var patient in facts.Patients.Values)
        {
            for (var i = 0; i < patient.Entries.Count; i++)
            {
                var entry = patient.Entries[i];
                findings.Look(entry.Version == i + 1, () => $"{patient.Name}: entry {i + 1} has version {entry.Version} ({entry.Op})");
            }
        }

        return findings.Judge();
    }

    public static Verdict OneAnswer(RunFacts facts)
    {
        var findings = new Findings("I5", "all acknowledged attempts of one id got one answer, no attempt of an id that was accepted was refused");
        foreach (var op in facts.Operations.Values)
        {
            foreach (var attempt in op.Attempts.Values.Where(a => a.Told is not null))
            {
                var told = attempt.Told!;
                switch (told.Outcome)
                {
                    case Outcome.Ok:
                        findings.Look(
                            told.Version == op.Acknowledged!.Version && told.Answer == op.Acknowledged.Answer,
                            () => $"{op.Id} ({op.Invoked.Patient}) was answered version {op.Acknowledged!.Version} ({op.Acknowledged.Answer}) and version {told.Version} ({told.Answer})");
                        break;
                    case Outcome.Refused when told.Reason?.StartsWith("Unavailable", StringComparison.Ordinal) == true:
                        // Busy, or without its database: it speaks of this attempt alone, and asks for another.
                        break;
                    case Outcome.Refused when op.Invoked.Command == "StartSession" && attempt.SentMs <= op.AcknowledgedMs && PlanVerdict.MayHaveBeenHeld(facts, op, attempt):
                        // A conflict is resolved, and the session starts after all, under the same id.
                        break;
                    case Outcome.Refused:
                        // Whichever attempt came first: what was refused once, on any state, is not accepted later under the same id and message.
                        var when = attempt.SentMs > op.AcknowledgedMs ? " after it was acknowledged" : op.Acknowledged is not null ? " though it was acknowledged" : facts.There.Contains(op.Id) ? " though it is in a history" : "";
                        findings.Look(when.Length == 0 && !NeverFits(told.Reason), () => $"{op.Id} ({op.Invoked.Patient}) got {told.Reason}{when}");
                        break;
                    case Outcome.Unknown:
                        break;
                    default:
                        throw new InvalidDataException($"Nothing is known of the outcome {told.Outcome}.");
                }
            }
        }

        return findings.Judge();
    }

    public static Verdict DecidedOnPredecessor(RunFacts facts)
    {
        var findings = new Findings("I13", "no accepted command was decided on another version than its predecessor");
        foreach (var patient in facts.Patients.Values)
        {
            string? open = null;
            for (var i = 0; i < patient.Entries.Count; i++)
            {
                var (entry, planVersion) = (patient.Entries[i], patient.Plans[i].Version);
                var op = facts.Operations.GetValueOrDefault(entry.Op);
                switch (entry.Command)
                {
                    case "RevisePlan" or "ResolvePlanConflict" when op is not null:
                        findings.Look(op.Invoked.Base == planVersion, () => $"{op.Id} ({patient.Name} version {entry.Version}) changes the plan of version {op.Invoked.Base}, which was changed at {planVersion}");
                        break;
                    case "StartSession":
                        findings.Look(open is null, () => $"{entry.Op} ({patient.Name} version {entry.Version}) started a session while {open} was open");
                        open = op?.Invoked.Session ?? entry.Op;
                        break;
                    case "RecordDose" or "CompleteSession" when op is not null:
                        findings.Look(open == op.Invoked.Session, () => $"{op.Id} ({patient.Name} version {entry.Version}) is of session {op.Invoked.Session}, open is {open ?? "none"}");
                        open = entry.Command == "CompleteSession" ? null : open;
                        break;
                }
            }
        }

        foreach (var op in facts.Operations.Values.Where(o => o.Acknowledged?.PlanRevision is not null))
        {
            if (facts.Patients.TryGetValue(op.Invoked.Patient, out var patient) && op.Acknowledged!.Version < patient.Plans.Count)
            {
                var revision = patient.Plans[(int)op.Acknowledged.Version].Revision;
                findings.Look(
                    revision == op.Acknowledged.PlanRevision,
                    () => $"{op.Id} ({patient.Name} version {op.Acknowledged.Version}) answered plan revision {op.Acknowledged.PlanRevision}; its history makes {revision}");
            }
        }

        return findings.Judge();
    }

    /// <summary>What no attempt of this load may be told: each id has one message, and no answer is as old as 30 days.</summary>
    private static bool NeverFits(string? reason) => reason is not null
        && (reason.Contains("ANSWER_EXPIRED", StringComparison.Ordinal) || reason.Contains("REQUEST_ID_REUSED", StringComparison.Ordinal));

    private static Dictionary<string, List<HistoryEntry>> Places(RunFacts facts)
    {
        var places = new Dictionary<string, List<HistoryEntry>>();
        foreach (var entry in facts.Patients.Values.SelectMany(p => p.Entries))
        {
            if (places.TryGetValue(entry.Op, out var list))
            {
                list.Add(entry);
            }
            else
            {
                places[entry.Op] = [entry];
            }
        }

        return places;
    }
}
