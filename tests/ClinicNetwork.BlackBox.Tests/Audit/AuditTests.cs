using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Verification.Audit;
using Grpc.Core;
using static ClinicNetwork.BlackBox.Tests.Audit.AuditReading;

namespace ClinicNetwork.BlackBox.Tests.Audit;

/// <summary>What was done is in the audit with actor, purpose and site, and proofs of it hold.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Changes_reads_refusals_and_releases_are_entries_with_actor_purpose_and_site_and_the_command_line_verifies_them()
    {
        await using var server = await ServerProcess.StartAsync();
        using var certificates = new TestCertificates(server);
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        await network.TreatAsync(Patient);
        using var nurses = server.Open(certificates.Good("role:nurse", "site:harbour"));
        var nurse = new Network(nurses, Network.Harbour);
        await nurse.Patients.GetPlanAsync(new() { Name = Patient + "/plan" });
        await nurse.Clinics.ListRosterAsync(new() { Parent = Network.Harbour });
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.Patients.CreatePlanAsync(Valid.Plan(Patient)));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await new Network(channel, Network.Hill).Patients.GetPatientAsync(new() { Name = Patient }));

        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.OverFacts().Patients.EndTreatmentAsync(Valid.Ending(Patient)));
        await nurse.FeedAsync(Network.Harbour);

        var seen = await UntilAsync(network, Patient, 7);
        Assert.Equal(
            [
                ("EnrolPatient", "admin", "", "OK"), ("RecordConsultation", "admin", "", "OK"), ("CreatePlan", "admin", "", "OK"),
                ("care.v1.FactService/IngestFacts", "tester", "harbour", "PermissionDenied ROLE_NOT_ALLOWED"),
                ("care.v1.PatientService/CreatePlan", "tester", "harbour", "PermissionDenied ROLE_NOT_ALLOWED"),
                ("care.v1.PatientService/GetPatient", "admin", "hill", "NotFound PATIENT_NOT_FOUND"),
                ("care.v1.PatientService/GetPlan", "tester", "harbour", "OK"),
            ],
            seen.Select(placed => (placed.Entry.Action, placed.Entry.Actor, placed.Entry.Site, placed.Entry.Outcome)).OrderBy(e => e.Action.Contains('/', StringComparison.Ordinal)).ThenBy(e => e.Action.Contains('/', StringComparison.Ordinal) ? e.Action : ""));
        Assert.All(seen, placed => Assert.Equal(placed.Entry.Version > 0 ? "" : "TREAT", placed.Entry.Purpose));
        Assert.All(seen, placed => Assert.Equal(Subject, placed.Entry.Subject));
        var ofClinic = (await UntilAsync(network, Network.Harbour, 3)).Select(placed => placed.Entry.Action).ToList();
        Assert.Contains("care.v1.ClinicService/ListRoster", ofClinic);
        Assert.Contains("sync.v1.PlanFeedService/WatchPlans", ofClinic);

        await HeadAsync(network, seen.Max(placed => placed.Position) + 1);
        using var elsewhere = new TempFolder();
        var (code, told, error) = await VerifyAsync(server, elsewhere);
        Assert.True(code == 0, error);
        Assert.Matches("^accepted: [0-9]+ entries, [0-9]+ of them under [0-9]+ signed head", told);
        await server.KillAsync();
        await server.StartAgainAsync();
        (code, told, error) = await VerifyAsync(server, elsewhere);
        Assert.True(code == 0, error);
        Assert.Contains("still begins with what 1 earlier run saw", told, StringComparison.Ordinal);
        (code, told, _) = await Clinicnet.RunAsync(elsewhere.Path, [.. Connection(server), "audit", "of", Patient, "--json"]);
        Assert.Equal(0, code);
        Assert.Contains("PermissionDenied ROLE_NOT_ALLOWED", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proofs_of_the_running_network_hold_for_a_witness()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.TreatAsync(Patient);
        var first = Checkpoint.Of(await HeadAsync(network, 4));
        await network.TreatAsync("patients/audited-2");
        var second = Checkpoint.Of(await HeadAsync(network, first.Size + 3));
        var consistency = await network.Audit.GetConsistencyProofAsync(new() { FirstSize = first.Size, SecondSize = second.Size });
        Assert.True(MerkleProof.IsConsistent(first.Size, first.Root, second.Size, second.Root, [.. consistency.Path.Select(node => node.ToByteArray())]));
        for (var position = 0; position < second.Size; position++)
        {
            var inclusion = await network.Audit.GetInclusionProofAsync(new() { Position = position, Size = second.Size });
            Assert.True(MerkleProof.Includes(inclusion.Leaf.ToByteArray(), position, second.Size, [.. inclusion.Path.Select(node => node.ToByteArray())], second.Root));
        }
    }
}
