using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>A patient with its own certificate, over the contract and at the command line, and what the clinic sees of it. By the store's clock, in Berlin.</summary>
public sealed class PatientVoiceTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private static readonly DateTimeOffset FirstDose = ServerProcess.ClockStart.AddDays(-30);

    [Fact]
    public async Task What_a_patient_says_is_seen_by_the_clinic_and_what_is_private_by_the_patient_alone()
    {
        var patient = await fixture.Network.TreatAsync("patients/voice-1");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:patient", "patient:voice-1"));
        var own = new Network(channel);
        Assert.Equal(1, (await own.Voice.WriteJournalEntryAsync(ValidVoice.Entry(patient))).Entry);
        var hidden = ValidVoice.Entry(patient);
        (hidden.Text, hidden.Private) = ("for nobody else", true);
        Assert.Equal(2, (await own.Voice.WriteJournalEntryAsync(hidden)).Entry);
        await own.Voice.SetOwnGoalsAsync(ValidVoice.Goals(patient));
        await own.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(patient));
        await own.Voice.ResolveDiaryEffectAsync(ValidVoice.Over(patient));
        await own.Voice.SetSupportContactsAsync(ValidVoice.Contacts(patient));
        await own.Patients.RecordScaleAsync(Valid.Scale(patient, "g-1"));
        await fixture.Network.As(Network.Harbour).Voice.RecordDiaryEffectAsync(ValidVoice.Effect(patient));

        var mine = await own.Patients.GetPatientAsync(new() { Name = patient });
        var seen = await fixture.Network.As(Network.Harbour).Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });
        Assert.Equal([("slept through the night", 6, 7.5, false), ("for nobody else", 6, 7.5, true)], mine.Voice.Journal.Select(e => (e.Text, e.Mood, e.SleepHours, e.Private)));
        Assert.Equal(["slept through the night"], seen.Voice.Journal.Select(e => e.Text));
        Assert.Equal((2, 1), (seen.Voice.JournalCount, seen.Voice.PrivateCount));
        Assert.DoesNotContain("for nobody else", seen.ToString(), StringComparison.Ordinal);
        // All but the private entries is the same for both.
        mine.Voice.Journal.RemoveAt(1);
        (mine.Revision, seen.Revision) = (null, null);
        mine.Patient.Plan.Etag = seen.Patient.Plan.Etag;
        Assert.Equal(mine, seen);
        Assert.Equal([("out with the dog again", 1), ("see my sister", 0)], seen.Voice.OwnGoals.Select(g => (g.Text, g.PlanGoal)));
        Assert.Equal([(1, true, true), (2, false, false)], seen.Voice.Diary.Select(e => (e.Number, e.AtHome, e.ResolvedAt is not null)));
        Assert.Equal((patient + "/assessments/g-1", true), (seen.Voice.HomeAnswers.Single().Answer, seen.Voice.HomeAnswers.Single().OutsideWindow));

        Assert.Equal([1, 2], (await own.Voice.ListJournalAsync(new() { Parent = patient })).Entries.Select(e => e.Number));
        Assert.Equal([1], (await fixture.Network.As(Network.Harbour).Voice.ListJournalAsync(new() { Parent = patient })).Entries.Select(e => e.Number));
        var first = await own.Voice.ListJournalAsync(new() { Parent = patient, PageSize = 1 });
        Assert.Equal([2], (await own.Voice.ListJournalAsync(new() { Parent = patient, PageSize = 1, PageToken = first.NextPageToken })).Entries.Select(e => e.Number));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await fixture.Network.As(Network.Hill).Voice.ListJournalAsync(new() { Parent = patient }));
        Assert.Equal(["WriteJournalEntry", "WriteJournalEntry", "SetOwnGoals", "RecordDiaryEffect", "ResolveDiaryEffect", "SetSupportContacts", "RecordScale", "RecordDiaryEffect"],
            (await fixture.Network.HistoryAsync(patient)).Skip(3).Select(e => e.Command));
    }

    [Fact]
    public async Task A_PHQ9_at_home_in_its_windows_last_minute_counts_and_item_9_raises_the_alert()
    {
        var patient = await TreatedAsync("patients/voice-2");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:patient", "patient:voice-2"));
        var own = new Network(channel);
        var before = await own.Patients.GetPatientAsync(new() { Name = patient });
        var visit = before.FollowUps.Single(v => v.Rule == "long-term-safety-baseline/1");
        Assert.Equal(FollowUpState.Missed, visit.State);
        var open = before.FollowUps.Single(v => v.Rule == "phq9-after-first-dose/1");
        var last = open.DueBy.ToDateTimeOffset().AddMinutes(-1);
        var answer = await own.Patients.RecordScaleAsync(Phq9(patient, "home-1", last, 3));
        Assert.Equal((27, false), (answer.Total, answer.OutsideWindow));
        Assert.Contains(ScaleFollowUp.RiskScreen, answer.FollowUps);
        Assert.True((await own.Patients.RecordScaleAsync(Phq9(patient, "home-2", last.AddMinutes(1), 0))).OutsideWindow);
        var read = await fixture.Network.Patients.GetPatientAsync(new() { Name = patient });
        Assert.Equal(patient + "/assessments/home-1", read.FollowUps.Single(v => v.Rule == open.Rule).Answer);
        Assert.Equal((AlertKind.RiskScreenDue, patient + "/assessments/home-1"), read.Patient.Alerts.Where(a => a.Kind == AlertKind.RiskScreenDue).Select(a => (a.Kind, a.Causes.Single())).Single());
        Assert.Equal([(patient + "/assessments/home-1", false), (patient + "/assessments/home-2", true)], read.Voice.HomeAnswers.Select(a => (a.Answer, a.OutsideWindow)));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "SCALE_NOT_SELF_RATED", async () => await own.Patients.RecordScaleAsync(
            Valid.Scale(patient, "c-1", ScaleKind.CssrsScreener, null, ("wish", 0), ("thoughts", 0), ("behaviour-ever", 0))));
    }

    [Fact]
    public async Task At_the_command_line_a_patient_says_what_it_has_to_say_with_its_own_certificate()
    {
        await TreatedAsync("patients/voice-3");
        using var folder = new TempFolder();
        string[] server = ["--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority)];
        var issued = await RunAsync(folder, ["certs", "issue", "voice-3-phone", "--role", "patient", "--for", "patients/voice-3", "--keys", fixture.Server.Folder]);
        Assert.Contains("of voice-3-phone: patient at patients/voice-3, until", issued, StringComparison.Ordinal);
        string[] mine = [.. server, "--identity", folder.Sub("voice-3-phone.pem")];
        Assert.StartsWith("entry 1: version", await RunAsync(folder, ["my", "journal", "add", "--text", "slept through", "--mood", "6", "--sleep", "7.5", "--tag", "sleep", .. mine]), StringComparison.Ordinal);
        Assert.StartsWith("entry 2: version", await RunAsync(folder, ["my", "journal", "add", "--text", "for nobody else", "--private", .. mine]), StringComparison.Ordinal);
        Assert.StartsWith("2 goals: version", await RunAsync(folder, ["my", "goals", "--goal", "out with the dog;1", "--goal", "see my sister", .. mine]), StringComparison.Ordinal);
        var scale = await RunAsync(folder, ["my", "scale", "g-1", "--scale", "gad-7", "--items", "1,1,0,2,1,0,1", .. mine]);
        Assert.Contains("no visit of the calendar asked for it now", scale, StringComparison.Ordinal);
        Assert.StartsWith("side effect 1 of the diary: version", await RunAsync(folder, ["my", "diary", "add", "--kind", "headache", "--severity", "mild", .. mine]), StringComparison.Ordinal);
        Assert.StartsWith("side effect 1 of the diary is over: version", await RunAsync(folder, ["my", "diary", "over", "--number", "1", .. mine]), StringComparison.Ordinal);
        Assert.StartsWith("1 contact: version", await RunAsync(folder, ["my", "contacts", "--contact", "Sam Testrivera;brother;+49 40 123456;agreed;emergency", .. mine]), StringComparison.Ordinal);
        Assert.StartsWith(
            "long-term-safety-baseline/1 1, declined: version", await RunAsync(folder, ["my", "why-missed", "--rule", "long-term-safety-baseline/1", "--no", "1", "--reason", "declined", .. mine]), StringComparison.Ordinal);
        Assert.Contains("(private) for nobody else", await RunAsync(folder, ["my", "journal", "list", .. mine]), StringComparison.Ordinal);
        Assert.Contains("journal: 2 entries, 1 private", await RunAsync(folder, ["patient", "show", "voice-3", .. mine]), StringComparison.Ordinal);

        string[] staff = [.. server, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")];
        var shown = await RunAsync(folder, ["patient", "show", "voice-3", .. staff]);
        Assert.All(
            ["goal: out with the dog (with goal 1 of the plan)", "contact: Sam Testrivera, brother, +49 40 123456, may be called in an emergency", "journal: 2 entries, 1 private",
                "long-term-safety-baseline/1 1 not answered: declined, by the patient", "mood 6: slept through", "answered at home: 1 scale, 1 outside"],
            line => Assert.Contains(line, shown, StringComparison.Ordinal));
        Assert.DoesNotContain("for nobody else", shown, StringComparison.Ordinal);
        Assert.Contains("declined (declined)", await RunAsync(folder, ["patient", "calendar", "voice-3", .. staff]), StringComparison.Ordinal);
        Assert.Contains("slept through", await RunAsync(folder, ["my", "journal", "list", "--patient", "voice-3", .. staff]), StringComparison.Ordinal);
        var (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["my", "journal", "list", .. staff]);
        Assert.Equal((2, "clinicnet: --patient: the certificate names no patient; come with the patient's own, or name one\n"), (code, error));
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["patient", "show", "voice-1", .. mine]);
        Assert.Equal(2, code);
        Assert.Contains("PATIENT_NOT_FOUND", error, StringComparison.Ordinal);
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["certs", "issue", "both", "--role", "patient", "--role", "nurse", "--for", "patients/voice-3", "--keys", fixture.Server.Folder]);
        Assert.Equal(2, code);
        Assert.Contains("--patient: such a certificate has the role patient alone", error, StringComparison.Ordinal);

        // Renewed, it is the same patient's and no more.
        await RunAsync(folder, ["certs", "renew", "voice-3-phone.pem", "--keys", fixture.Server.Folder]);
        Assert.StartsWith("entry 3: version", await RunAsync(folder, ["my", "journal", "add", "--text", "still me", .. mine]), StringComparison.Ordinal);
        Assert.Contains("patient  patients/voice-3", await RunAsync(folder, ["certs", "list", "--keys", fixture.Server.Folder]), StringComparison.Ordinal);
    }

    private async Task<string> TreatedAsync(string patient)
    {
        await fixture.Network.TreatAsync(patient);
        await fixture.Network.Patients.StartSessionAsync(Valid.Start(patient, "s-1", FirstDose));
        await fixture.Network.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1", FirstDose));
        await fixture.Network.Patients.CompleteSessionAsync(Valid.Completion(patient, "s-1", FirstDose));
        return patient;
    }

    private async Task<string> RunAsync(TempFolder folder, string[] arguments)
    {
        _ = fixture;
        var (code, output, error) = await Clinicnet.RunAsync(folder.Path, arguments);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private static RecordScaleRequest Phq9(string patient, string assessment, DateTimeOffset at, int each) => Valid.Scale(
        patient, assessment, ScaleKind.Phq9, at, ((string[])["interest", "mood", "sleep", "energy", "appetite", "self-view", "concentration", "movement", "self-harm"]).Select(key => (key, each)));
}
