using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Walks;

/// <summary>docs/walks/shared-patient.md, as somebody new would go it.</summary>
public sealed class SharedPatientWalkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_clinics_share_a_patient_contradict_each_other_decide_and_hand_over()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Sub("data"));
        await new Walk(Walk.PathOf("shared-patient.md")).RunAsync(_folder.Path, new Dictionary<string, string> { ["CLINICNETWORK_SERVER"] = server.Announced });
    }
}
