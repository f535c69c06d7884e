using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>
/// I4. A patient's versions only rise, so a confirmed read is linearisable when it shows at least every version known to anybody before it was
/// sent and at most one whose command had been sent when it was answered. What is shown must be what the history makes of that version. A
/// refusal that depends on the state is a confirmed read too.
/// </summary>
public static class ReadVerdict
{
    public static Verdict Check(RunFacts facts)
    {
        var findings = new Findings("I4", "confirmed reads and refusals are linearisable; cached reads are never older than asked; one version shows one content");
        var known = KnownVersions(facts);
        var contents = new Dictionary<(string, long), StateRead>();
        foreach (var read in facts.Reads)
        {
            var name = $"{read.Patient} at {read.AtMs:0} ms by {read.Gateway}, version {read.Version}";
            findings.Look(read.Version >= read.MinVersion, () => $"{name}: older than the asked {read.MinVersion}");
            if (read.Asked)
            {
                var floor = known.GetValueOrDefault(read.Patient)?.Before(read.BeganMs) ?? 0;
                findings.Look(read.Confirmed, () => $"{name}: asked to be confirmed and was not");
                findings.Look(read.Version >= floor, () => $"{name}: confirmed, but {floor} was known before it was asked");
            }

            if (facts.Patients.TryGetValue(read.Patient, out var patient))
            {
                CheckShown(facts, findings, patient, read, name);
            }

            if (!contents.TryAdd((read.Patient, read.Version), read))
            {
                var other = contents[(read.Patient, read.Version)];
                findings.Look(other.Content == read.Content, () => $"{name}: shows another content than {other.Gateway} at {other.AtMs:0} ms");
            }
        }

        foreach (var read in facts.RefusedReads)
        {
            // Only patients whose enrolment was acknowledged are read, and only versions that were told are asked for.
            findings.Look(read.Reason.StartsWith("Unavailable", StringComparison.Ordinal), () => $"{read.Patient} at {read.AtMs:0} ms by {read.Gateway}: {read.Reason}, asked for {read.MinVersion}");
        }

        CheckRefusals(facts, findings);
        return findings.Judge();
    }

    private static void CheckShown(RunFacts facts, Findings findings, PatientFacts patient, StateRead read, string name)
    {
        if (read.Version < 1 || read.Version >= patient.Amounts.Count)
        {
            findings.Add($"{name}: the history ends at {patient.Amounts.Count - 1}");
            return;
        }

        var (amount, revision) = (patient.Amounts[(int)read.Version], patient.Plans[(int)read.Version].Revision);
        findings.Look(
            (revision, amount.Assessments, amount.Sessions) == (read.PlanRevision, read.Assessments, read.Sessions),
            () => $"{name}: shows plan revision, assessments, sessions {read.PlanRevision}, {read.Assessments}, {read.Sessions}; its history makes {revision}, {amount.Assessments}, {amount.Sessions}");
        if (facts.Operations.TryGetValue(patient.Entries[(int)read.Version - 1].Op, out var op))
        {
            findings.Look(op.Invoked.AtMs <= read.AtMs, () => $"{name}: shows {op.Id} before it was sent");
        }
    }

    private static void CheckRefusals(RunFacts facts, Findings findings)
    {
        var changes = PlanChanges(facts);
        foreach (var op in facts.Operations.Values)
        {
            foreach (var attempt in op.Attempts.Values.Where(a => a.Told is { Outcome: Outcome.Refused } t && !IsBusy(t.Reason)))
            {
                var told = attempt.Told;
                // Of a command that is there, no change of the plan was before it: what refused it can only have been its own. After the acknowledgement I5 judges.
                findings.Look(
                    told!.AtMs >= op.AcknowledgedMs || (op.Invoked.Refusable && !facts.There.Contains(op.Id) && changes.GetValueOrDefault(op.Invoked.Patient)?.Before(told.AtMs) > op.Invoked.Base)
                        || PlanVerdict.MayHaveBeenHeld(facts, op, attempt) || PlanVerdict.MayHaveBeenClosed(facts, op, told),
                    () => $"{op.Id} ({op.Invoked.Command}, {op.Invoked.Patient}) got {told.Reason} at {told.AtMs:0} ms, which no state of its patient warrants");
            }
        }
    }

    /// <summary>Not executed, for reasons other than the patient's state.</summary>
    private static bool IsBusy(string? reason) => reason is not null && reason.StartsWith("Unavailable", StringComparison.Ordinal);

    /// <summary>For each patient when a plan's version can have been the present one at the earliest: when its command was sent.</summary>
    private static Dictionary<string, HighestByTime> PlanChanges(RunFacts facts) => ByPatient(
        facts.Patients.Values.SelectMany(p => p.Entries.Where(e => e.Version < p.Plans.Count && p.Plans[(int)e.Version].Version == e.Version))
            .Where(e => facts.Operations.ContainsKey(e.Op))
            .Select(e => (e.Patient, facts.Operations[e.Op].Invoked.AtMs, e.Version)));

    private static Dictionary<string, HighestByTime> KnownVersions(RunFacts facts)
    {
        var told = facts.Operations.Values
            .Where(o => o.Acknowledged is not null)
            .Select(o => (o.Invoked.Patient, AtMs: o.AcknowledgedMs, o.Acknowledged!.Version));
        var read = facts.Reads.Where(r => r.Confirmed).Select(r => (r.Patient, r.AtMs, r.Version));
        return ByPatient(told.Concat(read));
    }

    private static Dictionary<string, HighestByTime> ByPatient(IEnumerable<(string Patient, double AtMs, long Version)> versions) =>
        versions.GroupBy(v => v.Patient).ToDictionary(g => g.Key, g => new HighestByTime(g.Select(v => (v.AtMs, (double)v.Version))));
}
