using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>A clinic's day over the contract and at the command line, by the store's clock.</summary>
public sealed class ClinicDayTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string InSession = "patients/in-session";
    private const string Followed = "patients/followed";

    private static readonly DateTimeOffset Now = ServerProcess.ClockStart;

    [Fact]
    public async Task A_nurse_sees_what_a_session_needs_and_which_visits_are_late_and_an_administrator_no_names()
    {
        var network = fixture.Network;
        await network.TreatAsync(InSession, protocol: "protocols/ketamine-im");
        await network.Patients.StartSessionAsync(Valid.Start(InSession, "s-1", Now.AddMinutes(-25)).WithChecks());
        await network.Patients.RecordDoseAsync(Valid.Dose(InSession, "s-1", Now.AddMinutes(-25)));
        await network.TreatAsync(Followed);
        await network.Patients.StartSessionAsync(Valid.Start(Followed, "s-1", Now.AddDays(-37)));
        await network.Patients.RecordDoseAsync(Valid.Dose(Followed, "s-1", Now.AddDays(-37)));
        await network.Patients.CompleteSessionAsync(Valid.Completion(Followed, "s-1", Now.AddDays(-37)));

        using var certificates = new TestCertificates(fixture.Server);
        using var nurse = fixture.Server.Open(certificates.Good("role:nurse", "site:harbour"));
        using var administrator = fixture.Server.Open(certificates.Good("role:site-admin", "site:harbour"));
        var day = await new Network(nurse, Network.Harbour).Clinics.ListClinicDayAsync(new() { Parent = Network.Harbour });
        Assert.Equal((Now.ToTimestamp(), "Europe/Berlin"), (day.ReadAt, day.TimeZone));
        var session = Assert.Single(day.Entries, e => e.Entry.Session.Length > 0);
        Assert.Equal((InSession + "/sessions/s-1", SessionStage.Monitored), (session.Session.Session, session.Session.Stage));
        Assert.NotEmpty(session.Session.Readings);
        Assert.Contains("checklist.no_driving_advice_given", session.Session.Checklist);
        var late = Assert.Single(day.Entries, e => e.Entry.Visit == "long-term-safety/1/1");
        Assert.Equal((Followed, true, "2025-06-15", "2025-06-29"), (late.Entry.Patient, late.Entry.Overdue, late.FirstDay, late.LastDay));
        Assert.All(day.Entries, e => Assert.NotEqual("", e.FamilyName));
        Assert.Empty(day.Approvals);

        var seen = await new Network(administrator, Network.Harbour).Clinics.ListClinicDayAsync(new() { Parent = Network.Harbour });
        Assert.Equal(day.Entries.Select(e => e.Entry), seen.Entries.Select(e => e.Entry));
        Assert.All(seen.Entries, e => Assert.Equal(("", "", "", null), (e.GivenName, e.FamilyName, e.FirstDay, e.Session)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_YOURS", async () => await new Network(nurse, Network.Harbour).Clinics.ListClinicDayAsync(new() { Parent = Network.Hill }));

        var pages = new List<ClinicDayEntry>();
        for (var token = "";;)
        {
            var page = await network.Clinics.ListClinicDayAsync(new() { Parent = Network.Harbour, PageSize = 1, PageToken = token });
            pages.AddRange(page.Entries);
            token = page.NextPageToken;
            if (token.Length == 0)
            {
                break;
            }
        }

        Assert.Equal(day.Entries, pages);
        await CheckCommandLineAsync();
    }

    private async Task CheckCommandLineAsync()
    {
        using var folder = new TempFolder();
        string[] server = ["--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")];
        var (code, page, error) = await Clinicnet.RunAsync(folder.Path, ["clinic", "today", Network.Harbour, .. server]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"{Network.Harbour}, 2025-07-", page, StringComparison.Ordinal);
        Assert.Contains("Sessions in progress", page, StringComparison.Ordinal);
        Assert.Contains("told not to drive until the next day", string.Join(' ', page.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("Overdue visits", page, StringComparison.Ordinal);
        Assert.Contains("1 session in progress, ", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        (code, var json, _) = await Clinicnet.RunAsync(folder.Path, ["clinic", "today", Network.Harbour, "--json", "--limit", "1", .. server]);
        Assert.Equal(0, code);
        Assert.Single(ListClinicDayResponse.Parser.ParseJson(json).Entries);
        (code, var moved, error) = await Clinicnet.RunAsync(
            folder.Path, ["patient", "reschedule", Followed, "--visit", "phq9-before-session/1/2", "--day", "2000-01-01", "--reason", "Away", .. server]);
        Assert.NotEqual(0, code);
        Assert.Contains("PLANNED_DAY_PAST", error + moved, StringComparison.Ordinal);
    }
}
