using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Transfers;

/// <summary>A patient goes from the harbour to the hill, by acts of both clinics, each with a certificate of its own.</summary>
public sealed class TransferTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Two_sites_over_TLS_and_at_the_command_line_give_and_take_a_patient()
    {
        await using var server = await ServerProcess.StartAsync();
        using var certificates = new TestCertificates(server);
        using var admins = server.Open();
        using var ours = server.Open(certificates.Good("role:clinician", "role:coordinator", "site:harbour"));
        using var theirs = server.Open(certificates.Good("role:clinician", "role:coordinator", "site:hill"));
        using var strangers = server.Open(certificates.Good("role:clinician", "site:meadow"));
        var (harbour, hill, meadow) = (new Network(ours, Network.Harbour), new Network(theirs, Network.Hill), new Network(strangers, Network.Meadow));
        var patient = await RegisterAsync(new Network(admins), "patients/moves-1");
        await harbour.Patients.RecordRemsEnrolmentAsync(Valid.RemsEnrolment(patient));

        var offer = await harbour.Transfers.OfferTransferAsync(Valid.Offer(patient));
        Assert.Equal(1, offer.Number);
        var told = Assert.Single((await hill.Transfers.ListTransfersAsync(new() { Parent = Network.Hill })).Transfers);
        Assert.Equal((patient, 1, Network.Harbour, Network.Hill, "moves there in June", KeptAccess.Read, Drug.Esketamine, TransferStatus.Offered),
            (told.Patient, told.Number, told.FromClinic, told.ToClinic, told.Reason, told.Keeps, told.Drug, told.Status));
        Assert.Equal(told, Assert.Single((await harbour.Transfers.ListTransfersAsync(new() { Parent = Network.Harbour })).Transfers));
        Assert.Equal(told, (await hill.Transfers.GetTransferAsync(new() { Patient = patient })).Transfer);
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await hill.Patients.GetPatientAsync(new() { Name = patient }));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await meadow.Transfers.GetTransferAsync(new() { Patient = patient }));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await meadow.Transfers.AcceptTransferAsync(Valid.Acceptance(patient)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_RECEIVER", async () => await harbour.Transfers.AcceptTransferAsync(Valid.Acceptance(patient)));

        var request = Valid.Acceptance(patient);
        var accepted = await hill.Transfers.AcceptTransferAsync(request);
        Assert.Equal(accepted, await hill.Transfers.AcceptTransferAsync(request));
        var moved = (await hill.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal((Network.Hill, "H-1"), (moved.HomeClinic, moved.RecordNumber));
        Assert.Contains(await hill.FeedAsync(Network.Hill), c => c.Patient == patient && c.Kind == ChangeKind.AccessGranted);
        Assert.Contains((await hill.Clinics.ListRosterAsync(new() { Parent = Network.Hill })).Entries, e => e.Patient == patient && e.HomeClinic == Network.Hill);
        var notice = Assert.Single((await hill.Clinics.ListWorklistAsync(new() { Parent = Network.Hill })).Entries, e => e.RemsNotice);
        Assert.Equal((patient, Network.Harbour, true), (notice.Patient, notice.Site, notice.Overdue));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_READ_ONLY", async () => await harbour.Patients.EndTreatmentAsync(Valid.Ending(patient)));
        Assert.Equal(TransferStatus.Accepted, (await harbour.Transfers.GetTransferAsync(new() { Patient = patient, Number = 1 })).Transfer.Status);

        await RunAsync(server, "the offer", "transfer", "offer", patient, "--to", "harbour", "--reason", "goes back", "--keep", "none", "--site", "hill");
        var listed = await RunAsync(server, "the list", "transfer", "list", "clinics/harbour", "--site", "harbour");
        Assert.Contains("goes back", listed, StringComparison.Ordinal);
        await RunAsync(server, "the withdrawal", "transfer", "withdraw", patient, "--number", "2", "--site", "hill");
        await RunAsync(server, "another offer", "transfer", "offer", patient, "--to", "harbour", "--reason", "goes back", "--keep", "none", "--site", "hill");
        await RunAsync(server, "a refusal", "transfer", "decline", patient, "--number", "3", "--reason", "no place", "--site", "harbour");
        await RunAsync(server, "a third offer", "transfer", "offer", patient, "--to", "harbour", "--reason", "goes back", "--keep", "none", "--site", "hill");
        await RunAsync(server, "the acceptance", "transfer", "accept", patient, "--number", "4", "--record", "R-back", "--site", "harbour");
        Assert.Contains("accepted", await RunAsync(server, "the offer again", "transfer", "show", patient, "--site", "harbour"), StringComparison.Ordinal);
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await hill.Patients.GetPatientAsync(new() { Name = patient }));
        Assert.Equal(ChangeKind.AccessRevoked, (await hill.FeedAsync(Network.Hill))[^1].Kind);
    }

    /// <summary>At a random moment of thirty acceptances at once: each is whole or not there, and the same request finishes it.</summary>
    [Fact]
    public async Task SIGKILL_in_the_middle_leaves_each_patient_with_one_home_and_the_retry_moves_the_rest()
    {
        const int Patients = 30;
        var seed = Bounded.Seed();
        await using var server = await ServerProcess.StartAsync();
        List<AcceptTransferRequest> requests = [];
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.RegisterAsync(Network.Hill);
            for (var i = 0; i < Patients; i++)
            {
                var patient = $"patients/m-{i}";
                await network.Patients.EnrolPatientAsync(Valid.Enrolment(patient));
                await network.As(Network.Harbour).Transfers.OfferTransferAsync(Valid.Offer(patient));
                requests.Add(Valid.Acceptance(patient, "H-" + i));
            }
        }

        var acknowledged = await AcceptUntilKilledAsync(server, requests, new Random(seed).Next(1, Patients - 5));
        await server.StartAgainAsync();
        using var again = server.Open();
        var (hill, harbour) = (new Network(again, Network.Hill), new Network(again, Network.Harbour));
        var (moved, homes) = (await HomesAsync(hill, Network.Hill), await HomesAsync(harbour, Network.Harbour));
        output.WriteLine($"seed {seed}: {acknowledged.Count} acknowledged, {moved.Count} moved before the kill");
        Assert.All(acknowledged, patient => Assert.True(moved.ContainsKey(patient), patient));
        foreach (var request in requests)
        {
            Assert.Equal(moved.ContainsKey(request.Patient) ? Network.Hill : Network.Harbour, homes[request.Patient]);
            await hill.Transfers.AcceptTransferAsync(request);
            Assert.Equal(3, (await hill.HistoryAsync(request.Patient)).Count);
            Assert.Equal(Network.Hill, (await hill.Patients.GetPatientAsync(new() { Name = request.Patient })).Patient.HomeClinic);
        }

        Assert.Equal(Patients, (await hill.FeedAsync(Network.Hill)).Count(c => c.Kind == ChangeKind.AccessGranted));
        Assert.Empty((await hill.Transfers.ListTransfersAsync(new() { Parent = Network.Hill })).Transfers);
    }

    /// <summary>Home clinics of the patients whom a clinic may read.</summary>
    private static async Task<Dictionary<string, string>> HomesAsync(Network network, string clinic) =>
        (await network.Clinics.ListRosterAsync(new() { Parent = clinic, PageSize = 500 })).Entries.ToDictionary(e => e.Patient, e => e.HomeClinic);

    private static async Task<HashSet<string>> AcceptUntilKilledAsync(ServerProcess server, IReadOnlyList<AcceptTransferRequest> requests, int after)
    {
        using var channel = server.Open();
        var hill = new Network(channel, Network.Hill);
        var (acknowledged, enough) = (new HashSet<string>(), new TaskCompletionSource());
        var calls = requests.Select(async request =>
        {
            try
            {
                await hill.Transfers.AcceptTransferAsync(request);
                lock (acknowledged)
                {
                    acknowledged.Add(request.Patient);
                    if (acknowledged.Count == after)
                    {
                        enough.TrySetResult();
                    }
                }
            }
            catch (RpcException)
            {
                // The server is gone: whether it was done, the retry tells.
            }
        }).ToList();
        await enough.Task.Within();
        await server.KillAsync();
        await Task.WhenAll(calls).Within();
        return acknowledged;
    }

    private static async Task<string> RegisterAsync(Network network, string patient)
    {
        await network.RegisterAsync(Network.Harbour, certified: true);
        await network.RegisterAsync(Network.Hill, certified: true);
        await network.RegisterAsync(Network.Meadow);
        return await network.TreatAsync(patient, protocol: Valid.Nasal);
    }

    private static async Task<string> RunAsync(ServerProcess server, string what, params string[] arguments)
    {
        var (code, told, error) = await Clinicnet.RunAsync(
            server.Folder, [.. arguments, "--server", server.Announced, "--identity", Path.Combine(server.Folder, "admin.pem")]);
        Assert.True(code == 0, $"{what}: {error}");
        return told;
    }
}
