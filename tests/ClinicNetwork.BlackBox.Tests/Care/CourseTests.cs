using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Later courses, death, loss to follow-up and pregnancy over the contract and the command line.</summary>
public sealed class CourseTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private Network Network => fixture.Network;

    [Fact]
    public async Task A_second_course_stands_beside_the_first_each_with_its_judgements()
    {
        var patient = await Network.TreatAsync("patients/twice");
        await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1", Valid.Past.AddDays(-1), total: 20));
        await DoseAsync(patient, "s-1", Valid.Past);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "TREATMENT_NOT_ENDED", async () => await Network.Patients.CreatePlanAsync(Again(patient)));
        await Network.Patients.EndTreatmentAsync(new() { RequestId = Valid.Id(), Patient = patient, Reason = "well", OccurredAt = Valid.At(TimeSpan.FromDays(1)) });
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PLAN_EXISTS", async () => await Network.Patients.CreatePlanAsync(Valid.Plan(patient)));
        await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2", Valid.Past.AddDays(2), total: 15));
        var (code, told, error) = await RunAsync("patient", "plan", patient, "--protocol", "ketamine-iv-induction", "--setting", "clinic", "--goal", "back to work", "--new-course");
        Assert.True(code == 0, error + told);
        await DoseAsync(patient, "s-2", Valid.Past.AddDays(3));

        var read = await ReadAsync(patient);
        Assert.Equal([(1, 1, 20), (2, 1, 15)], read.Courses.Select(c => (c.Number, c.Doses, c.BaselinePhq9)));
        Assert.Equal([$"{patient}/sessions/s-1"], read.Courses[0].Sessions);
        Assert.Equal([$"{patient}/sessions/s-2"], read.Courses[1].Sessions);
        Assert.Equal(2, read.Patient.Sessions.Count);
        Assert.Equal(read.Judgements, read.Courses[1].Judgements);
        Assert.NotEmpty(read.Courses[0].Judgements);
        Assert.Equal((null, TreatmentStatus.InTreatment), (read.Courses[1].EndedAt, read.Patient.Status));
        var (_, shown, _) = await RunAsync("patient", "show", patient);
        Assert.Contains("course  protocol", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_is_lost_after_attempts_that_failed_and_found_by_the_one_that_did_not()
    {
        var patient = await Network.TreatAsync("patients/lost");
        foreach (var at in (string[])["2025-05-01T10:00Z", "2025-05-10T10:00Z"])
        {
            await RunAsync("patient", "contact", patient, "--by", "phone", "--result", "no-answer", "--at", at);
        }

        Assert.Contains("CONTACTS_TOO_FEW", (await RunAsync("patient", "lost", patient)).Error, StringComparison.Ordinal);
        await RunAsync("patient", "contact", patient, "--by", "letter", "--result", "wrong-address", "--at", "2025-05-20T10:00Z");
        var (code, told, error) = await RunAsync("patient", "lost", patient, "--at", "2025-06-01T10:00Z");
        Assert.True(code == 0 && told.StartsWith("lost to follow-up: ", StringComparison.Ordinal), error + told);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PATIENT_LOST", async () => await Network.Patients.StartSessionAsync(Valid.Start(patient, "s-1")));
        Assert.Contains("  lost      to follow-up since ", (await RunAsync("patient", "show", patient)).Out, StringComparison.Ordinal);
        Assert.Equal((TreatmentStatus.LostToFollowUp, true, 3), ((await ReadAsync(patient)).Patient.Status, (await ReadAsync(patient)).Losses[0].Present, (await ReadAsync(patient)).Contacts.Count));

        (code, told, error) = await RunAsync("patient", "found", patient, "--by", "visit", "--at", "2025-06-10T10:00Z");
        Assert.True(code == 0 && told.StartsWith("reached by visit: ", StringComparison.Ordinal), error + told);
        await Network.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        Assert.False((await ReadAsync(patient)).Losses[0].Present);
    }

    [Fact]
    public async Task A_pregnancy_stops_the_dose_until_a_clinician_gives_the_reason()
    {
        var patient = await Network.TreatAsync("patients/pregnant");
        var (code, _, error) = await RunAsync("patient", "pregnancy", patient, "--finding", "test-positive", "--at", "2025-06-20T08:00Z");
        Assert.Equal((0, ""), (code, error));
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PREGNANT", async () => await Network.Patients.StartSessionAsync(Valid.Start(patient, "s-1")));
        var start = Valid.Start(patient, "s-1");
        start.Overrides.Add(new GateOverride { Gate = GateKind.Pregnancy, Reason = "weighed with her obstetrician" });
        using var certificates = new TestCertificates(fixture.Server);
        using var nurses = fixture.Server.Open(certificates.Good("role:nurse", "site:harbour"));
        using var clinicians = fixture.Server.Open(certificates.Good("role:clinician", "site:harbour"));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "OVERRIDE_NOT_ALLOWED", async () => await new Network(nurses, Network.Harbour).Patients.StartSessionAsync(start));
        start.RequestId = Valid.Id();
        await new Network(clinicians, Network.Harbour).Patients.StartSessionAsync(start);

        var read = await ReadAsync(patient);
        Assert.Equal((GateKind.Pregnancy, "weighed with her obstetrician"), read.Patient.Sessions[0].Overridden.Select(o => (o.Gate, o.Reason)).Single());
        Assert.Equal((true, AlertKind.Pregnancy, $"{patient}/pregnancies/1"), (read.Pregnant, read.Patient.Alerts[0].Kind, read.Patient.Alerts[0].Causes[0]));
        Assert.Contains("no dose without a clinician's override", (await RunAsync("patient", "show", patient)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_death_closes_what_is_open_and_is_noted_as_an_adverse_event_of_the_last_dose()
    {
        var patient = await Network.TreatAsync("patients/died");
        await DoseAsync(patient, "s-1", Valid.Past);
        await Network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1", Valid.Past.AddDays(1), total: 27));
        var (code, told, error) = await RunAsync("patient", "death", patient, "--cause", "unknown", "--source", "family", "--at", "2025-06-24T10:00Z");
        Assert.True(code == 0 && told.StartsWith("death recorded: ", StringComparison.Ordinal), error + told);

        var read = await ReadAsync(patient);
        Assert.Equal((TreatmentStatus.Died, $"{patient}/sessions/s-1"), (read.Patient.Status, read.Death.AdverseEventOf));
        Assert.All(read.Patient.Alerts, a => Assert.Equal($"{patient}/death", a.AnsweredBy));
        Assert.Contains(read.FollowUps, v => v.MissingReason == MissingReason.Died);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "PATIENT_DIED", async () => await Network.Patients.StartSessionAsync(Valid.Start(patient, "s-2", Valid.Past.AddDays(8))));
        Assert.DoesNotContain((await Network.As(Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Patient == patient);
        Assert.Contains("serious adverse event within 7 days of the dose of s-1", (await RunAsync("patient", "show", patient)).Out, StringComparison.Ordinal);
    }

    private static CreatePlanRequest Again(string patient)
    {
        var plan = Valid.Plan(patient);
        plan.NewCourse = true;
        return plan;
    }

    private async Task DoseAsync(string patient, string session, DateTimeOffset at)
    {
        await Network.Patients.StartSessionAsync(Valid.Start(patient, session, at));
        await Network.Patients.RecordDoseAsync(Valid.Dose(patient, session, at));
        await Network.Patients.CompleteSessionAsync(Valid.Completion(patient, session, at));
    }

    private async Task<GetPatientResponse> ReadAsync(string patient) => await Network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        return await Clinicnet.RunAsync(folder.Path, [.. arguments, "--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
    }
}
