using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Faults.Releases;

/// <summary>
/// Persons who come into the pool for one publication day: women and men of one age and severity, four doses in ten days, an answer at the end of induction that is a remission,
/// a response, no change or worse in turn.
/// </summary>
internal sealed class Treatments(ClinicNetworkClient client)
{
    public const string Clinic = "clinics/races";

    /// <summary>Days before the publication day: the end of induction closes some 60 days after the first dose.</summary>
    private const int FirstDoseDays = 76;
    private const int Baseline = 20;
    private const int AtOnce = 24;

    private static readonly int[] DoseDays = [0, 3, 6, 9];

    public static readonly RecipientClass[] Everybody = [RecipientClass.ResearchRegistry, RecipientClass.PublicHealth, RecipientClass.Industry];

    public async Task RegisterAsync(CancellationToken stop) => await client.Clinics.RegisterClinicAsync(
        new() { RequestId = RequestIds.New(), Clinic = new() { Name = Clinic, DisplayName = "Races", TimeZone = "Europe/Berlin" } }, cancellationToken: stop);

    public Task TreatAsync(IEnumerable<Person> persons, DateTimeOffset day, CancellationToken stop) => Parallel.ForEachAsync(
        persons, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (person, cancel) => await TreatAsync(person, day.AddDays(-FirstDoseDays), cancel));

    /// <summary>Ends the first course and begins a second.</summary>
    public async Task BeginAgainAsync(Person person, DateTimeOffset at, CancellationToken stop)
    {
        person.Again = true;
        await client.Patients.EndTreatmentAsync(new() { RequestId = RequestIds.New(), Patient = person.Name, Reason = "well", OccurredAt = at.ToTimestamp() }, cancellationToken: stop);
        await client.Patients.CreatePlanAsync(PlanOf(person, newCourse: true), cancellationToken: stop);
        await DoseAsync(person, "again", at.AddHours(2), stop);
    }

    public async Task SetConsentAsync(Person person, RecipientClass[] permitted, DateTimeOffset at, CancellationToken stop) => await client.Patients.SetResearchConsentAsync(
        new() { RequestId = RequestIds.New(), Patient = person.Name, Recipients = { permitted }, OccurredAt = at.ToTimestamp() }, cancellationToken: stop);

    private async Task TreatAsync(Person person, DateTimeOffset firstDose, CancellationToken stop)
    {
        await client.Patients.EnrolPatientAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = person.Name,
                HomeClinic = Clinic,
                GivenName = "Ada",
                FamilyName = "Testperson",
                BirthDate = "1980-02-29",
                Sex = person.Number % 2 == 0 ? Sex.Female : Sex.Male,
                RecordNumber = person.Stream,
                OccurredAt = firstDose.AddDays(-4).ToTimestamp(),
            },
            cancellationToken: stop);
        await client.Patients.RecordConsultationAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = person.Name,
                Consultation = new() { DiagnosisCode = "F33.2", PsychiatricHistory = "two episodes", RisksDiscussed = { "dissociation" }, TreatmentConsent = true },
                OccurredAt = firstDose.AddDays(-4).ToTimestamp(),
            },
            cancellationToken: stop);
        await client.Patients.CreatePlanAsync(PlanOf(person, newCourse: false), cancellationToken: stop);
        await SetConsentAsync(person, Everybody, firstDose.AddDays(-3), stop);
        await AnswerAsync(person, "baseline", Baseline, firstDose.AddDays(-2), stop);
        foreach (var day in DoseDays)
        {
            await DoseAsync(person, $"s-{day}", firstDose.AddDays(day), stop);
        }

        await AnswerAsync(person, "end", (person.Number / 2 % 4) switch { 0 => 2, 1 => 8, 2 => Baseline - 3, _ => Baseline + 3 }, firstDose.AddDays(30), stop);
    }

    private static CreatePlanRequest PlanOf(Person person, bool newCourse) => new()
    {
        RequestId = RequestIds.New(),
        Patient = person.Name,
        Protocol = "protocols/ketamine-iv-induction",
        Setting = Setting.Clinic,
        Goals = { new Goal { Text = "sleep", TargetPhq9 = 9 } },
        NewCourse = newCourse,
    };

    private async Task AnswerAsync(Person person, string id, int total, DateTimeOffset at, CancellationToken stop) => await client.Patients.RecordAssessmentAsync(
        new()
        {
            RequestId = RequestIds.New(),
            Patient = person.Name,
            AssessmentId = id,
            Items = { Enumerable.Range(0, 9).Select(i => Math.Clamp(total - (3 * i), 0, 3)) },
            OccurredAt = at.ToTimestamp(),
        },
        cancellationToken: stop);

    private async Task DoseAsync(Person person, string session, DateTimeOffset at, CancellationToken stop)
    {
        await client.Patients.StartSessionAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = person.Name,
                SessionId = session,
                Clinic = Clinic,
                BloodPressure = new() { SystolicMmhg = 120, DiastolicMmhg = 80 },
                WeightKg = 70,
                OccurredAt = at.ToTimestamp(),
            },
            cancellationToken: stop);
        await client.Patients.RecordDoseAsync(
            new() { RequestId = RequestIds.New(), Patient = person.Name, SessionId = session, DoseMg = 35, DurationMinutes = 40, OccurredAt = at.AddMinutes(10).ToTimestamp() },
            cancellationToken: stop);
        await client.Patients.CompleteSessionAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = person.Name,
                SessionId = session,
                BloodPressure = new() { SystolicMmhg = 118, DiastolicMmhg = 78 },
                OccurredAt = at.AddMinutes(190).ToTimestamp(),
            },
            cancellationToken: stop);
    }
}
