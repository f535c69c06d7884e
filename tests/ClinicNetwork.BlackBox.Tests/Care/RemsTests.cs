using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>What the programme for esketamine asks for, over the contract and at the command line. The dose was given ten days before the clock's day.</summary>
public sealed class RemsTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    [Fact]
    public async Task A_form_is_filled_by_the_session_stands_in_the_worklist_overdue_and_goes_when_it_was_sent()
    {
        var (network, patient) = (fixture.Network, "patients/rems-1");
        await network.TreatAsync(patient, protocol: Valid.Nasal);
        Assert.Equal("enrolled for clinics/harbour", (await RunAsync(
            "patient", "rems-enrol", patient, "--clinic", Network.Harbour, "--prescriber", "Dr Chen", "--indication", "treatment-resistant-depression", "--consent", "--at", Iso(Valid.Past))).Split(':')[0]);
        await network.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        await network.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        await network.Patients.RecordVitalsAsync(Valid.Vitals(patient, "s-1"));
        await network.Patients.CompleteSessionAsync(Valid.Completion(patient, "s-1"));

        var entry = (await network.As(Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries.Single(e => e.Patient == patient && e.RemsSession.Length > 0);
        Assert.Equal((patient + "/sessions/s-1", Network.Harbour, true, Milestone.Unspecified), (entry.RemsSession, entry.Site, entry.Overdue, entry.Milestone));
        Assert.Contains("rems form of s-1", await RunAsync("clinic", "worklist", Network.Harbour), StringComparison.Ordinal);
        Assert.Contains($"rems form of s-1: OVERDUE since {Day(Valid.Past.AddDays(7))}, ", await RunAsync("patient", "show", patient), StringComparison.Ordinal);

        await RunAsync("patient", "rems-details", patient, "s-1", "--lot", "K4711", "--taking", "opioids", "--ready-minutes", "95", "--monitored-by", "R. Alvarez", "--at", Iso(Valid.Past.AddHours(4)));
        var form = await network.Patients.GetRemsFormAsync(new() { Name = patient, SessionId = "s-1" });
        Assert.Equal(2, form.Due.FormVersion);
        // No saturation before the dose; and a CADSS-6 of 2 that no later reading clears.
        Assert.Equal([RemsField.PulseOximetry, RemsField.Dissociation], form.Entries.Where(e => e.Missing.Length > 0).Select(e => e.Field));
        Assert.Equal(("131/84", "sessions/s-1/vitals/1"), form.Entries.Where(e => e.Field == RemsField.PressureAt40Minutes).Select(e => (e.Value, e.Sources.Single())).Single());
        var told = await RunAsync("patient", "rems", patient, "s-1");
        Assert.Contains("K4711", told, StringComparison.Ordinal);
        Assert.Contains($"form version 2, OVERDUE since {Day(Valid.Past.AddDays(7))}, 2 entries missing", told, StringComparison.Ordinal);

        await RunAsync("patient", "serious-event", patient, "s-1", "--criterion", "hospitalisation", "--description", "kept overnight", "--at", Iso(Valid.Past.AddHours(5)));
        Assert.Contains("form of session s-1 sent, late, 2 entries not recorded here", await RunAsync("patient", "rems-submit", patient, "s-1", "--reference", "F-2207"), StringComparison.Ordinal);
        Assert.DoesNotContain((await network.As(Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Patient == patient && e.RemsSession.Length > 0);
        var answer = await network.Patients.GetPatientAsync(new() { Name = patient });
        Assert.Equal((true, "admin"), (Assert.Single(answer.RemsForms).Overdue, Assert.Single(answer.Patient.RemsSubmissions).SubmittedBy));
        Assert.Equal([SeriousCriterion.Hospitalisation], Assert.Single(answer.Patient.SeriousEvents).Criteria);
        told = await RunAsync("patient", "show", patient);
        Assert.Contains("rems      with clinics/harbour since ", told, StringComparison.Ordinal);
        Assert.Contains("serious   1 ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("OVERDUE", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinics_settings_are_changed_and_shown()
    {
        await RunAsync("clinic", "configure", Network.Meadow, "--rems-certificate", "H-1234", "--certified-from", "2025-01-15", "--retention-rule", "gb");
        var clinic = (await fixture.Network.Clinics.GetClinicAsync(new() { Name = Network.Meadow })).Clinic;
        Assert.Equal(("H-1234", "2025-01-15", "", "gb", 20), (clinic.RemsCertificate.Number, clinic.RemsCertificate.FirstDay, clinic.RemsCertificate.LastDay, clinic.RetentionRule, clinic.RetentionYears));
        await RunAsync("clinic", "configure", Network.Meadow, "--retention-years", "30");
        var told = await RunAsync("clinic", "show", Network.Meadow);
        Assert.Contains("certificate H-1234, 2025-01-15 to further notice", told, StringComparison.Ordinal);
        Assert.Contains("retention   30 years after the last contact, rule gb", told, StringComparison.Ordinal);
    }

    private static string Iso(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, told, error) = await Clinicnet.RunAsync(
            fixture.Server.Folder, [.. arguments, "--server", fixture.Server.Announced, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
        Assert.True(code == 0, error);
        return told;
    }
}
