using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Plan = ClinicNetwork.Domain.Patients.Plan;
using PlanChoice = ClinicNetwork.Protocol.Care.V1.PlanChoice;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>One edit that a site took, and what it was decided on.</summary>
/// <param name="Shown">The plan that was shown when it was decided.</param>
internal sealed record Edit(string RequestId, string Patient, PushChangesRequest Change, Plan Shown)
{
    private static readonly string[] OfResolutions = ["PLAN_CONFLICT_CLOSED", "ETAG_MISMATCH", "NOTHING_TO_CHANGE", "PLAN_CONFLICT", "SESSION_OPEN"];

    private static readonly string[] OfProposals = ["PLAN_CONFLICTS_TOO_MANY", "SESSION_OPEN"];

    public override string ToString() => $"{RequestId} of {Patient} ({Change.ChangeCase})";

    /// <summary>Fails when the edit is not in the network once, or not as its site was told.</summary>
    /// <param name="times">Commands of its request id in the patient's history.</param>
    public void Check(OutboxItem item, int times, PatientState state)
    {
        if (item.Standing == ItemStanding.Refused)
        {
            var permitted = Change.ChangeCase switch
            {
                PushChangesRequest.ChangeOneofCase.ResolvePlanConflict => OfResolutions,
                PushChangesRequest.ChangeOneofCase.ProposeRevision => OfProposals,
                _ => [],
            };
            Assert.True(times == 0 && permitted.Contains(item.Refusal!.Reason), $"{this} was refused, {item.Refusal!.Reason}, and is {times} times in the network");
            return;
        }

        Assert.True(times == 1, $"{this} is {times} times in the network");
        switch (Change.ChangeCase)
        {
            case PushChangesRequest.ChangeOneofCase.Fact when Change.Fact.RecordAssessment is { } assessment:
                Assert.True(state.Assessments.Count(a => a.Id.Value == assessment.AssessmentId) == 1, $"{this}: the answers are not there once");
                break;
            case PushChangesRequest.ChangeOneofCase.ReportSession:
                Assert.True(state.Sessions.Count(s => s.Id.Value == Change.ReportSession.Session.SessionId) == 1, $"{this}: the session is not there once");
                break;
            case PushChangesRequest.ChangeOneofCase.CompleteSession:
                Assert.NotNull(state.Sessions.Single(s => s.Id.Value == Change.CompleteSession.SessionId).CompletedAt);
                break;
            case PushChangesRequest.ChangeOneofCase.Fact:
                Assert.True(state.AnsweredScales.Count(a => a.Id.Value == Change.Fact.RecordScale.AssessmentId) == 1, $"{this}: the answers are not there once");
                break;
            case PushChangesRequest.ChangeOneofCase.ProposeRevision:
                CheckProposal(item, state, Change.ProposeRevision.Reason);
                break;
            case PushChangesRequest.ChangeOneofCase.ResolvePlanConflict:
                Assert.True(state.PlanConflicts.Count(c => c.Resolution?.Reason == Change.ResolvePlanConflict.Reason) == 1, $"{this}: the resolution is not there once");
                break;
        }
    }

    private void CheckProposal(OutboxItem item, PatientState state, string reason)
    {
        Plan[] plans = [.. state.EarlierPlans, state.Plan!];
        var (applied, conflicts) = (plans.Count(p => p.RevisionReason == reason), state.PlanConflicts.Count(c => c.Proposed.RevisionReason == reason));
        var agreed = item.Result!.Accepted?.Outcome == Protocol.Care.V1.ProposalOutcome.Agreed;
        Assert.True(applied + conflicts + (agreed ? 1 : 0) == 1, $"{this}: applied {applied}, in conflict {conflicts}, agreed {agreed}");
        Assert.True(conflicts == (item.Result.ResultCase == PushChangesResponse.ResultOneofCase.Conflict ? 1 : 0), $"{this}: its site was told otherwise");
        if (applied == 1 && (Change.ProposeRevision.HasDoseMgPerKg || Change.ProposeRevision.HasInductionSessions))
        {
            // The dose was decided on the one that was in force, or says the same as that.
            var at = Array.FindIndex(plans, p => p.RevisionReason == reason);
            Assert.True(
                Dose(plans[at - 1]) == Dose(Shown) || Dose(plans[at - 1]) == Dose(plans[at]),
                $"{this}: decided on {Dose(Shown)}, applied on {Dose(plans[at - 1])}: the last one won");
        }
    }

    private static (double? PerKg, int Sessions) Dose(Plan plan) => (plan.DoseMgPerKg, plan.InductionSessions);
}

/// <summary>Random edits and those that were taken.</summary>
internal sealed class EditRun(Random random, IReadOnlyList<string> patients)
{
    private readonly List<Edit> _edits = [];
    private readonly Dictionary<string, int> _refusedHere = [];

    public IReadOnlyList<Edit> Edits => _edits;

    public void Edit(SiteMachine site)
    {
        var patient = patients[random.Next(patients.Count)];
        var view = site.Replica.Find(patient)!;
        var (id, change) = ($"e-{_edits.Count}-{random.Next(1_000_000)}", new PushChangesRequest { Patient = patient });
        switch (random.Next(11))
        {
            case < 3:
                change.Fact = new() { RecordAssessment = new() { AssessmentId = id, Items = { Enumerable.Range(0, 9).Select(_ => random.Next(4)) } } };
                break;
            case 3:
                change.Fact = new() { RecordScale = Valid.Scale("", id) };
                (change.Fact.RecordScale.RequestId, change.Fact.RecordScale.OccurredAt) = ("", null);
                break;
            case < 8:
                change.ProposeRevision = Proposal(id);
                break;
            case 8:
                Session(change, view.State!, site.Clinic, id);
                break;
            default:
                if (view.State!.PlanConflicts.LastOrDefault(c => c.IsOpen) is not { } open)
                {
                    return;
                }

                change.ResolvePlanConflict = new() { Conflict = open.Number, Holds = random.Next(2) == 0 ? PlanChoice.Proposed : PlanChoice.Present, Reason = id };
                break;
        }

        var recorded = site.Replica.Record(change);
        if (recorded.Refusal is { } refusal)
        {
            _refusedHere[refusal.Reason] = _refusedHere.GetValueOrDefault(refusal.Reason) + 1;
        }
        else
        {
            _edits.Add(new(recorded.Item!.Change.RequestId, patient, recorded.Item.Change, view.State!.Plan!));
            // The site sees its own edit at once, and once.
            var after = site.Replica.Find(patient)!;
            Assert.True(after.Aside.All(a => a.Item.Number != recorded.Item.Number), "an edit that was judged is not in what the site sees");
            if (change.Fact?.RecordAssessment is not null)
            {
                Assert.Equal(view.State.Assessments.Length + 1, after.State!.Assessments.Length);
            }
        }
    }

    /// <summary>The open session of this site ends; else one begins, somewhere in the last year, so that there is room between them.</summary>
    private void Session(PushChangesRequest change, PatientState state, string clinic, string id)
    {
        if (state.Sessions.FirstOrDefault(s => s.CompletedAt is null && s.Clinic.Name == clinic) is { } open)
        {
            var end = Valid.Completion("", open.Id.Value, open.StartedAt);
            end.RequestId = "";
            change.CompleteSession = end;
            return;
        }

        var start = Valid.Start("", id, DateTimeOffset.UtcNow.AddDays(-1 - random.Next(360)), clinic);
        start.RequestId = "";
        change.ReportSession = new() { Session = start, EmergencyReason = "no network, no right" };
    }

    public string Told(SiteMachine[] sites)
    {
        var items = sites.SelectMany(s => s.Replica.Outbox()).ToArray();
        var results = items.GroupBy(i => i.Result!.ResultCase == PushChangesResponse.ResultOneofCase.Refused ? i.Refusal!.Reason : $"{i.Result.ResultCase}").OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}");
        return $"{string.Join(", ", results)}; refused here: {string.Join(", ", _refusedHere.Select(r => $"{r.Key} {r.Value}"))}; times corrected {items.Count(i => i.Note.Length > 0)}";
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
