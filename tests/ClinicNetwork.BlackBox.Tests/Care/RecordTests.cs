using System.Text.Json.Nodes;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>A record that is taken out is whole, goes to those alone who may, and is in the audit before it leaves.</summary>
public sealed class RecordTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private Network Network => fixture.Network;

    [Fact]
    public async Task A_record_holds_the_patient_and_every_command_with_what_it_recorded()
    {
        const string patient = "patients/exported";
        await Network.TreatAsync(patient);
        for (var i = 0; i < 210; i++)
        {
            await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, $"a-{i}", ServerProcess.ClockStart.AddDays(-i), total: i % 28));
        }

        var parts = await PartsAsync(Network, new() { Name = patient });
        var whole = Assert.Single(parts, p => p.Record is not null).Record;
        Assert.Same(whole, parts[0].Record);
        var read = await Network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });
        Assert.Equal(read, whole);

        var commands = parts.Skip(1).SelectMany(p => p.Commands.Commands).ToArray();
        Assert.Equal(Enumerable.Range(1, 213).Select(v => (long)v), commands.Select(c => c.Version));
        Assert.Equal(
            (await Network.HistoryAsync(patient)).Select(e => (e.Version, e.Command, e.Actor, e.Site, e.RecordedAt, string.Join(' ', e.Events))),
            commands.Select(c => (c.Version, c.Command, c.Actor, c.Site, c.RecordedAt, string.Join(' ', c.Events.Select(e => e.Kind)))));
        var enrolled = JsonNode.Parse(commands[0].Events[0].Content)!;
        Assert.Equal(whole.Patient.GivenName, (string?)enrolled["givenName"]);
        Assert.Equal(whole.Patient.Assessments.Select(a => a.Total).Order(), commands.Skip(3).Select(c => (int)JsonNode.Parse(c.Events[0].Content)!["total"]!).Order());

        var rest = await PartsAsync(Network, new() { Name = patient, AfterVersion = 150 });
        Assert.Equal(commands.Skip(150), rest.SelectMany(p => p.Commands.Commands));
    }

    [Fact]
    public async Task An_emergency_opens_a_patient_for_reading_and_not_for_taking_out()
    {
        const string patient = "patients/not-exported";
        await Network.TreatAsync(patient);
        var hill = Network.As(Network.Hill);
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", () => PartsAsync(hill, new() { Name = patient }));
        await hill.Patients.BreakGlassAsync(Valid.Emergency(patient));
        await hill.Patients.GetPatientAsync(new() { Name = patient });
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "EMERGENCY_ACCESS_ONLY", () => PartsAsync(hill, new() { Name = patient }));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "EMERGENCY_ACCESS_ONLY", () => PartsAsync(hill, new() { Name = patient, AfterVersion = 1 }));
    }

    [Fact]
    public async Task The_command_line_writes_data_and_a_page_for_their_owner_alone_and_the_audit_says_so()
    {
        const string patient = "patients/printed";
        var enrolment = Valid.Enrolment(patient, Network.Harbour);
        (enrolment.GivenName, enrolment.FamilyName) = ("<script>alert(1)</script>", "O'Brien & Sons");
        await Network.Patients.EnrolPatientAsync(enrolment);
        await Network.Patients.RecordConsultationAsync(Valid.Consultation(patient));
        await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1", ServerProcess.ClockStart.AddDays(-9), total: 20));
        await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2", ServerProcess.ClockStart.AddDays(-2), total: 11));

        using var folder = new TempFolder();
        var (json, page) = (Path.Combine(folder.Path, "p.json"), Path.Combine(folder.Path, "p.html"));
        var (code, output, error) = await RunAsync(folder, "patient", "export", patient, "--out", json, "--print", page);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("4 commands", output, StringComparison.Ordinal);
        Assert.All([json, page], file => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite)));
        var record = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        Assert.Equal(("clinicnetwork-patient-record/1", "O'Brien & Sons", 4), ((string?)record["format"], (string?)record["patient"]!["familyName"], record["commands"]!.AsArray().Count));
        var html = await File.ReadAllTextAsync(page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Brien &amp; Sons", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("<polyline", html, StringComparison.Ordinal);
        Assert.Contains("ConsultationRecorded", html, StringComparison.Ordinal);

        (code, _, error) = await RunAsync(folder, "patient", "export", patient, "--out", json);
        Assert.True(code != 0 && error.Contains("is there already", StringComparison.Ordinal), error);
        (code, _, error) = await RunAsync(folder, "patient", "export", "patients/nobody", "--out", Path.Combine(folder.Path, "none.json"));
        Assert.True(code != 0 && error.Contains("PATIENT_NOT_FOUND", StringComparison.Ordinal), error);
        Assert.Equal(["p.html", "p.json"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        await Bounded.UntilAsync("the export is in the audit", async () =>
            (await Network.Audit.ListAccessesAsync(new() { Parent = patient, PageSize = 100 })).Entries.Any(e =>
                e.Entry is { Action: "care.v1.RecordService/ExportPatient", Purpose: "RECORDMGT", Outcome: "OK" }));
    }

    private static async Task<IReadOnlyList<ExportPatientResponse>> PartsAsync(Network network, ExportPatientRequest request)
    {
        using var call = network.Records.ExportPatient(request);
        var parts = new List<ExportPatientResponse>();
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            parts.Add(call.ResponseStream.Current);
        }

        return parts;
    }

    private Task<(int Code, string Out, string Error)> RunAsync(TempFolder folder, params string[] arguments) => Clinicnet.RunAsync(
        folder.Path,
        [.. arguments, "--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
}
