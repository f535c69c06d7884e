using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using ResultCase = ClinicNetwork.Protocol.Sync.V1.PushChangesResponse.ResultOneofCase;

namespace ClinicNetwork.BlackBox.Tests.Push;

/// <summary>What a site recorded and decided, on one stream: one result each, of the kind that fits, by the unary rpcs' rules.</summary>
public sealed class PushStreamTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    private Network Harbour => _network.As(Network.Harbour);

    private Network Hill => _network.As(Network.Hill);

    [Fact]
    public async Task A_session_that_was_held_is_appended_in_the_order_sent_and_the_same_ids_get_the_same_answers_on_either_way()
    {
        var patient = await _network.TreatAsync("patients/push-session");
        await _network.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        var (dose, completion) = (Valid.Dose(patient, "s-1"), Valid.Completion(patient, "s-1"));
        PushChangesRequest[] items = [PushCalls.Item(dose), PushCalls.Item(completion), PushCalls.Item(Valid.Assessment(patient, "a-1")), PushCalls.Item(dose)];
        var results = (await Harbour.Push.SendAsync(items)).OrderBy(r => r.Item).ToList();
        Assert.All(results, r => Assert.Equal(ResultCase.Appended, r.ResultCase));
        Assert.Equal([5L, 6, 7, 5], results.Select(r => PushCalls.ReceiptOf(r).Version));
        Assert.Equal(items.Select(i => i.RequestId), results.Select(r => r.RequestId));
        Assert.Equal(results[0].Appended, results[3].Appended);
        Assert.Equal(results[0].Appended.Fact.RecordDose, await Harbour.Patients.RecordDoseAsync(dose));
        Assert.Equal(results[0].Appended.Fact, Assert.Single(await Harbour.Facts.SendAsync(FactCalls.Item(dose))).Accepted);
        Assert.Equal(results[1].Appended.CompleteSession, await Harbour.Patients.CompleteSessionAsync(completion));
        var other = Valid.Completion(patient, "s-2");
        other.RequestId = completion.RequestId;
        Assert.Equal("REQUEST_ID_REUSED", Assert.Single(await Harbour.Push.SendAsync(PushCalls.Item(other))).Refused.Reason);
        Assert.Equal(7, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task Of_proposals_that_two_sites_push_at_once_one_is_accepted_the_others_merged_or_a_conflict_and_one_resolution_holds()
    {
        for (var round = 0; round < 8; round++)
        {
            var (patient, etag) = await SharedAsync($"patients/push-both-{round}");
            var (harbour, hill) = (Valid.Proposal(patient, etag, 0.6), Valid.Proposal(patient, etag, 0.75));
            PushChangesRequest[] ofHarbour = [PushCalls.Item(Support(patient, etag, "Dr A")), PushCalls.Item(harbour)], ofHill = [PushCalls.Item(Support(patient, etag, "Dr B")), PushCalls.Item(hill)];
            var both = await Task.WhenAll(Harbour.Push.SendAsync(ofHarbour), Hill.Push.SendAsync(ofHill));
            var results = both.SelectMany(r => r).OrderBy(r => PushCalls.ReceiptOf(r).Version).ToList();
            Assert.Equal((4, 1, 1), (results.Count, results.Count(r => r.ResultCase == ResultCase.Accepted), results.Count(r => r.ResultCase == ResultCase.Conflict)));
            Assert.Equal(ResultCase.Accepted, results[0].ResultCase);
            Assert.Equal(Enumerable.Range(5, 4).Select(v => (long)v), results.Select(r => PushCalls.ReceiptOf(r).Version));
            var conflict = results.Single(r => r.ResultCase == ResultCase.Conflict).Conflict;
            Assert.Equal([PlanField.DoseMgPerKg], conflict.Conflict.Fields);
            Assert.Equal([0.6, 0.75], new[] { conflict.Conflict.Present.DoseMgPerKg, conflict.Conflict.Proposed.DoseMgPerKg }.Order());

            // Sent again, each gets the answer that it got, whatever happened since.
            Assert.Equal(both[0].Select(r => r.ToString()).Order(), (await Harbour.Push.SendAsync(ofHarbour)).Select(r => r.ToString()).Order());
            var now = await Hill.PlanAsync(patient);
            Assert.Equal(["Dr A", "Dr B"], now.Support.Select(s => s.Provider).Order());
            var resolutions = await Task.WhenAll(new[] { Harbour, Hill }.Select(site => site.Push.SendAsync(PushCalls.Item(Valid.PlanResolution(patient, now.Etag)))));
            Assert.Equal(["", "PLAN_CONFLICT_CLOSED"], resolutions.Select(r => r.Single().Refused?.Reason ?? "").Order());
            var resolved = resolutions.Select(r => r.Single()).Single(r => r.ResultCase == ResultCase.Resolved).Resolved;
            Assert.Equal((resolved.Plan.DoseMgPerKg, resolved.Plan.Etag), ((await Harbour.PlanAsync(patient)).DoseMgPerKg, (await Harbour.PlanAsync(patient)).Etag));
            Assert.Equal(conflict.Conflict.Proposed.DoseMgPerKg, resolved.Plan.DoseMgPerKg);
        }
    }

    [Fact]
    public async Task Items_of_all_kinds_keep_the_order_of_their_patient_and_refused_ones_hold_up_nothing()
    {
        var patients = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _network.TreatAsync($"patients/push-order-{i}")));
        var etags = await Task.WhenAll(patients.Select(_network.EtagAsync));
        var items = Enumerable.Range(0, 40).SelectMany(i => patients.Select((p, n) => i switch
        {
            20 => PushCalls.Item(Support(p, etags[n], "Dr A")),
            30 => new() { RequestId = Valid.Id(), Patient = p },
            31 => PushCalls.Item(Valid.Completion(p, "nowhere")),
            _ => PushCalls.Item(Valid.Assessment(p, $"a-{i}")),
        })).ToList();
        var results = (await Harbour.Push.SendAsync(items)).OrderBy(r => r.Item).ToList();
        Assert.Equal(Enumerable.Range(0, items.Count).Select(i => (long)i), results.Select(r => r.Item));
        foreach (var patient in patients)
        {
            var own = results.Where(r => items[(int)r.Item].Patient == patient).ToList();
            Assert.Equal(["CHANGE_MISSING", "SESSION_UNKNOWN"], own.Where(r => r.Refused is not null).Select(r => r.Refused.Reason));
            Assert.Equal(Enumerable.Range(4, 38).Select(v => (long)v), own.Where(r => r.Refused is null).Select(r => PushCalls.ReceiptOf(r).Version));
            Assert.Equal(ResultCase.Accepted, own[20].ResultCase);
        }
    }

    private static ProposeRevisionRequest Support(string patient, string etag, string provider)
    {
        var proposal = Valid.Proposal(patient, etag);
        proposal.Support.Add(new PlannedSupport { Kind = SupportKind.Psychotherapy, Provider = provider, EveryDays = 7, FromDay = "2025-07-01" });
        proposal.ClearDoseMgPerKg();
        return proposal;
    }

    private async Task<(string Patient, string Etag)> SharedAsync(string patient)
    {
        await _network.TreatAsync(patient);
        await Harbour.Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        return (patient, await _network.EtagAsync(patient));
    }
}
