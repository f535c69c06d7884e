// A clinic's program on the package ClinicNetwork.Client: dotnet run -- https://HOST:PORT IDENTITY.pem clinics/SITE patients/PATIENT
// The parts between two lines of dashes are the examples of the package's readme.
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;

var (server, identityFile, site, patient) = (args[0], args[1], args[2], args[3]);

// ---- connect
using var identity = ClientIdentity.Load(identityFile);
using var network = ClinicNetworkClient.Connect(new Uri(server), new() { Identity = identity, ActingSite = site });

// ---- read
var read = await network.Patients.GetPlanAsync(new() { Name = $"{patient}/plan", Read = new() { Confirmed = true } });
Console.WriteLine($"{patient}: plan revision {read.Plan.Revision}, version {read.Revision.Version}");

// ---- record
var answered = new RecordAssessmentRequest
{
    RequestId = RequestIds.New(), // Before the first attempt, and kept with what it is for until there is an answer.
    Patient = patient,
    AssessmentId = $"phq9-{DateTime.UtcNow:yyyyMMdd-HHmmss}",
    Items = { 2, 1, 2, 2, 1, 1, 1, 0, 0 },
    OccurredAt = DateTime.UtcNow.AddMinutes(-5).ToTimestamp(),
};
var recorded = await network.Patients.RecordAssessmentAsync(answered);
Console.WriteLine($"PHQ-9 {recorded.Total}, version {recorded.Receipt.Version}");

// ---- repeat
var again = await network.Patients.RecordAssessmentAsync(answered);
Console.WriteLine(again.Equals(recorded) ? "the same answer again" : "something else");

// ---- refusal
try
{
    await network.Patients.RecordAssessmentAsync(new(answered) { RequestId = RequestIds.New(), AssessmentId = "phq9-wrong", Items = { 4 } });
}
catch (ClinicNetworkException refused) when (!refused.Transient)
{
    Console.WriteLine($"{refused.Code}, {refused.Reason}, {refused.Field}: {refused.Message}");
}

// ---- follow
const string cursorFile = "site.cursor";
var cursor = File.Exists(cursorFile) ? File.ReadAllText(cursorFile) : "";
if (cursor.Length == 0)
{
    // The first time, and after CURSOR_TOO_OLD or CURSOR_EXPIRED: everybody, then what changed since.
    await foreach (var page in network.ListSitePatientsAsync(site, includePlans: true))
    {
        foreach (var one in page.Patients)
            Console.WriteLine($"{one.Patient}, home {one.HomeClinic}, plan revision {one.Plan?.Revision ?? 0}");
        cursor = page.Cursor;
    }
    File.WriteAllText(cursorFile, cursor);
}
await foreach (var item in network.WatchPlansAsync(site, cursor, untilCaughtUp: true, includePlans: true))
{
    var isChange = item.ItemCase == WatchPlansResponse.ItemOneofCase.Change;
    if (isChange)
        Console.WriteLine($"{item.Change.Patient}, version {item.Change.Version}: {item.Change.Command}");
    // Only now: a change that was not dealt with comes again.
    File.WriteAllText(cursorFile, isChange ? item.Change.Cursor : item.Bookmark.Cursor);
}

// ---- send many
async IAsyncEnumerable<IngestFactsRequest> FactsAsync()
{
    foreach (var days in new[] { 1, 2, 3 })
    {
        await Task.Yield();
        yield return new()
        {
            RequestId = RequestIds.From(patient, "paper", $"{days}"), // The same in every run: nothing is recorded twice.
            Patient = patient,
            RecordAssessment = new()
            {
                AssessmentId = $"paper-{days}", Items = { 1, 1, 1, 1, 1, 1, 1, 0, 0 }, OccurredAt = new DateTime(2026, 1, days, 9, 0, 0, DateTimeKind.Utc).ToTimestamp(),
            },
        };
    }
}
await foreach (var result in network.IngestFactsAsync(FactsAsync()))
    Console.WriteLine(result.Refused is { } no ? $"fact {result.Item}: {no.Reason}: {no.Message}" : $"fact {result.Item}: version {result.Accepted.RecordAssessment.Receipt.Version}");

// ---- end
