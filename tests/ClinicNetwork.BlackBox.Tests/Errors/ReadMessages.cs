using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Reads, lists, streams, clinics and the operator's calls.</summary>
internal static class ReadMessages
{
    public static IEnumerable<BadMessage> All =>
        [.. GetPatient(), .. GetAdvice(), .. ConsultationMessages.All, .. GetPlan(), .. ListHistory(), .. Export(), .. Clinics(), .. GetClinic(), .. Lists(), .. Watch(), .. FeedPages(), .. Releases(), .. Stream(), .. AdvanceClock(), .. Audit()];

    private static BadMessages<GetPatientRequest> GetPatient() =>
        new BadMessages<GetPatientRequest>("PatientService/GetPatient", _ => new() { Name = Cast.Planned, Read = new() }, async (n, r) => await n.Patients.GetPatientAsync(r))
            .BadNames("name", "patients", (r, v) => r.Name = v)
            .BadVersions(r => r.Read)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody");

    private static BadMessages<GetAdviceRequest> GetAdvice() =>
        new BadMessages<GetAdviceRequest>("PatientService/GetAdvice", _ => new() { Name = Cast.Planned, Read = new() }, async (n, r) => await n.Patients.GetAdviceAsync(r))
            .BadNames("name", "patients", (r, v) => r.Name = v)
            .BadVersions(r => r.Read)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody");

    private static BadMessages<GetPlanRequest> GetPlan() =>
        new BadMessages<GetPlanRequest>("PatientService/GetPlan", _ => new() { Name = Cast.Planned + "/plan", Read = new() }, async (n, r) => await n.Patients.GetPlanAsync(r))
            .BadNames("name", "patients", (r, v) => r.Name = v + "/plan")
            .Invalid("no plan's name", "NAME_INVALID", "name", r => r.Name = Cast.Planned)
            .BadVersions(r => r.Read)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody/plan")
            .Row("no plan yet", StatusCode.NotFound, "PLAN_NOT_FOUND", "name", (r, _) => r.Name = Cast.Enrolled + "/plan");

    private static BadMessages<ListHistoryRequest> ListHistory() =>
        new BadMessages<ListHistoryRequest>("PatientService/ListHistory", _ => new() { Parent = Cast.Planned }, async (n, r) => await n.Patients.ListHistoryAsync(r))
            .BadNames("parent", "patients", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "parent", (r, _) => r.Parent = "patients/nobody");

    private static BadMessages<ExportPatientRequest> Export() =>
        new BadMessages<ExportPatientRequest>("RecordService/ExportPatient", _ => new() { Name = Cast.Planned }, (n, r) => DrainAsync(n.Records.ExportPatient(r)))
            .BadNames("name", "patients", (r, v) => r.Name = v)
            .Invalid("after_version is negative", "VERSION_INVALID", "after_version", r => r.AfterVersion = -1)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody");

    private static BadMessages<RegisterClinicRequest> Clinics() =>
        new BadMessages<RegisterClinicRequest>("ClinicService/RegisterClinic", _ => Valid.Clinic("clinics/r-" + Guid.NewGuid().ToString("N")), async (n, r) => await n.Clinics.RegisterClinicAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .Invalid("clinic is missing", "FIELD_MISSING", "clinic", r => r.Clinic = null)
            .BadNames("clinic.name", "clinics", (r, v) => r.Clinic.Name = v)
            .BadTexts("clinic.display_name", 120, required: true, (r, v) => r.Clinic.DisplayName = v)
            .BadZones("", "Berlin", "CET", "Europe/Nowhere", "+02:00", "Europe/Berlin\n", "Europe/Berlin ", "../zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin", "europe/berlin", "Europe/Berlin\0", new string('a', 300) + "/b")
            .Row("clinic is there", StatusCode.AlreadyExists, "CLINIC_EXISTS", "clinic.name", (r, _) => r.Clinic.Name = Network.Harbour);

    private static BadMessages<RegisterClinicRequest> BadZones(this BadMessages<RegisterClinicRequest> rows, params IEnumerable<string> zones) =>
        zones.Aggregate(rows, (all, zone) => all.Invalid(
            $"time zone '{zone[..Math.Min(40, zone.Length)].ReplaceLineEndings("\\n").Replace("\0", "\\0", StringComparison.Ordinal)}'", "TIME_ZONE_UNKNOWN", "clinic.time_zone", r => r.Clinic.TimeZone = zone));

    private static BadMessages<GetClinicRequest> GetClinic() =>
        new BadMessages<GetClinicRequest>("ClinicService/GetClinic", _ => new() { Name = Network.Harbour, Read = new() }, async (n, r) => await n.Clinics.GetClinicAsync(r))
            .BadNames("name", "clinics", (r, v) => r.Name = v)
            .BadVersions(r => r.Read)
            .Row("unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "name", (r, _) => r.Name = "clinics/nowhere");

    private static IEnumerable<BadMessage> Lists() =>
    [
        .. new BadMessages<GetClinicOutcomesRequest>("ClinicService/GetClinicOutcomes", _ => new() { Name = Network.Harbour }, async (n, r) => await n.Clinics.GetClinicOutcomesAsync(r))
            .BadNames("name", "clinics", (r, v) => r.Name = v)
            .Row("unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "name", (r, _) => r.Name = "clinics/nowhere"),
        .. new BadMessages<ListClinicsRequest>("ClinicService/ListClinics", _ => new(), async (n, r) => await n.Clinics.ListClinicsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<ListProtocolsRequest>("ClinicService/ListProtocols", _ => new(), async (n, r) => await n.Clinics.ListProtocolsAsync(r))
            .Invalid("page_size is -1", "PAGE_SIZE_INVALID", "page_size", r => r.PageSize = -1)
            .Row("page_token is a cursor", StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token", (r, c) => r.PageToken = c.HarbourCursor)
            .Row("page_token was changed", StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token", (r, c) => r.PageToken = Changed(c.TokenOfProtocols)),
        .. new BadMessages<ListScalesRequest>("ClinicService/ListScales", _ => new(), async (n, r) => await n.Clinics.ListScalesAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<ListOutcomeDefinitionsRequest>("ClinicService/ListOutcomeDefinitions", _ => new(), async (n, r) => await n.Clinics.ListOutcomeDefinitionsAsync(r))
            .Invalid("page_size is -1", "PAGE_SIZE_INVALID", "page_size", r => r.PageSize = -1)
            .Row("page_token is of the protocols", StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", "page_token", (r, c) => r.PageToken = c.TokenOfProtocols),
        .. new BadMessages<ListFollowUpRulesRequest>("ClinicService/ListFollowUpRules", _ => new(), async (n, r) => await n.Clinics.ListFollowUpRulesAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<ListRosterRequest>("ClinicService/ListRoster", _ => new() { Parent = Network.Harbour }, async (n, r) => await n.Clinics.ListRosterAsync(r))
            .BadNames("parent", "clinics", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "parent", (r, _) => r.Parent = "clinics/nowhere"),
        .. new BadMessages<ListClinicDayRequest>("ClinicService/ListClinicDay", _ => new() { Parent = Network.Harbour }, async (n, r) => await n.Clinics.ListClinicDayAsync(r))
            .BadNames("parent", "clinics", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "parent", (r, _) => r.Parent = "clinics/nowhere"),
        .. new BadMessages<ListWorklistRequest>("ClinicService/ListWorklist", _ => new() { Parent = Network.Harbour }, async (n, r) => await n.Clinics.ListWorklistAsync(r))
            .BadNames("parent", "clinics", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "parent", (r, _) => r.Parent = "clinics/nowhere"),
    ];

    private static BadMessages<WatchPlansRequest> Watch() =>
        new BadMessages<WatchPlansRequest>(
            "PlanFeedService/WatchPlans", _ => new() { Site = Network.Harbour, UntilCaughtUp = true }, (n, r) => DrainAsync(n.Feed.WatchPlans(r)))
            .BadNames("site", "clinics", (r, v) => r.Site = v)
            .Invalid("cursor is no base64", "CURSOR_INVALID", "cursor", r => r.Cursor = "not a cursor")
            .Invalid("cursor is forged", "CURSOR_INVALID", "cursor", r => r.Cursor = new string('A', 90))
            .Invalid("cursor is forged, with a line break inside", "CURSOR_INVALID", "cursor", r => r.Cursor = "CgoKCgoKCgoKCgoKCgoKCgoKQUFBQUFBQQoKCgoK")
            .Row("cursor is another site's", StatusCode.InvalidArgument, "CURSOR_INVALID", "cursor", (r, c) => (r.Site, r.Cursor) = (Network.Hill, c.HarbourCursor))
            .Row("cursor was changed", StatusCode.InvalidArgument, "CURSOR_INVALID", "cursor", (r, c) => r.Cursor = Changed(c.HarbourCursor))
            .Row("cursor is a page token", StatusCode.InvalidArgument, "CURSOR_INVALID", "cursor", (r, c) => r.Cursor = c.TokenOfProtocols);

    private static IEnumerable<BadMessage> FeedPages() =>
    [
        .. new BadMessages<GetPlanChangesRequest>("PlanFeedService/GetPlanChanges", _ => new() { Site = Network.Harbour }, async (n, r) => await n.Feed.GetPlanChangesAsync(r))
            .BadNames("site", "clinics", (r, v) => r.Site = v)
            .Invalid("page size is negative", "PAGE_SIZE_INVALID", "page_size", r => r.PageSize = -1)
            .Invalid("cursor is forged", "CURSOR_INVALID", "cursor", r => r.Cursor = new string('A', 90))
            .Row("cursor is another site's", StatusCode.InvalidArgument, "CURSOR_INVALID", "cursor", (r, c) => (r.Site, r.Cursor) = (Network.Hill, c.HarbourCursor)),
        .. new BadMessages<ListSitePatientsRequest>("PlanFeedService/ListSitePatients", _ => new() { Site = Network.Harbour }, async (n, r) => await n.Feed.ListSitePatientsAsync(r))
            .BadNames("site", "clinics", (r, v) => r.Site = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
    ];

    private static IEnumerable<BadMessage> Releases() =>
    [
        .. new BadMessages<ListBatchesRequest>("ReleaseService/ListBatches", _ => new() { Parent = "profiles/public-outcomes" }, async (n, r) => await n.Releases.ListBatchesAsync(r))
            .Row("profile is unknown", StatusCode.NotFound, "PROFILE_NOT_FOUND", "parent", (r, _) => r.Parent = "profiles/secret-one")
            .Row("profile is missing", StatusCode.NotFound, "PROFILE_NOT_FOUND", "parent", (r, _) => r.Parent = "")
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<GetStatisticsRequest>("ReleaseService/GetStatistics", _ => new() { Name = "profiles/public-outcomes", Table = "durability-of-response" }, async (n, r) => await n.Releases.GetStatisticsAsync(r))
            .Row("unknown profile", StatusCode.NotFound, "PROFILE_NOT_FOUND", "name", (r, _) => r.Name = "profiles/secret-one")
            .Invalid("unknown table", "TABLE_UNKNOWN", "table", r => r.Table = "deaths")
            .Invalid("publication is negative", "PUBLICATION_INVALID", "publication", r => r.Publication = -1)
            .Row("nothing was published", StatusCode.NotFound, "STATISTICS_NOT_FOUND", "publication", (r, _) => r.Publication = int.MaxValue),
        .. BadBatches(new BadMessages<GetManifestRequest>("ReleaseService/GetManifest", _ => new(), async (n, r) => await n.Releases.GetManifestAsync(r)), (r, v) => r.Name = v),
    ];

    private static BadMessages<StreamBatchRequest> Stream() =>
        BadBatches(new BadMessages<StreamBatchRequest>("ReleaseService/StreamBatch", _ => new(), (n, r) => DrainAsync(n.Releases.StreamBatch(r))), (r, v) => r.Name = v)
            .Invalid("start_row is negative", "ROW_INVALID", "start_row", r => r.StartRow = -1)
            .Invalid("page_size is negative", "PAGE_SIZE_INVALID", "page_size", r => r.PageSize = -1);

    internal static BadMessages<T> BadBatches<T>(this BadMessages<T> rows, Action<T, string> set)
        where T : Google.Protobuf.IMessage =>
        ((string[])["", "batches/1", "profiles/public-outcomes/batches/", "profiles/public-outcomes/batches/1", "profiles/public-outcomes/batches/0", "profiles/public-outcomes/batches/-1", "profiles/public-outcomes/batches/99999999999999999999", "profiles/secret-one/batches/1"])
            .Aggregate(rows, (all, name) => all.Row($"name is '{name}'", StatusCode.NotFound, "BATCH_NOT_FOUND", "name", (r, _) => set(r, name)));

    private static BadMessages<AdvanceClockRequest> AdvanceClock() =>
        new BadMessages<AdvanceClockRequest>(
            "NetworkService/AdvanceClock", _ => new() { RequestId = Valid.Id(), To = ServerProcess.ClockStart.ToTimestamp() }, async (n, r) => await n.Admin.AdvanceClockAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .Invalid("to is missing", "TIME_MISSING", "to", r => r.To = null)
            .Invalid("to is impossible", "TIME_MISSING", "to", r => r.To = new() { Seconds = long.MaxValue })
            .Invalid("401 days", "STEP_TOO_LONG", "to", r => r.To = ServerProcess.ClockStart.AddDays(401).ToTimestamp());

    private static IEnumerable<BadMessage> Audit() =>
    [
        .. new BadMessages<ListHeadsRequest>("AuditService/ListHeads", _ => new(), async (n, r) => await n.Audit.ListHeadsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<GetInclusionProofRequest>("AuditService/GetInclusionProof", _ => new() { Size = 1 }, async (n, r) => await n.Audit.GetInclusionProofAsync(r))
            .Invalid("position is negative", "POSITION_INVALID", "position", r => r.Position = -1)
            .Invalid("position is the size", "POSITION_INVALID", "position", r => r.Position = 1)
            .Invalid("size is missing", "POSITION_INVALID", "position", r => r.Size = 0)
            .Row("the tree is smaller", StatusCode.OutOfRange, "SIZE_UNKNOWN", "size", (r, _) => r.Size = long.MaxValue),
        .. new BadMessages<GetConsistencyProofRequest>(
            "AuditService/GetConsistencyProof", _ => new() { FirstSize = 1, SecondSize = 1 }, async (n, r) => await n.Audit.GetConsistencyProofAsync(r))
            .Invalid("first_size is missing", "SIZE_INVALID", "first_size", r => r.FirstSize = 0)
            .Invalid("first_size is negative", "SIZE_INVALID", "first_size", r => r.FirstSize = long.MinValue)
            .Invalid("first_size is above the second", "SIZE_INVALID", "first_size", r => r.FirstSize = 2)
            .Row("the tree is smaller", StatusCode.OutOfRange, "SIZE_UNKNOWN", "second_size", (r, _) => r.SecondSize = long.MaxValue),
        .. new BadMessages<StreamEntriesRequest>("AuditService/StreamEntries", _ => new(), (n, r) => DrainAsync(n.Audit.StreamEntries(r)))
            .Invalid("start_position is negative", "POSITION_INVALID", "start_position", r => r.StartPosition = -1),
        .. new BadMessages<ListAccessesRequest>("AuditService/ListAccesses", _ => new() { Parent = Cast.Planned }, async (n, r) => await n.Audit.ListAccessesAsync(r))
            .BadNames("parent", "patients", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
    ];

    internal static BadMessages<T> BadVersions<T>(this BadMessages<T> rows, Func<T, ReadOptions> of)
        where T : Google.Protobuf.IMessage =>
        rows
            .Invalid("min_version is negative", "VERSION_INVALID", "read.min_version", r => of(r).MinVersion = -1)
            .Row("min_version is not there", StatusCode.OutOfRange, "VERSION_UNKNOWN", "read.min_version", (r, _) => of(r).MinVersion = long.MaxValue);

    /// <summary>One character in the middle of the signature is another one.</summary>
    private static string Changed(string token) => token[..10] + (token[10] == 'A' ? 'B' : 'A') + token[11..];

    internal static async Task DrainAsync<T>(AsyncServerStreamingCall<T> call)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(default).Within())
            {
                // Only the end counts.
            }
        }
    }
}
