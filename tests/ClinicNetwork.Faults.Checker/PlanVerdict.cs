using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>I15: no change of a plan is lost, applied twice or merged in silence, and no session starts while two doses contradict each other.</summary>
public static class PlanVerdict
{
    public static Verdict Check(RunFacts facts)
    {
        var findings = new Findings("I15", "each plan is what a three-way merge of its history makes, each proposal became what it had to, and none starts a session over a conflict");
        foreach (var patient in facts.Patients.Values)
        {
            for (var i = 0; i < patient.Entries.Count; i++)
            {
                var (entry, before, after) = (patient.Entries[i], patient.Plans[i], patient.Plans[i + 1]);
                var name = $"{entry.Op} ({entry.Command}, {patient.Name} version {entry.Version})";
                switch (entry.Command)
                {
                    case "StartSession":
                        findings.Look(!before.IsDosingHeld, () => $"{name} started a session over conflict {before.Open.First(c => c.Dosing).Number}");
                        break;
                    case "RevisePlan":
                        findings.Look(before.Open.IsEmpty, () => $"{name} revises a plan with {before.Open.Length} open conflicts");
                        break;
                    case "ProposeRevision" or "ResolvePlanConflict":
                        findings.Look(!after.Became.StartsWith("of ", StringComparison.Ordinal), () => $"{name} is {after.Became}");
                        break;
                }
            }
        }

        foreach (var op in facts.Operations.Values.Where(o => o.Acknowledged?.Plan is not null))
        {
            if (At(facts, op.Invoked.Patient, op.Acknowledged!.Version) is { Content: { } content } plan)
            {
                var told = op.Acknowledged;
                findings.Look(told.Plan == content.ToString() && (told.Became ?? "") == plan.Became, () =>
                    $"{op.Id} ({op.Invoked.Command}, {op.Invoked.Patient} version {told.Version}) answered {told.Became} {told.Plan}; its history makes {plan.Became} {content}");
            }
        }

        foreach (var read in facts.Reads.Where(r => r.Plan is not null))
        {
            if (At(facts, read.Patient, read.Version) is { Content: { } content } plan)
            {
                findings.Look(
                    read.Plan == content.ToString() && read.OpenConflicts == plan.Open.Length,
                    () => $"{read.Patient} at {read.AtMs:0} ms by {read.Gateway}, version {read.Version}: shows {read.Plan} and {read.OpenConflicts} conflicts; its history makes {content} and {plan.Open.Length}");
            }
        }

        return findings.Judge();
    }

    /// <summary>Whether an attempt can have met an open conflict: one that can have been found before its answer, and was not known to be resolved when it was sent.</summary>
    public static bool MayHaveBeenHeld(RunFacts facts, Operation op, Attempt attempt) =>
        attempt.Told?.Reason?.EndsWith(" PLAN_CONFLICT", StringComparison.Ordinal) == true
        && facts.Patients.TryGetValue(op.Invoked.Patient, out var patient)
        && op.Invoked.Command switch
        {
            "StartSession" => patient.DosingHeldUntil.Before(attempt.Told.AtMs) >= attempt.SentMs,
            "RevisePlan" => patient.HeldUntil.Before(attempt.Told.AtMs) >= attempt.SentMs,
            _ => false,
        };

    /// <summary>Whether an attempt to resolve a conflict can have come after another that did.</summary>
    public static bool MayHaveBeenClosed(RunFacts facts, Operation op, Told told) =>
        told.Reason?.EndsWith(" PLAN_CONFLICT_CLOSED", StringComparison.Ordinal) == true
        && !facts.There.Contains(op.Id)
        && op.Invoked.Conflict is { } conflict
        && facts.Patients.TryGetValue(op.Invoked.Patient, out var patient)
        && patient.Resolutions.TryGetValue(conflict, out var first)
        && first.SentMs < told.AtMs;

    private static PlanFacts? At(RunFacts facts, string patient, long version) =>
        facts.Patients.TryGetValue(patient, out var found) && version >= 1 && version < found.Plans.Count ? found.Plans[(int)version] : null;
}
