namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The ADO.NET provider stores keys that parse as hexadecimal numbers or GUIDs as numbers; ours must not.</summary>
public sealed class LookAlikeKeyTests
{
    private static readonly string[] LookAlikes =
    [
        "a", "0a", "00a", "12", "012", "0012", "c", "0c", "deadbeef", "0deadbeef", "1e1", "01e1",
        "0000000000000000000000000000000a", "00000000-0000-0000-0000-00000000000a", "0000000000000000000000000000000b", "00000000-0000-0000-0000-00000000000b",
    ];

    [Fact]
    public async Task Look_alike_patients_are_kept_apart_with_their_snapshots()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        foreach (var name in LookAlikes)
        {
            (await network.Cluster.Patient(name).Enrol(Commands.Enrol(name, familyName: "Family " + name), Origins.Next())).AcceptedAs(1);
        }

        foreach (var name in LookAlikes)
        {
            var patient = network.Cluster.Patient(name);
            Assert.Equal("pt-" + name, (await network.Cluster.WaitForSnapshotAsync(patient, 1)).Stream);
            network.Journal.ForgetReads();
            await network.Cluster.DeactivateAsync(patient);
            var (state, version) = await patient.StandsAtAsync();
            Assert.Equal((1L, name, "Family " + name), (version, state.Id.Value, state.FamilyName));

            // Read on from its own snapshot, not from the beginning because another's was in its place.
            Assert.Equal([1L], network.Journal.ReadsOf("pt-" + name));
        }
    }

    [Fact]
    public async Task A_clinic_and_a_patient_of_one_name_are_two()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = await network.Cluster.EnrolledAsync("north");
        await network.Cluster.DeactivateAsync(patient);
        await network.Cluster.DeactivateAsync(network.Cluster.Clinic("north"));
        Assert.Equal("Muster", (await patient.StandsAtAsync()).State.FamilyName);
        Assert.Equal("Clinic north", (await network.Cluster.Clinic("north").Read(Replies.Confirmed)).State!.DisplayName);
    }
}
