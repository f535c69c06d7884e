using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Safety;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Consultations and safety checks through grain, journal, snapshot and a new activation.</summary>
public sealed class ConsultationTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task A_consultation_keeps_its_coded_parts_and_who_recorded_it()
    {
        var patient = await Cluster.EnrolledAsync("consulted-1");
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        var command = Commands.Consult();
        var detail = new ConsultationDetail([new("psychosis", true, "once")], true, [new("lithium", MedicationClass.Other, "900 mg")], ["latex"], PregnancyPossibility.Possible, [], [DiscussedTopic.Driving], false);
        (await patient.RecordConsultation(command with { Consultation = command.Consultation with { Detail = detail } }, Origins.Next())).AcceptedAs(3);
        await Cluster.DeactivateAsync(patient);

        var state = (await patient.StandsAtAsync()).State!;
        Assert.Equal([(1, "tester", false), (2, "tester", true)], state.Consultations.Select(c => (c.Number, c.Actor, c.Consultation.Detail is not null)));
        Assert.Equal(Structure.Describe(detail), Structure.Describe(state.Consultation!.Detail));
        Assert.Equal(command.OccurredAt, state.Consultations[1].OccurredAt);
    }

    [Fact]
    public async Task A_safety_check_is_judged_stored_and_read_back_by_a_new_activation()
    {
        var patient = await Cluster.EnrolledAsync("consulted-2");
        var check = new SafetyCheck(new("l-1"), SafetyCheckKind.LiverPanel, Commands.OnDay(0), new(new(130, 40, LiverUnit.UnitsPerLitre), null, null, null), null, null, "fasting");
        var origin = Origins.Next();
        var answer = (await patient.RecordSafetyCheck(new(check), origin)).AcceptedAs(2);
        Assert.Equal((SafetyFinding.Review, "liver-panel/1"), (answer.Finding, answer.Rule));
        await Cluster.DeactivateAsync(patient);

        Assert.Equal(check, Assert.Single((await patient.StandsAtAsync()).State!.SafetyChecks));
        Assert.Equal(answer, (await patient.RecordSafetyCheck(new(check), origin)).AcceptedAs(2));
    }

    /// <summary>As versions before 0.4 left it: the last consultation alone.</summary>
    [Fact]
    public async Task A_snapshot_that_lacks_the_consultations_is_thrown_away_and_the_stream_is_read_instead()
    {
        var patient = await Cluster.PlannedAsync("consulted-3");
        var rows = await shared.Network.Store.Journal.ReadAsync("pt-consulted-3", 0, 100, default);
        var state = rows.SelectMany(r => r.Events).Aggregate(PatientState.Empty, PatientState.Evolve);
        var codec = shared.Network.Store.Snapshots;
        await Cluster.PlantSnapshotAsync(patient, new()
        {
            Stream = "pt-consulted-3",
            Incarnation = shared.Network.Store.Incarnation,
            Version = rows.Count,
            RowHash = rows[^1].RowHash,
            Payload = await codec.SealAsync("pt-consulted-3", rows.Count, codec.Encode(state with { Consultations = [], FamilyName = "Forged" }), default),
        });
        await Cluster.DeactivateAsync(patient);

        var read = (await patient.StandsAtAsync()).State!;
        Assert.NotEqual("Forged", read.FamilyName);
        Assert.Equal([1], read.Consultations.Select(c => c.Number));
    }
}
