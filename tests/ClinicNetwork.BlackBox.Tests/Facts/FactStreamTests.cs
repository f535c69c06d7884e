using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Facts;

/// <summary>One stream, many facts: one result each, the unary rpc's rules, and no more under way than documented.</summary>
public sealed class FactStreamTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    /// <summary>As fact_service.proto says.</summary>
    private const int ItemsMax = 256;

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Each_item_gets_one_result_and_the_facts_are_in_the_history()
    {
        var patients = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _network.TreatAsync($"patients/each-{i}")));
        var items = Enumerable.Range(0, 800).Select(i => FactCalls.Item(Valid.Assessment(patients[i % 8], $"a-{i}", total: i % 28))).ToList();
        var results = await _network.Facts.SendAsync(items);
        Assert.Equal(Enumerable.Range(0, 800).Select(i => (long)i), results.Select(r => r.Item).Order());
        foreach (var patient in patients)
        {
            var versions = (await _network.HistoryAsync(patient)).ToDictionary(e => e.RequestId, e => e.Version);
            var own = results.Where(r => items[(int)r.Item].Patient == patient).ToList();
            Assert.Equal(100, own.Count);
            Assert.All(own, r => Assert.Equal(versions[r.RequestId], FactCalls.ReceiptOf(r).Version));
        }
    }

    [Fact]
    public async Task Items_of_one_patient_are_executed_in_the_order_sent_beside_those_of_others()
    {
        var patients = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _network.TreatAsync($"patients/order-{i}")));
        var items = patients.SelectMany(p => Enumerable.Range(0, 60).Select(i => FactCalls.Item(Valid.Assessment(p, $"a-{i}")))).OrderBy(i => i.RecordAssessment.AssessmentId, StringComparer.Ordinal).ToList();
        var results = (await _network.Facts.SendAsync(items)).OrderBy(r => r.Item).ToList();
        foreach (var patient in patients)
        {
            var versions = results.Where(r => items[(int)r.Item].Patient == patient).Select(r => FactCalls.ReceiptOf(r).Version);
            Assert.Equal(Enumerable.Range(4, 60).Select(v => (long)v), versions);
        }
    }

    [Fact]
    public async Task An_id_sent_twice_gets_the_same_answer_also_by_the_unary_rpc()
    {
        var patient = await _network.TreatAsync("patients/twice-1");
        var request = Valid.Assessment(patient, "a-1");
        var results = await _network.Facts.SendAsync(FactCalls.Item(request), FactCalls.Item(request), FactCalls.Item(Valid.MissedVisit(patient)));
        var first = results.Single(r => r.Item == 0).Accepted;
        Assert.Equal(first, results.Single(r => r.Item == 1).Accepted);
        Assert.Equal(first.RecordAssessment, await _network.Patients.RecordAssessmentAsync(request));

        var other = Valid.SideEffect(patient, "s-1");
        other.RequestId = request.RequestId;
        var unary = Valid.MissedVisit(patient);
        var answer = await _network.Patients.RecordMissedVisitAsync(unary);
        results = await _network.Facts.SendAsync(FactCalls.Item(other), FactCalls.Item(unary));
        Assert.Equal("REQUEST_ID_REUSED", results.Single(r => r.Item == 0).Refused.Reason);
        Assert.Equal(answer, results.Single(r => r.Item == 1).Accepted.RecordMissedVisit);
        Assert.Equal(6, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task Refused_items_end_nothing_and_hold_up_nothing()
    {
        var patient = await _network.TreatAsync("patients/mixed-1");
        var bad = FactCalls.Item(Valid.Assessment(patient, "a-2"));
        bad.RecordAssessment.Items[3] = 7;
        var results = await _network.Facts.SendAsync(
            FactCalls.Item(Valid.Assessment(patient, "a-1")), bad, new(), FactCalls.Item(Valid.Assessment("patients/nobody", "a-1")), FactCalls.Item(Valid.Assessment(patient, "a-3")));
        var byItem = results.OrderBy(r => r.Item).ToList();
        Assert.Equal(["", "ITEM_OUT_OF_RANGE", "FACT_MISSING", "PATIENT_NOT_FOUND", ""], byItem.Select(r => r.Refused?.Reason ?? ""));
        Assert.Equal(("record_assessment.items[3]", ""), (byItem[1].Refused.Field, byItem[2].RequestId));
        Assert.Equal(5, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task A_site_that_cannot_be_read_ends_the_stream()
    {
        using var call = _network.As("harbour").Facts.IngestFacts();
        var seen = await RefusalSeen.OfAsync(() => call.ResponseStream.MoveNext(default).Within());
        Assert.Equal((StatusCode.InvalidArgument, "NAME_INVALID", "clinicnetwork-site"), (seen.Code, seen.Reason, seen.Field));
    }

    /// <summary>What lies in sockets and their buffers is bounded by HTTP/2 windows of bytes; what was executed, by those of the results and by the window.</summary>
    [Fact]
    public async Task A_caller_who_takes_no_results_is_not_read_from_beyond_the_window()
    {
        const int Sent = 12_000;
        const int ResultBytesMin = 40;
        const int BufferedBytesMax = 2 * 96 * 1024;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _network.TreatAsync($"patients/slow-{i}")));
        var before = await _network.CommandsAsync();
        // A client of its own: so many items use up its rate, and whoever asks for the state has another.
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:clinician"));
        using var call = new Network(channel, Network.Harbour).Facts.IngestFacts(deadline: DateTime.UtcNow + 4 * Bounded.Wait);
        var writing = FactSending.WriteAsync(call.RequestStream, Enumerable.Range(0, Sent).Select(i => FactCalls.Item(Valid.Assessment($"patients/slow-{i % 40}", $"a-{i}"))));
        var (executed, same) = (0L, 0);
        await Bounded.UntilAsync("the server stops reading", async () =>
        {
            var now = await _network.CommandsAsync() - before;
            (executed, same) = (now, now > 0 && now == executed ? same + 1 : 0);
            return same == 25;
        });
        Assert.InRange(executed, ItemsMax, ItemsMax + BufferedBytesMax / ResultBytesMin);
        Assert.True(executed < Sent / 2, $"{executed} of {Sent} were executed although no result was taken");

        var results = await FactSending.ReadAsync(call.ResponseStream);
        await writing.Within();
        Assert.Equal(Sent, results.Count(r => r.Accepted is not null));
        Assert.Equal(Sent, await _network.CommandsAsync() - before);
    }
}
