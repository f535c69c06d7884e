using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Catalogue = ClinicNetwork.Domain.Protocols.ProtocolCatalogue;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 ClinicService: sites, rosters, worklists, protocols, scales, outcome definitions, rules of the follow-up calendar.</summary>
public sealed class ClinicGatewayService(IGrainFactory grains, IProjections projections, IDoubles doubles, SignedTokens tokens) : ClinicService.ClinicServiceBase
{
    private const int RosterPageUsual = 100;
    private const int RosterPageMax = 500;
    private const int DayPageUsual = 50;
    private const int DayPageMax = 100;
    private const int ApprovalsMax = 100;
    private const int DoublesMax = 100;

    public override async Task<RegisterClinicResponse> RegisterClinic(RegisterClinicRequest request, ServerCallContext context)
    {
        var clinic = Fields.Required(request.Clinic, "clinic");
        var command = new RegisterClinic(Fields.Clinic(clinic.Name, "clinic.name"), clinic.DisplayName, clinic.TimeZone, clinic.EsketamineCertified);
        var (receipt, _) = Receipts.Of(await Grain(clinic.Name, "clinic.name").Register(
            command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<ConfigureClinicResponse> ConfigureClinic(ConfigureClinicRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Clinic, "clinic").Configure(
            RemsMessages.Of(request), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetClinicResponse> GetClinic(GetClinicRequest request, ServerCallContext context)
    {
        var (state, revision) = Receipts.Of(await Grain(request.Name, "name").Read(Origins.ReadOf(request.Read, context), context.CancellationToken), "name");
        return new() { Clinic = Of(state, revision.Version), Revision = revision };
    }

    public override async Task<ListClinicsResponse> ListClinics(ListClinicsRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, 50, 200);
        var streams = await projections.ReadClinicsAsync(Pages.From(tokens, "clinics", request.PageToken), size, context.CancellationToken);
        var response = new ListClinicsResponse { NextPageToken = Pages.Next(tokens, "clinics", streams.Count == size, streams.LastOrDefault("")) };
        foreach (var stream in streams)
        {
            var (state, revision) = Receipts.Of(await grains.GetGrain<IClinicGrain>(stream).Read(new ReadRequest(false, 0, null), context.CancellationToken), "name");
            response.Clinics.Add(Of(state, revision.Version));
        }

        return response;
    }

    public override async Task<ListRosterResponse> ListRoster(ListRosterRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, RosterPageUsual, RosterPageMax);
        Origins.RefuseOtherSite(request.Parent, "parent", context);
        var list = "roster/" + request.Parent;
        var (roster, _) = Receipts.Of(await Grain(request.Parent, "parent").ReadRoster(
            Pages.From(tokens, list, request.PageToken), size, context.CancellationToken), "parent");
        var response = new ListRosterResponse
        {
            NextPageToken = Pages.Next(tokens, list, roster.Items.Count == size, roster.Items.LastOrDefault()?.Stream ?? ""),
        };
        response.Entries.AddRange(roster.Items.Select(i => new RosterEntry
        {
            Patient = Streams.PatientOf(i.Stream).Name,
            HomeClinic = i.HomeClinic,
            Version = i.Version,
        }));
        return response;
    }

    public override async Task<ListWorklistResponse> ListWorklist(ListWorklistRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, RosterPageUsual, RosterPageMax);
        Origins.RefuseOtherSite(request.Parent, "parent", context);
        var list = "worklist/" + request.Parent;
        var (worklist, _) = Receipts.Of(await Grain(request.Parent, "parent").ReadWorklist(
            ItemOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken), "parent");
        var response = new ListWorklistResponse
        {
            NextPageToken = Pages.Next(tokens, list, worklist.Items.Count == size, worklist.Items.Count == 0 ? "" : PositionOf(worklist.Items[^1])),
        };
        response.Entries.AddRange(worklist.Items.Select(i => Of(i, worklist.ReadAt)));
        if (request.PageToken.Length == 0 && (Caller.Of(context).Roles & Access.DoublesReaders) != 0)
        {
            response.ProbableDoubles = (await doubles.ReadAsync(request.Parent, false, null, DoublesMax, context.CancellationToken)).Count;
        }

        return response;
    }

    public override async Task<ListClinicDayResponse> ListClinicDay(ListClinicDayRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, DayPageUsual, DayPageMax);
        Origins.RefuseOtherSite(request.Parent, "parent", context);
        var (list, clinic) = ("clinic-day/" + request.Parent, Grain(request.Parent, "parent"));
        var (worklist, _) = Receipts.Of(await clinic.ReadWorklist(ItemOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken), "parent");
        var (state, _) = Receipts.Of(await clinic.Read(new ReadRequest(false, 0, null), context.CancellationToken), "parent");
        var response = new ListClinicDayResponse
        {
            NextPageToken = Pages.Next(tokens, list, worklist.Items.Count == size, worklist.Items.Count == 0 ? "" : PositionOf(worklist.Items[^1])),
            Day = PatientMessages.Iso(ClinicTime.DayOf(worklist.ReadAt, state.TimeZone)),
            TimeZone = state.TimeZone,
            ReadAt = worklist.ReadAt.ToTimestamp(),
        };
        response.Entries.AddRange(await ClinicDays.OfAsync(grains, [.. worklist.Items.Select(i => (i.Stream, Of(i, worklist.ReadAt)))], worklist.ReadAt, context));
        if (request.PageToken.Length == 0 && Caller.Of(context).Roles.HasFlag(Roles.SiteAdmin))
        {
            var waiting = await projections.ReadWorklistAsync(ApprovalProjections.ListOf(state.Id), worklist.ReadAt, null, ApprovalsMax, context.CancellationToken);
            response.Approvals.AddRange(waiting.Where(w => w.ClosesAt > worklist.ReadAt).Select(w => Streams.ApprovalOf(w.Stream).Name));
        }

        return response;
    }

    public override async Task<GetClinicOutcomesResponse> GetClinicOutcomes(GetClinicOutcomesRequest request, ServerCallContext context)
    {
        Origins.RefuseOtherSite(request.Name, "name", context);
        return await OwnOutcomes.ReadAsync(grains, Fields.Clinic(request.Name, "name"), context);
    }

    public override Task<ListProtocolsResponse> ListProtocols(ListProtocolsRequest request, ServerCallContext context)
    {
        var (page, next) = PageOf("protocols", Catalogue.All, PositionOf, request.PageSize, request.PageToken);
        var response = new ListProtocolsResponse { NextPageToken = next };
        response.Protocols.AddRange(page.Select(ProtocolMessages.Of));
        return Task.FromResult(response);
    }

    public override Task<ListScalesResponse> ListScales(ListScalesRequest request, ServerCallContext context)
    {
        var (page, next) = PageOf("scales", ScaleCatalogue.All, s => ((int)s.Kind).ToString("00", CultureInfo.InvariantCulture), request.PageSize, request.PageToken);
        var response = new ListScalesResponse { NextPageToken = next };
        response.Scales.AddRange(page.Select(ScaleMessages.Of));
        return Task.FromResult(response);
    }

    public override Task<ListContraindicationsResponse> ListContraindications(ListContraindicationsRequest request, ServerCallContext context)
    {
        var (page, next) = PageOf("contraindications", ContraindicationCatalogue.All, c => c.Code, request.PageSize, request.PageToken);
        var response = new ListContraindicationsResponse { NextPageToken = next };
        response.Contraindications.AddRange(page.Select(EligibilityMessages.Of));
        return Task.FromResult(response);
    }

    public override Task<ListOutcomeDefinitionsResponse> ListOutcomeDefinitions(ListOutcomeDefinitionsRequest request, ServerCallContext context)
    {
        var (page, next) = PageOf("definitions", OutcomeCatalogue.All, d => d.Key, request.PageSize, request.PageToken);
        var response = new ListOutcomeDefinitionsResponse { NextPageToken = next };
        response.Definitions.AddRange(page.Select(d => new Protocol.Care.V1.OutcomeDefinition
        {
            Id = d.Id,
            Version = d.Version,
            Scale = d.Scale,
            Rule = d.RuleText,
            Window = d.WindowText,
            Source = d.Source,
        }));
        return Task.FromResult(response);
    }

    public override Task<ListFollowUpRulesResponse> ListFollowUpRules(ListFollowUpRulesRequest request, ServerCallContext context)
    {
        var (page, next) = PageOf("follow-up-rules", FollowUpCatalogue.All, r => r.Key, request.PageSize, request.PageToken);
        var response = new ListFollowUpRulesResponse { NextPageToken = next };
        response.Rules.AddRange(page.Select(FollowUpMessages.Of));
        return Task.FromResult(response);
    }

    /// <summary>Of a catalogue, in the order of its positions, which tokens hold.</summary>
    private (T[] Page, string NextToken) PageOf<T>(string list, IEnumerable<T> all, Func<T, string> positionOf, int pageSize, string pageToken)
    {
        var size = Fields.PageSize(pageSize, 50, 100);
        var from = Pages.From(tokens, list, pageToken);
        var page = all.OrderBy(positionOf, StringComparer.Ordinal).Where(item => string.CompareOrdinal(positionOf(item), from) > 0).Take(size).ToArray();
        return (page, Pages.Next(tokens, list, page.Length == size, page.Length == 0 ? "" : positionOf(page[^1])));
    }

    private static WorklistEntry Of(WorklistItem item, DateTimeOffset readAt)
    {
        var (access, alert, rems) = (DueKinds.EmergencyOf(item.Milestone), DueKinds.AlertOf(item.Milestone), DueKinds.RemsOf(item.Milestone));
        var (session, milestone) = (DueKinds.SessionOf(item.Milestone), DueKinds.MilestoneVisitOf(item.Milestone));
        var moved = DueKinds.RemsNoticeOf(item.Milestone);
        var visit = milestone is { } named ? FollowUpCatalogue.VisitOf(named.Milestone) : DueKinds.VisitOf(item.Milestone);
        var rule = visit is null ? null : FollowUpCatalogue.RuleOf(visit);
        return new()
        {
            Patient = Streams.PatientOf(item.Stream).Name,
            Milestone = (Protocol.Care.V1.Milestone)(milestone?.Milestone ?? default),
            Course = milestone?.Course ?? 0,
            EmergencyAccess = access?.Number ?? 0,
            Site = access?.Site.Name ?? rems?.Site.Name ?? moved?.Name ?? "",
            Alert = alert?.Number ?? 0,
            AlertKind = (Protocol.Care.V1.AlertKind)(alert?.Kind ?? default),
            AlertLevel = alert?.Level ?? 0,
            RemsSession = rems is { } form ? $"{Streams.PatientOf(item.Stream).Name}/sessions/{form.Session.Value}" : "",
            Visit = visit ?? "",
            VisitTitle = rule?.Title ?? "",
            RemsNotice = moved is not null,
            ExpectedSession = rule?.Key == FollowUpCatalogue.BeforeSession.Key,
            Session = session is { } open ? $"{Streams.PatientOf(item.Stream).Name}/sessions/{open.Value}" : "",
            OpensAt = item.OpensAt.ToTimestamp(),
            ClosesAt = item.ClosesAt.ToTimestamp(),
            Overdue = readAt >= item.ClosesAt,
        };
    }

    private static string PositionOf(WorklistItem item) =>
        string.Create(CultureInfo.InvariantCulture, $"{item.Stream}|{item.Milestone}|{item.OpensAt.ToUnixTimeMilliseconds()}|{item.ClosesAt.ToUnixTimeMilliseconds()}");

    private static WorklistItem? ItemOf(string position) => position.Split('|') is [var stream, var milestone, var opens, var closes]
        ? new(stream, milestone, Instant(opens), Instant(closes))
        : null;

    private static DateTimeOffset Instant(string milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));

    /// <summary>A space sorts before every character of an id: all versions of one protocol stand together.</summary>
    private static string PositionOf(Domain.Protocols.TreatmentProtocol protocol) => string.Create(CultureInfo.InvariantCulture, $"{protocol.Id.Name} {protocol.Version:000000}");

    private Clinic Of(ClinicState state, long version) => new()
    {
        Name = state.Id.Name,
        DisplayName = state.DisplayName,
        TimeZone = state.TimeZone,
        EsketamineCertified = state.EsketamineCertified,
        RemsCertificate = state.Certificate is { } certificate ? RemsMessages.Of(certificate) : null,
        RetentionRule = state.RetentionRule,
        RetentionYears = Retention.YearsOf(state),
        Etag = tokens.Seal("clinic/" + state.Id.Name, version.ToString(CultureInfo.InvariantCulture)),
    };

    private IClinicGrain Grain(string name, string field) => grains.GetGrain<IClinicGrain>(Streams.Of(Fields.Clinic(name, field)));
}
