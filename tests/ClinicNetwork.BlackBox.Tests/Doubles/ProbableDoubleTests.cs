using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Doubles;

/// <summary>One person, enrolled at the harbour and on the hill, each with a certificate of its own.</summary>
public sealed class ProbableDoubleTests
{
    private const string Ours = "patients/harbour-7731";
    private const string Theirs = "patients/hilltop-9924";

    /// <summary>What an answer to the harbour may not hold, and the reverse.</summary>
    private static readonly string[] OfTheHill = ["hilltop-9924", "RN-9924", "Quastenflosser", "Zwentibold", "1951-04-17", "twins, the hill says"];

    [Fact]
    public async Task Each_clinic_is_told_of_its_own_and_that_there_is_another_and_the_network_of_both()
    {
        await using var server = await ServerProcess.StartAsync();
        using var certificates = new TestCertificates(server);
        using var admins = server.Open();
        using var ours = server.Open(certificates.Good("role:coordinator", "site:harbour"));
        using var theirs = server.Open(certificates.Good("role:clinician", "site:hill"));
        using var strangers = server.Open(certificates.Good("role:clinician", "site:meadow"));
        using var nurses = server.Open(certificates.Good("role:nurse", "site:harbour"));
        var (admin, harbour, hill, meadow) = (new Network(admins), new Network(ours, Network.Harbour), new Network(theirs, Network.Hill), new Network(strangers, Network.Meadow));
        foreach (var clinic in (string[])[Network.Harbour, Network.Hill, Network.Meadow])
        {
            await admin.RegisterAsync(clinic);
        }

        await EnrolAsync(harbour, Ours, Network.Harbour, "Zwentibold");
        await EnrolAsync(hill, Theirs, Network.Hill, "zwentíbold");
        var seen = await FirstAsync(harbour, Network.Harbour);
        Assert.Equal((Ours, Network.Harbour, "", Network.Hill, DoubleReason.SameNameAndBirthDate, null), (seen.One.Patient, seen.One.HomeClinic, seen.Other.Patient, seen.Other.HomeClinic, seen.Reason, seen.Dismissal));
        AssertHidden(await harbour.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour }));
        Assert.Equal(1, (await harbour.Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).ProbableDoubles);
        Assert.Equal(0, (await new Network(nurses, Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).ProbableDoubles);
        var there = Assert.Single((await hill.Matches.ListProbableDoublesAsync(new() { Parent = Network.Hill })).Doubles);
        Assert.Equal((seen.Name, Theirs, ""), (there.Name, there.One.Patient, there.Other.Patient));
        var both = Assert.Single((await admin.Matches.ListProbableDoublesAsync(new())).Doubles);
        Assert.Equal((Ours, Theirs), (both.One.Patient, both.Other.Patient));
        Assert.Empty((await meadow.Matches.ListProbableDoublesAsync(new() { Parent = Network.Meadow })).Doubles);

        // Nobody gets at the other by it.
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_YOURS", async () => await meadow.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour }));
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "NAME_INVALID", async () => await harbour.Matches.ListProbableDoublesAsync(new()));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await new Network(nurses, Network.Harbour).Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour }));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await harbour.Matches.DismissDoubleAsync(Dismissal(Theirs, seen)));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await meadow.Matches.DismissDoubleAsync(Dismissal(Ours, seen)));
        await EnrolAsync(meadow, "patients/elsewhere", Network.Meadow, "Somebody");
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "DOUBLE_NOT_FOUND", async () => await meadow.Matches.DismissDoubleAsync(Dismissal("patients/elsewhere", seen)));
        await hill.Patients.SetSharingAsync(Valid.Sharing(Theirs, SiteAccess.Write, Network.Meadow));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_HOME", async () => await meadow.Matches.DismissDoubleAsync(Dismissal(Theirs, seen)));

        var dismissal = Dismissal(Theirs, seen);
        dismissal.Reason = "twins, the hill says";
        var answer = await hill.Matches.DismissDoubleAsync(dismissal);
        Assert.Equal(answer, await hill.Matches.DismissDoubleAsync(dismissal));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOUBLE_DISMISSED", async () => await harbour.Matches.DismissDoubleAsync(Dismissal(Ours, seen)));
        Assert.Empty((await harbour.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour })).Doubles);
        var told = await harbour.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour, Dismissed = true });
        AssertHidden(told);
        Assert.Equal((Network.Hill, "", ""), (told.Doubles[0].Dismissal.Site, told.Doubles[0].Dismissal.Actor, told.Doubles[0].Dismissal.Reason));
        Assert.Equal("twins, the hill says", Assert.Single((await admin.Matches.ListProbableDoublesAsync(new() { Dismissed = true })).Doubles).Dismissal.Reason);
        Assert.Contains("twins, the hill says", Encoding.UTF8.GetString((await hill.Matches.ListProbableDoublesAsync(new() { Parent = Network.Hill, Dismissed = true })).ToByteArray()), StringComparison.Ordinal);

        // Taken back by whom it was said, and said again.
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "DOUBLE_OPEN", async () => await harbour.Matches.ReopenDoubleAsync(Reopening(Ours, seen)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_HOME", async () => await meadow.Matches.ReopenDoubleAsync(Reopening(Theirs, seen)));
        await hill.Matches.ReopenDoubleAsync(Reopening(Theirs, seen));
        var again = Assert.Single((await harbour.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour })).Doubles);
        Assert.Equal(seen, again);
        Assert.Empty((await hill.Matches.ListProbableDoublesAsync(new() { Parent = Network.Hill, Dismissed = true })).Doubles);
        (dismissal.RequestId, dismissal.Reason) = (Valid.Id(), "twins, the hill says again");
        await hill.Matches.DismissDoubleAsync(dismissal);

        // A patient who comes over is the harbour's own.
        await admin.As(Network.Hill).Transfers.OfferTransferAsync(Valid.Offer(Theirs, Network.Harbour));
        await admin.As(Network.Harbour).Transfers.AcceptTransferAsync(Valid.Acceptance(Theirs, "RN-moved"));
        var moved = Assert.Single((await harbour.Matches.ListProbableDoublesAsync(new() { Parent = Network.Harbour, Dismissed = true })).Doubles);
        Assert.Equal((Ours, Theirs), (moved.One.Patient, moved.Other.Patient));
        Assert.Empty((await hill.Matches.ListProbableDoublesAsync(new() { Parent = Network.Hill, Dismissed = true })).Doubles);
    }

    [Fact]
    public async Task At_the_command_line_they_are_listed_and_dismissed_with_a_reason()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        await EnrolAsync(network, Ours, Network.Harbour, "Zwentibold");
        await EnrolAsync(network, Theirs, Network.Hill, "Zwentibold Ernst");
        var pair = await FirstAsync(network, "");
        var listed = await RunAsync(server, "patient", "doubles", "list", "clinics/harbour", "--site", "clinics/harbour");
        Assert.Contains($"{Ours} at clinics/harbour", listed, StringComparison.Ordinal);
        Assert.Contains("a patient of clinics/hill", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("hilltop", listed, StringComparison.Ordinal);
        Assert.Contains(Theirs, await RunAsync(server, "patient", "doubles", "list"), StringComparison.Ordinal);
        Assert.Contains("1 probable double: see", await RunAsync(server, "clinic", "worklist", "clinics/harbour"), StringComparison.Ordinal);
        await RunAsync(server, "patient", "doubles", "dismiss", Ours, pair.Name, "--reason", "twins, seen together", "--site", "clinics/harbour");
        Assert.Contains("0 pairs", await RunAsync(server, "patient", "doubles", "list"), StringComparison.Ordinal);
        Assert.Contains("twins, seen together", await RunAsync(server, "patient", "doubles", "list", "--dismissed"), StringComparison.Ordinal);
        await RunAsync(server, "patient", "doubles", "reopen", Ours, pair.Name, "--reason", "same insurance number", "--site", "clinics/harbour");
        Assert.Contains("1 pair", await RunAsync(server, "patient", "doubles", "list"), StringComparison.Ordinal);
    }

    /// <summary>Enrolled at the same moment by two silos; whichever of them compares, each pair is found once.</summary>
    [Fact]
    public async Task Two_silos_that_enrol_the_same_persons_at_one_moment_have_each_flagged_once()
    {
        const int Persons = 24;
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var servers = await cluster.StartAsync("all", "all");
        using var one = ClusterUnderTest.Open([servers[0]]);
        using var other = ClusterUnderTest.Open([servers[1]]);
        var (harbour, hill) = (new Network(one), new Network(other));
        await harbour.RegisterAsync(Network.Harbour);
        await harbour.RegisterAsync(Network.Hill);
        await Task.WhenAll(Enumerable.Range(0, Persons).SelectMany(i => (Task[])
        [
            EnrolAsync(harbour, $"patients/h-{i}", Network.Harbour, $"Zwentibold{i}"), EnrolAsync(hill, $"patients/q-{i}", Network.Hill, $"ZWENTIBOLD{i}"),
        ]));
        await Bounded.UntilAsync("all are found", async () => (await harbour.Matches.ListProbableDoublesAsync(new() { PageSize = 100 })).Doubles.Count == Persons);
        var found = (await harbour.Matches.ListProbableDoublesAsync(new() { PageSize = 100 })).Doubles;
        Assert.Equal(Enumerable.Range(0, Persons).Select(i => $"patients/h-{i} patients/q-{i}").Order(), found.Select(d => $"{d.One.Patient} {d.Other.Patient}").Order());
    }

    private static void AssertHidden(IMessage answer)
    {
        var text = Encoding.Latin1.GetString(answer.ToByteArray());
        Assert.DoesNotContain(OfTheHill, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static DismissDoubleRequest Dismissal(string patient, ProbableDouble pair) => new() { RequestId = Valid.Id(), Patient = patient, Double = pair.Name, Reason = "twins" };

    private static ReopenDoubleRequest Reopening(string patient, ProbableDouble pair) => new() { RequestId = Valid.Id(), Patient = patient, Double = pair.Name, Reason = "same insurance number" };

    private static async Task EnrolAsync(Network network, string patient, string clinic, string given)
    {
        var enrolment = Valid.Enrolment(patient, clinic);
        (enrolment.GivenName, enrolment.FamilyName, enrolment.BirthDate, enrolment.RecordNumber) = (given, "Quastenflosser", "1951-04-17", "RN-" + patient[^4..]);
        await network.Patients.EnrolPatientAsync(enrolment);
    }

    private static async Task<ProbableDouble> FirstAsync(Network network, string clinic)
    {
        ProbableDouble? found = null;
        await Bounded.UntilAsync("the pair is found", async () => (found = (await network.Matches.ListProbableDoublesAsync(new() { Parent = clinic })).Doubles.FirstOrDefault()) is not null);
        return found!;
    }

    private static async Task<string> RunAsync(ServerProcess server, params string[] arguments)
    {
        var (code, told, error) = await Clinicnet.RunAsync(server.Folder, [.. arguments, "--server", server.Announced, "--identity", Path.Combine(server.Folder, "admin.pem")]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {error}");
        return told;
    }
}
