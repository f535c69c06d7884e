using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>An event of a later version, as a rollback would leave it.</summary>
[Alias("event-of-a-later-version")]
public sealed record EventOfALaterVersion(string Text) : IEvent;

/// <summary>An event that this build does not know stops its stream, and no other.</summary>
public sealed class UnreadableStreamTests
{
    [Fact]
    public async Task A_patient_with_an_unknown_event_is_stopped_and_the_others_go_on()
    {
        await using var network = await NetworkUnderTest.CreateStoreAsync(null, [typeof(EventOfALaterVersion).Assembly]);
        await network.AddClusterAsync();
        await network.Cluster.Clinic("north").Register(Commands.Register("north"), Origins.Next());
        await network.Cluster.EnrolledAsync("future");
        await network.Cluster.EnrolledAsync("present");
        var head = (await network.Store.Journal.ReadAsync("pt-future", 0, 10, default))[^1].RowHash;
        Assert.IsType<AppendOutcome.Appended>(await network.Store.Journal.AppendAsync(
            new("pt-future", 2, head, Origins.Next(), "Later", [new EventOfALaterVersion("?")], Accepted.Instance, []), default));

        await network.ReopenAsync();
        var cluster = await network.AddClusterAsync();
        var stopped = cluster.Patient("future");
        (await stopped.Read(Replies.Cached)).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        (await stopped.ReadHistory(Replies.Cached, 0, 10)).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        (await stopped.RecordConsultation(Commands.Consult(), Origins.Next())).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        (await stopped.SetResearchConsent(Commands.Consent(), Origins.Next())).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        Assert.Equal(2, await network.Store.Journal.ReadHeadAsync("pt-future", default));

        (await cluster.Patient("present").RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        Assert.Equal(["pt-future", "pt-present"], (await cluster.Clinic("north").ReadRoster("", 10)).State!.Items.Select(i => i.Stream));
    }

    [Fact]
    public async Task A_patient_whom_a_newer_server_gave_an_unknown_event_is_stopped_here_too()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.EnrolledAsync("upgraded");
        await AppendElsewhereAsync(network, "pt-upgraded");

        // A rolling upgrade, seen by the activation of the older server: it cannot decode the tail.
        network.Journal.FailReads("pt-upgraded", new UnknownEventException("pt-upgraded", 2, "event-of-a-later-version"));
        (await patient.Read(Replies.Confirmed)).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        Assert.Equal(2, await network.Store.Journal.ReadHeadAsync("pt-upgraded", default));
    }

    [Fact]
    public async Task A_command_that_meets_an_unknown_event_is_not_executed()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.EnrolledAsync("upgraded");
        await AppendElsewhereAsync(network, "pt-upgraded");
        network.Journal.FailReads("pt-upgraded", new UnknownEventException("pt-upgraded", 2, "event-of-a-later-version"));

        Assert.Equal(RefusalKind.Unavailable, (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).Refusal?.Kind);
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
        Assert.Equal(2, await network.Store.Journal.ReadHeadAsync("pt-upgraded", default));
    }

    /// <summary>The id may be a record number: the line says which stream only to whoever has the keys. Looked for by a word: four digits stand in any time that a line tells.</summary>
    [Fact]
    public async Task The_log_calls_a_stream_that_cannot_be_read_by_a_handle_and_never_by_its_name()
    {
        var log = new CapturedLog();
        await using var network = await NetworkUnderTest.CreateAsync();
        var cluster = await network.AddClusterAsync(silo => silo.Services.AddLogging(l => l.AddProvider(log)));
        foreach (var failure in (Exception[])[new UnknownEventException("pt-mrn-4711-brook", 1, "later"), new StoreDamagedException("Stream pt-mrn-4711-brook, version 1: the row was altered.")])
        {
            log.Clear();
            var patient = cluster.Patient("mrn-4711-brook");
            cluster.Journal.FailReads("pt-mrn-4711-brook", failure);
            (await patient.Read(Replies.Confirmed)).RefusedAs("STREAM_UNREADABLE", RefusalKind.Unavailable);
            Assert.DoesNotContain(log.Lines, line => line.Contains("brook", StringComparison.Ordinal));
            var line = Assert.Single(log.Lines, line => line.Contains("cannot be read", StringComparison.Ordinal));
            Assert.Contains("version 1", line, StringComparison.Ordinal);
            Assert.Equal("pt-mrn-4711-brook", cluster.Services.GetRequiredService<StreamHandles>().Open(line.Split("Stream ")[1].Split(' ')[0]));
            await cluster.DeactivateAsync(patient);
        }
    }

    [Fact]
    public void A_handle_is_the_same_each_time_and_opens_under_its_own_key_alone()
    {
        var handles = new StreamHandles(new byte[32]);
        var handle = handles.Of("pt-mrn-4711");
        Assert.Equal(handle, handles.Of("pt-mrn-4711"));
        Assert.NotEqual(handle, handles.Of("pt-mrn-4712"));
        Assert.Equal("pt-mrn-4711", handles.Open(handle));
        Assert.Null(new StreamHandles([1, .. new byte[31]]).Open(handle));
        Assert.All(Enumerable.Range(0, handle.Length), at => Assert.Null(handles.Open(handle[..at] + (handle[at] == 'A' ? 'B' : 'A') + handle[(at + 1)..])));
        Assert.All(["", "pt-mrn-4711", "A", handle[..^1], handle + "A", new string('A', 10_000)], bad => Assert.Null(handles.Open(bad)));
    }

    /// <summary>Version 2, made by a writer that this cluster knows nothing of.</summary>
    private static async Task AppendElsewhereAsync(NetworkUnderTest network, string stream)
    {
        var head = (await network.Store.Journal.ReadAsync(stream, 0, 1, default))[0].RowHash;
        Assert.IsType<AppendOutcome.Appended>(await network.Store.Journal.AppendAsync(
            new(stream, 2, head, Origins.Next(), "EndTreatment", [new TreatmentEnded("?", Commands.OnDay(0))], Accepted.Instance, []), default));
    }
}
