using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Two sites change one plan without seeing each other, over the contract and the command line.</summary>
public sealed class PlanConflictTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private Network Harbour => fixture.Network.As(Network.Harbour);

    private Network Hill => fixture.Network.As(Network.Hill);

    [Fact]
    public async Task Other_things_are_merged_the_same_is_agreed_and_a_retry_gets_its_answer()
    {
        var (patient, etag) = await SharedAsync("patients/merged");
        await Harbour.Patients.RevisePlanAsync(Valid.Revision(patient, etag));
        var proposal = Valid.Proposal(patient, etag);
        proposal.Support.Add(new PlannedSupport { Kind = SupportKind.Psychotherapy, Provider = "Dr A", EveryDays = 7, FromDay = "2025-07-01" });
        proposal.ClearDoseMgPerKg();
        var merged = await Hill.Patients.ProposeRevisionAsync(proposal);
        Assert.Equal((ProposalOutcome.Merged, 3, 8, "Dr A", Network.Hill), (merged.Outcome, merged.Plan.Revision, merged.Plan.InductionSessions, merged.Plan.Support.Single().Provider, merged.Plan.RevisedAtSite));
        Assert.Equal(merged, await Hill.Patients.ProposeRevisionAsync(proposal));

        proposal.RequestId = Valid.Id();
        var agreed = await Hill.Patients.ProposeRevisionAsync(proposal);
        Assert.Equal((ProposalOutcome.Agreed, 3, merged.Receipt.Version + 1), (agreed.Outcome, agreed.Plan.Revision, agreed.Receipt.Version));
        var accepted = await Hill.Patients.ProposeRevisionAsync(Valid.Proposal(patient, agreed.Plan.Etag));
        Assert.Equal((ProposalOutcome.Accepted, 0.75), (accepted.Outcome, accepted.Plan.DoseMgPerKg));
        Assert.Empty((await Harbour.Patients.GetPlanAsync(new() { Name = patient + "/plan" })).OpenConflicts);
    }

    [Fact]
    public async Task Two_doses_are_a_conflict_that_stops_sessions_until_one_of_two_resolutions_wins()
    {
        var (patient, etag) = await SharedAsync("patients/conflict");
        await Harbour.Patients.RevisePlanAsync(Valid.Revision(patient, etag));
        var found = await Hill.Patients.ProposeRevisionAsync(Valid.Proposal(patient, etag));
        Assert.Equal((ProposalOutcome.Conflict, 2), (found.Outcome, found.Plan.Revision));
        Assert.Equal([PlanField.DoseMgPerKg, PlanField.InductionSessions], found.Conflict.Fields);
        Assert.Equal((0.75, 6, "decided while offline", Network.Hill, ""), (found.Conflict.Proposed.DoseMgPerKg, found.Conflict.Proposed.InductionSessions, found.Conflict.Proposed.RevisionReason, found.Conflict.ProposedAtSite, found.Conflict.Proposed.Etag));
        Assert.Equal((0.5, 8, Network.Harbour, "well tolerated"), (found.Conflict.Base.DoseMgPerKg, found.Conflict.Present.InductionSessions, found.Conflict.Against.Single().Site, found.Conflict.Against.Single().Reason));

        var read = await Harbour.Patients.GetPlanAsync(new() { Name = patient + "/plan", Read = new() { Confirmed = true } });
        Assert.Equal(found.Conflict, Assert.Single(read.OpenConflicts));
        Assert.Equal(found.Plan, read.Plan);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PLAN_CONFLICT", async () => await Harbour.Patients.StartSessionAsync(Valid.Start(patient, "s-1")));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PLAN_CONFLICT", async () => await Harbour.Patients.RevisePlanAsync(Valid.Revision(patient, read.Plan.Etag)));
        Assert.Contains((await Harbour.Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Patient == patient && e.AlertKind == AlertKind.PlanConflict);

        var outcomes = await Task.WhenAll(new[] { Harbour, Hill }.Select((site, i) => OutcomeOfAsync(site, Valid.PlanResolution(patient, read.Plan.Etag, (PlanChoice)(i + 1)))));
        Assert.Equal(["", "PLAN_CONFLICT_CLOSED"], outcomes.Order(StringComparer.Ordinal));
        var whole = await Harbour.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });
        var resolution = Assert.Single(whole.PlanConflicts).Resolution;
        Assert.Equal((3, "agreed by telephone", resolution.Holds == PlanChoice.Proposed ? 0.75 : 0.5), (resolution.PlanRevision, resolution.Reason, whole.Patient.Plan.DoseMgPerKg));
        Assert.NotNull(whole.Patient.Alerts.Single().ClosedAt);
        await Harbour.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
    }

    [Fact]
    public async Task The_command_line_proposes_shows_side_by_side_and_resolves()
    {
        var (patient, etag) = await SharedAsync("patients/sheet");
        await Harbour.Patients.RevisePlanAsync(Valid.Revision(patient, etag));
        var (code, told, error) = await RunAsync("patient", "propose", patient, "--etag", etag, "--dose-mg-per-kg", "0.75", "--reason", "little effect", "--at", "2025-06-24T10:00Z", "--site", Network.Hill);
        Assert.True(code == 0 && told.Contains("conflict 1, nothing of it is in the plan until it is resolved: version ", StringComparison.Ordinal), error + told);
        (code, told, error) = await RunAsync("patient", "conflicts", patient);
        Assert.True(code == 0, error);
        Assert.Contains("  dose mg per kg      0.5 mg/kg                      0.5 mg/kg                      0.75 mg/kg", told, StringComparison.Ordinal);
        Assert.Contains("  induction sessions  6                              8                              6", told, StringComparison.Ordinal);
        Assert.Contains("at clinics/hill: little effect", told, StringComparison.Ordinal);
        Assert.Contains("  conflict  1 of the plan, about dose mg per kg, induction sessions", (await RunAsync("patient", "show", patient)).Out, StringComparison.Ordinal);
        (code, told, error) = await RunAsync("patient", "resolve-conflict", patient, "--conflict", "1", "--holds", "revised", "--dose-mg-per-kg", "0.6", "--reason", "halfway");
        Assert.True(code == 0 && told.StartsWith("conflict 1 is resolved, revision 3, ", StringComparison.Ordinal), error + told);
        Assert.Equal("no conflict", (await RunAsync("patient", "conflicts", patient)).Out.Trim());
        Assert.Contains("revised holds, revision 3: halfway", (await RunAsync("patient", "conflicts", patient, "--all")).Out, StringComparison.Ordinal);
    }

    /// <summary>The harbour's, shared with the hill for writing; with the etag that both know.</summary>
    private async Task<(string Patient, string Etag)> SharedAsync(string patient)
    {
        await fixture.Network.TreatAsync(patient);
        await Harbour.Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        return (patient, await fixture.Network.EtagAsync(patient));
    }

    private static async Task<string> OutcomeOfAsync(Network site, ResolvePlanConflictRequest request)
    {
        try
        {
            await site.Patients.ResolvePlanConflictAsync(request);
            return "";
        }
        catch (RpcException refused)
        {
            return RefusalSeen.Of(refused).Reason;
        }
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        return await Clinicnet.RunAsync(folder.Path, [.. arguments, "--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
    }
}
