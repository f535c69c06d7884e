using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>
/// A small network with every command, snapshots and a published batch, left as a data folder and the calls that made it. Made by this
/// version's server, kept for ever in tests/golden, opened by all later versions.
/// </summary>
internal static class GoldenStore
{
    /// <summary>Two cells below the root need 2 × (11 + 3) persons.</summary>
    private const int ConsentingPatients = 30;

    internal const string Clinic = "clinics/golden";

    private const string Second = "clinics/golden-second";

    private static readonly int[] SessionDays = [7, 10, 14, 17];

    /// <summary>Makes the network in <paramref name="folder"/> and returns the calls; the server is stopped cleanly.</summary>
    /// <param name="more">Further options of the server; without any it runs on SQLite.</param>
    public static async Task<IReadOnlyList<RecordedCall>> MakeAsync(string folder, params string[] more)
    {
        Directory.CreateDirectory(folder);
        await using var server = await ServerProcess.StartAsync(
            folder, ["--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"), "--ClinicNetwork:SnapshotEveryVersions", "5", .. more]);
        using var channel = server.Open();
        var recorded = new ConcurrentQueue<RecordedCall>();
        var calls = channel.Intercept(new RecordingInterceptor(recorded));
        using var partner = await RegistryPartner.JoinAsync(server, new Network(channel));
        using var registry = server.Open(partner.Identity.Certificate);
        var (clinics, patients) = (new ClinicService.ClinicServiceClient(calls), new PatientService.PatientServiceClient(calls));
        var (admin, releases) = (new NetworkService.NetworkServiceClient(channel), new ReleaseService.ReleaseServiceClient(registry.Intercept(new RecordingInterceptor(recorded, RegistryPartner.Name))));
        foreach (var (name, zone) in new[] { (Clinic, "Europe/Berlin"), (Second, "Australia/Melbourne") })
        {
            await clinics.RegisterClinicAsync(new() { RequestId = "golden-" + name[8..], Clinic = new() { Name = name, DisplayName = "Golden clinic", TimeZone = zone, EsketamineCertified = true } });
        }

        for (var i = 0; i < ConsentingPatients; i++)
        {
            await TreatAsync(patients, i);
        }

        await EverythingElseAsync(patients, new PatientService.PatientServiceClient(channel));
        // Far enough for the closings and one publication day, not so far that the stored answers expire.
        await admin.AdvanceClockAsync(new() { RequestId = "golden-advance-1", To = ServerProcess.ClockStart.AddDays(10).ToTimestamp() });
        await new PartnerService.PartnerServiceClient(calls).ListAgreementsAsync(new() { Parent = RegistryPartner.Name });
        await ReadAsync(clinics, patients, releases);
        await server.StopAsync();
        return [.. recorded];
    }

    private static async Task TreatAsync(PatientService.PatientServiceClient patients, int index)
    {
        var id = "golden-" + index.ToString("00", CultureInfo.InvariantCulture);
        var (name, request) = ("patients/" + id, 0);
        string Id() => string.Create(CultureInfo.InvariantCulture, $"{id}-request-{++request}");
        await patients.EnrolPatientAsync(new()
        {
            RequestId = Id(), Patient = name, HomeClinic = Clinic, GivenName = "Golden", FamilyName = "Synthetic", BirthDate = index % 2 == 0 ? "1970-05-05" : "1990-05-05",
            Sex = index % 3 == 0 ? Sex.Male : Sex.Female, RecordNumber = "G-" + id, OccurredAt = Day(0),
        });
        await patients.RecordConsultationAsync(new() { RequestId = Id(), Patient = name, Consultation = Consultation(), OccurredAt = Day(0) });
        await patients.CreatePlanAsync(new()
        {
            RequestId = Id(), Patient = name, Protocol = "protocols/ketamine-iv-induction", Setting = Setting.Clinic,
            Goals = { new Goal { Text = "back to work", TargetPhq9 = 9, TargetDate = "2025-10-01" } },
        });
        await patients.SetResearchConsentAsync(new() { RequestId = Id(), Patient = name, Recipients = { RecipientClass.ResearchRegistry }, OccurredAt = Day(1) });
        await AnswerAsync(patients, name, Id(), "baseline", 5, 20);
        foreach (var day in SessionDays)
        {
            var session = "day-" + day.ToString(CultureInfo.InvariantCulture);
            await patients.StartSessionAsync(new()
            {
                RequestId = Id(), Patient = name, SessionId = session, Clinic = Clinic, WeightKg = 70, OccurredAt = Day(day),
                BloodPressure = new() { SystolicMmhg = 120, DiastolicMmhg = 80 },
            });
            await patients.RecordDoseAsync(new() { RequestId = Id(), Patient = name, SessionId = session, DoseMg = 35, DurationMinutes = 40, OccurredAt = Day(day) });
            await patients.CompleteSessionAsync(new()
            {
                RequestId = Id(), Patient = name, SessionId = session, OccurredAt = Day(day, hours: 2),
                BloodPressure = new() { SystolicMmhg = 125, DiastolicMmhg = 82 },
            });
        }

        await AnswerAsync(patients, name, Id(), "end", 17 + 20, index % 3 == 0 ? 3 : index % 3 == 1 ? 9 : 22);
    }

    /// <summary>The commands that the others did not need, on one patient.</summary>
    private static async Task EverythingElseAsync(PatientService.PatientServiceClient patients, PatientService.PatientServiceClient unrecorded)
    {
        const string Name = "patients/golden-00";
        await patients.RecordSideEffectAsync(new()
        {
            RequestId = "golden-side-effect", Patient = Name, SessionId = "day-7", Kind = SideEffectKind.Dissociation, Severity = SideEffectSeverity.Moderate,
            DurationMinutes = 35, Note = "gone before leaving", OccurredAt = Day(7),
        });
        await patients.RecordScaleAsync(new()
        {
            RequestId = "golden-scale", Patient = Name, AssessmentId = "screen", Scale = ScaleKind.CssrsScreener, OccurredAt = Day(7),
            Items =
            {
                new ScaleItem { Key = "wish", Value = 1 }, new ScaleItem { Key = "thoughts", Value = 0 },
                new ScaleItem { Key = "behaviour-ever", Value = 1 }, new ScaleItem { Key = "behaviour-3-months", Value = 0 },
            },
        });
        await patients.RecordMissedVisitAsync(new() { RequestId = "golden-missed", Patient = Name, Milestone = Milestone.Week4, Reason = MissingReason.Unreachable, OccurredAt = Day(60) });
        var plan = (await unrecorded.GetPlanAsync(new() { Name = Name + "/plan", Read = new() { Confirmed = true } })).Plan;
        await patients.RevisePlanAsync(new() { RequestId = "golden-revise", Patient = Name, Etag = plan.Etag, DoseMgPerKg = 0.6, Reason = "partial response" });
        await patients.SetSharingAsync(new() { RequestId = "golden-share", Patient = Name, Sites = { new SiteGrant { Site = Second, Access = SiteAccess.Write } }, OccurredAt = Day(61) });
        await patients.EndTreatmentAsync(new() { RequestId = "golden-end", Patient = Name, Reason = "goal reached", OccurredAt = Day(62) });
    }

    private static async Task ReadAsync(ClinicService.ClinicServiceClient clinics, PatientService.PatientServiceClient patients, ReleaseService.ReleaseServiceClient releases)
    {
        await clinics.ListClinicsAsync(new());
        await clinics.ListRosterAsync(new() { Parent = Second });
        foreach (var name in new[] { "patients/golden-00", "patients/golden-01" })
        {
            await patients.GetPatientAsync(new() { Name = name });
            await patients.ListHistoryAsync(new() { Parent = name });
        }

        var batches = await releases.ListBatchesAsync(new() { Parent = "profiles/public-outcomes" });
        Assert.NotEmpty(batches.Batches);
        await releases.GetManifestAsync(new() { Name = batches.Batches[0].Name });
        await releases.GetReleaseKeyAsync(new());
    }

    private static Consultation Consultation() => new()
    {
        DiagnosisCode = "F33.2",
        PsychiatricHistory = "made up",
        EarlierTreatments =
        {
            new EarlierTreatment { Treatment = "sertraline", Adequate = true, Response = TreatmentResponse.None },
            new EarlierTreatment { Treatment = "venlafaxine", Adequate = true, Response = TreatmentResponse.Partial },
        },
        RisksDiscussed = { "dissociation", "raised blood pressure" },
        TreatmentConsent = true,
    };

    private static async Task AnswerAsync(PatientService.PatientServiceClient patients, string name, string requestId, string id, int day, int total)
    {
        var request = new RecordAssessmentRequest { RequestId = requestId, Patient = name, AssessmentId = id, OccurredAt = Day(day) };
        request.Items.AddRange(Enumerable.Range(0, 9).Select(item => Math.Clamp(total - (3 * item), 0, 3)));
        await patients.RecordAssessmentAsync(request);
    }

    /// <summary>Days before the manual clock begins, so that everything has happened already.</summary>
    private static Timestamp Day(int day, int hours = 0) => ServerProcess.ClockStart.AddDays(day - 70).AddHours(hours + 5).ToTimestamp();
}
