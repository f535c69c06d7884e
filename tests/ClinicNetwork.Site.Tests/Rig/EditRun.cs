using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using PlanChoice = ClinicNetwork.Protocol.Care.V1.PlanChoice;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>Random edits and those that were taken.</summary>
internal sealed class EditRun(Random random)
{
    private readonly List<Edit> _edits = [];
    private readonly Dictionary<string, int> _refusedHere = [];
    private int _number;

    public IReadOnlyList<Edit> Edits => _edits;

    /// <param name="alone">Nobody else writes into the site's folder at this moment.</param>
    public void Edit(SiteMachine site, string patient, bool alone = true)
    {
        var view = site.Replica.Find(patient)!;
        if (Next(view, site.Clinic) is { } change)
        {
            Record(site, view, change, alone);
        }
    }

    /// <summary>What may be recorded next of the patient, with a request id; null: there is nothing of the kind that was drawn.</summary>
    public PushChangesRequest? Next(SiteView view, string clinic)
    {
        var (id, change, state) = ($"e-{_number++}-{random.Next(1_000_000)}", new PushChangesRequest { Patient = view.Patient, RequestId = Valid.Id() }, view.State!);
        switch (random.Next(24))
        {
            case < 4:
                change.Fact = new() { RecordAssessment = new() { AssessmentId = id, Items = { Enumerable.Range(0, 9).Select(_ => random.Next(4)) } } };
                return change;
            case 4:
                change.Fact = new() { RecordScale = Valid.Scale("", id) };
                (change.Fact.RecordScale.RequestId, change.Fact.RecordScale.OccurredAt) = ("", null);
                return change;
            case 5:
                change.Fact = new() { RecordSafetyCheck = Valid.SafetyCheck("", id) };
                (change.Fact.RecordSafetyCheck.RequestId, change.Fact.RecordSafetyCheck.OccurredAt) = ("", null);
                return change;
            case 6:
                change.Fact = new() { RecordConsultation = Valid.Consultation("") };
                (change.Fact.RecordConsultation.RequestId, change.Fact.RecordConsultation.OccurredAt) = ("", null);
                change.Fact.RecordConsultation.Consultation.PsychiatricHistory = id;
                return change;
            case < 12:
                change.ProposeRevision = Proposal(id);
                return change;
            case < 15:
                if (state.PlanConflicts.Where(c => c.IsOpen).ToArray() is not { Length: > 0 } open)
                {
                    return null;
                }

                change.ResolvePlanConflict = new() { Conflict = open[random.Next(open.Length)].Number, Holds = random.Next(2) == 0 ? PlanChoice.Proposed : PlanChoice.Present, Reason = id };
                return change;
            default:
                return OfSession(change, state, clinic, id) ? change : null;
        }
    }

    /// <param name="view">What was shown when it was decided.</param>
    public void Record(SiteMachine site, SiteView view, PushChangesRequest change, bool alone)
    {
        var recorded = site.Replica.Record(change);
        if (recorded.Refusal is { } refusal)
        {
            _refusedHere[refusal.Reason] = _refusedHere.GetValueOrDefault(refusal.Reason) + 1;
            return;
        }

        Took(site, recorded.Item!, alone ? view.State!.Plan! : null);
        if (alone && random.Next(4) == 0)
        {
            // The site sees its own edit at once, and once.
            var after = site.Replica.Find(change.Patient)!;
            Assert.True(after.Aside.All(a => a.Item.Number != recorded.Item!.Number), "an edit that was judged is not in what the site sees");
            Assert.Equal(view.State!.Assessments.Length + (change.Fact?.RecordAssessment is null ? 0 : 1), after.State!.Assessments.Length);
        }
    }

    /// <summary>An edit is on the site's disk.</summary>
    public void Took(SiteMachine site, OutboxItem item, Domain.Patients.Plan? shown) => _edits.Add(new(site.Clinic, item.Change.RequestId, item.Patient, item.Change, shown));

    public string Told(SiteMachine[] sites)
    {
        static string Counts(IEnumerable<string> of) => string.Join(", ", of.GroupBy(o => o).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"));
        var items = sites.SelectMany(s => s.Replica.Outbox()).ToArray();
        return $"""
            became: {Counts(items.Select(i => i.Result!.Accepted is { } accepted ? $"{accepted.Outcome}" : i.Refusal is { } refused ? $"Refused {refused.Reason}" : $"{i.Result.ResultCase}"))}
            were: {Counts(items.Select(i => i.Name))}
            refused here: {string.Join(", ", _refusedHere.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"))}; times corrected {items.Count(i => i.Note.Length > 0)}
            """;
    }

    /// <summary>Of an open session, mostly of this site: readings, the dose, a side effect, its end; without one, one begins, somewhere in the last year, so that there is room between them.</summary>
    private bool OfSession(PushChangesRequest change, PatientState state, string clinic, string id)
    {
        var open = state.Sessions.Where(s => s.CompletedAt is null).OrderBy(s => s.Clinic.Name == clinic && random.Next(3) > 0 ? 0 : 1).FirstOrDefault();
        if (open is null)
        {
            var start = Valid.Start("", id, DateTimeOffset.UtcNow.AddDays(-1 - random.Next(360)).AddSeconds(-random.Next(80_000)), clinic);
            start.RequestId = "";
            change.ReportSession = new() { Session = start, EmergencyReason = "no network, no right" };
            return true;
        }

        var session = open.Id.Value;
        Timestamp After(double minutes) => open.StartedAt.AddMinutes(minutes).AddMilliseconds(_number).ToTimestamp();
        switch (random.Next(10))
        {
            case < 3:
                change.Fact = new() { RecordVitals = Valid.Vitals("", session) };
                (change.Fact.RecordVitals.RequestId, change.Fact.RecordVitals.OccurredAt, change.Fact.RecordVitals.HeartRate) = ("", After(20 + random.Next(160)), 60 + random.Next(40));
                return true;
            case < 7 when open.DoseMg is null:
                change.Fact = new()
                {
                    RecordDose = new() { SessionId = session, DoseMg = random.Next(300, 400) / 10.0, DurationMinutes = 40, OccurredAt = After(5 + random.Next(10)) },
                };
                return true;
            case < 6:
                change.Fact = new() { RecordSideEffect = Valid.SideEffect("", session) };
                (change.Fact.RecordSideEffect.RequestId, change.Fact.RecordSideEffect.OccurredAt, change.Fact.RecordSideEffect.DurationMinutes, change.Fact.RecordSideEffect.Note) =
                    ("", After(30), 0, id);
                return true;
            case < 8:
                var at = state.SideEffects.Select((effect, i) => (effect, i)).Where(e => e.effect.OverAt is null).Select(e => (int?)e.i).FirstOrDefault();
                if (at is not { } index)
                {
                    return false;
                }

                change.Fact = new()
                {
                    ResolveSideEffect = new() { SideEffect = index + 1, TreatmentGiven = id, OccurredAt = state.SideEffects[index].OccurredAt.AddMinutes(30).ToTimestamp() },
                };
                return true;
            case < 9:
                var end = Valid.Completion("", session, open.StartedAt);
                (end.RequestId, end.OccurredAt) = ("", After(190));
                change.CompleteSession = end;
                return true;
            default:
                var leaving = Valid.Leaving("", session);
                (leaving.RequestId, leaving.OccurredAt) = ("", After(185));
                change.Fact = new() { RecordLeaving = leaving };
                return true;
        }
    }

    private ProposeRevisionRequest Proposal(string id)
    {
        var request = new ProposeRevisionRequest { Reason = id };
        switch (random.Next(4))
        {
            case 0:
                request.DoseMgPerKg = random.Next(5, 9) / 10.0;
                break;
            case 1:
                request.InductionSessions = random.Next(4, 9);
                break;
            case 2:
                request.Goals.AddRange(Enumerable.Range(0, random.Next(1, 3)).Select(_ => new Protocol.Care.V1.Goal { Text = $"goal {random.Next(4)}", TargetPhq9 = random.Next(4, 10) }).DistinctBy(g => g.Text));
                break;
            default:
                request.Support.Add(new Protocol.Care.V1.PlannedSupport { Kind = Protocol.Care.V1.SupportKind.Psychotherapy, Provider = $"Dr {(char)('A' + random.Next(3))}", EveryDays = 7 + random.Next(3), FromDay = "2025-08-01" });
                break;
        }

        return request;
    }
}
