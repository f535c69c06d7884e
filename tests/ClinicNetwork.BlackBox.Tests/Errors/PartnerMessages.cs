using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Partners and agreements. <see cref="RegistryPartner"/> has one in force and <see cref="Cast.Drafted"/>.</summary>
internal static class PartnerMessages
{
    private const string Active = RegistryPartner.Agreement;
    private const string Unknown = RegistryPartner.Name + "/agreements/nothing";

    public static IEnumerable<BadMessage> All => [.. Register(), .. Draft(), .. Propose(), .. Suspend(), .. End(), .. Rekey(), .. Reads()];

    private static BadMessages<RegisterPartnerRequest> Register() =>
        new BadMessages<RegisterPartnerRequest>(
            "PartnerService/RegisterPartner",
            _ => new() { RequestId = Valid.Id(), Partner = new() { Name = "partners/refused", DisplayName = "Refused", RecipientClass = RecipientClass.Industry } },
            async (n, r) => await n.Partners.RegisterPartnerAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .Invalid("partner is missing", "FIELD_MISSING", "partner", r => r.Partner = null)
            .BadNames("partner.name", "partners", (r, v) => r.Partner.Name = v)
            .BadTexts("partner.display_name", 120, required: true, (r, v) => r.Partner.DisplayName = v)
            .BadEnums("partner.recipient_class", (r, v) => r.Partner.RecipientClass = (RecipientClass)v)
            .Row("partner is there", StatusCode.AlreadyExists, "PARTNER_EXISTS", "partner.name", (r, _) => r.Partner.Name = RegistryPartner.Name);

    private static BadMessages<DraftAgreementRequest> Draft() =>
        new BadMessages<DraftAgreementRequest>(
            "PartnerService/DraftAgreement", _ => RegistryPartner.Draft(RegistryPartner.Name + "/agreements/refused"), async (n, r) => await n.Partners.DraftAgreementAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadAgreements("agreement", (r, v) => r.Agreement = v)
            .Row("agreement is there", StatusCode.AlreadyExists, "AGREEMENT_EXISTS", "agreement", (r, _) => r.Agreement = Cast.Drafted)
            .Row("etag is another's", StatusCode.Aborted, "AGREEMENT_CHANGED", "etag", (r, c) => (r.Agreement, r.Etag) = (Cast.Drafted, c.PlanEtag))
            .Row("etag of what is not there", StatusCode.NotFound, "AGREEMENT_NOT_FOUND", "agreement", (r, c) => r.Etag = c.DraftedEtag)
            .Precondition("two persons wanted it", "AGREEMENT_FIXED", "agreement", (r, c) => (r.Agreement, r.Etag) = (Active, c.DraftedEtag))
            .Invalid("terms are missing", "FIELD_MISSING", "terms", r => r.Terms = null)
            .Invalid("profile is missing", "PROFILE_UNKNOWN", "terms.profile", r => r.Terms.Profile = "")
            .Invalid("profile is no name", "PROFILE_UNKNOWN", "terms.profile", r => r.Terms.Profile = "outcomes-of-all")
            .Invalid("profile is unknown", "PROFILE_UNKNOWN", "terms.profile", r => r.Terms.Profile = "profiles/outcomes-of-all")
            .BadEnums("terms.purpose", (r, v) => r.Terms.Purpose = (ResearchPurpose)v)
            .Invalid("a column of another profile", "FIELD_UNKNOWN", "terms.fields", r => r.Terms.Fields.Add("phq9"))
            .Invalid("a column twice", "FIELD_DOUBLED", "terms.fields", r => r.Terms.Fields.Add("response"))
            .Invalid("no column", "FIELD_MISSING", "terms.fields", r => r.Terms.Fields.Clear())
            .Invalid("without a column of every agreement", "FIELD_MISSING", "terms.fields", r => r.Terms.Fields.Remove("cell"))
            .Invalid("valid_from is missing", "TIME_MISSING", "terms.valid_from", r => r.Terms.ValidFrom = null)
            .Invalid("valid_to is missing", "TIME_MISSING", "terms.valid_to", r => r.Terms.ValidTo = null)
            .Invalid("valid_to is impossible", "TIME_MISSING", "terms.valid_to", r => r.Terms.ValidTo = new() { Seconds = long.MaxValue })
            .Invalid("it ends when it begins", "PERIOD_INVALID", "terms.valid_to", r => r.Terms.ValidTo = r.Terms.ValidFrom)
            .Invalid("it is over", "PERIOD_INVALID", "terms.valid_to", r => (r.Terms.ValidFrom, r.Terms.ValidTo) = (new() { Seconds = 0 }, new() { Seconds = 1 }))
            .Invalid("eleven years", "PERIOD_INVALID", "terms.valid_to", r => r.Terms.ValidTo = ServerProcess.ClockStart.AddYears(11).ToTimestamp())
            .BadQuotas(-1, 1, 999, 1_000_000_001, long.MinValue, long.MaxValue)
            .BadTexts("terms.document", 200, required: true, (r, v) => r.Terms.Document = v)
            .Invalid("a finding of a profile without", "FINDING_NOT_NEEDED", "terms.finding", r => r.Terms.Finding = "finding 17")
            .Invalid("no finding of a profile that rests on one", "TEXT_INVALID", "terms.finding", r => r.Terms.Profile = "profiles/research-outcomes");

    private static BadMessages<DraftAgreementRequest> BadQuotas(this BadMessages<DraftAgreementRequest> rows, params IEnumerable<long> quotas) =>
        quotas.Aggregate(rows, (all, quota) => all.Invalid($"quota is {quota}", "QUOTA_INVALID", "terms.quota_rows_a_day", r => r.Terms.QuotaRowsADay = quota));

    private static BadMessages<ProposeAgreementRequest> Propose() =>
        new BadMessages<ProposeAgreementRequest>(
            "PartnerService/ProposeAgreement",
            cast => new() { RequestId = Valid.Id(), Agreement = Cast.Drafted, Etag = cast.DraftedEtag, Approval = "approvals/refused", Reason = "a study" },
            async (n, r) => await n.Partners.ProposeAgreementAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadAgreements("agreement", (r, v) => r.Agreement = v)
            .BadNames("approval", "approvals", (r, v) => r.Approval = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Invalid("hours is -1", "HOURS_INVALID", "hours", r => r.Hours = -1)
            .Invalid("hours is 169", "HOURS_INVALID", "hours", r => r.Hours = 169)
            .Precondition("etag is missing", "ETAG_MISSING", "etag", (r, _) => r.Etag = "")
            .Row("etag is another's", StatusCode.Aborted, "AGREEMENT_CHANGED", "etag", (r, c) => r.Etag = c.PlanEtag)
            .Precondition("it is in force", "AGREEMENT_ACTIVE", "agreement", (r, _) => r.Agreement = Active);

    private static BadMessages<SuspendAgreementRequest> Suspend() =>
        new BadMessages<SuspendAgreementRequest>(
            "PartnerService/SuspendAgreement", _ => new() { RequestId = Valid.Id(), Agreement = Active, Reason = "a question" }, async (n, r) => await n.Partners.SuspendAgreementAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadAgreements("agreement", (r, v) => r.Agreement = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("it is a draft", "AGREEMENT_NOT_ACTIVE", "agreement", (r, _) => r.Agreement = Cast.Drafted);

    private static BadMessages<EndAgreementRequest> End() =>
        new BadMessages<EndAgreementRequest>(
            "PartnerService/EndAgreement", _ => new() { RequestId = Valid.Id(), Agreement = Active, Reason = "the study is over" }, async (n, r) => await n.Partners.EndAgreementAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadAgreements("agreement", (r, v) => r.Agreement = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v);

    private static BadMessages<RekeyAgreementRequest> Rekey() =>
        new BadMessages<RekeyAgreementRequest>(
            "PartnerService/RekeyAgreement", _ => new() { RequestId = Valid.Id(), Agreement = Active, Epoch = 1, Reason = "a laptop was stolen" }, async (n, r) => await n.Partners.RekeyAgreementAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadAgreements("agreement", (r, v) => r.Agreement = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Row("epoch is another", StatusCode.Aborted, "EPOCH_CHANGED", "epoch", (r, _) => r.Epoch = 0)
            .Precondition("it is a draft", "AGREEMENT_NOT_ACTIVE", "agreement", (r, _) => r.Agreement = Cast.Drafted);

    private static IEnumerable<BadMessage> Reads() =>
    [
        .. new BadMessages<GetPartnerRequest>("PartnerService/GetPartner", _ => new() { Name = RegistryPartner.Name }, async (n, r) => await n.Partners.GetPartnerAsync(r))
            .BadNames("name", "partners", (r, v) => r.Name = v)
            .Row("unknown", StatusCode.NotFound, "PARTNER_NOT_FOUND", "name", (r, _) => r.Name = "partners/nobody"),
        .. new BadMessages<ListPartnersRequest>("PartnerService/ListPartners", _ => new(), async (n, r) => await n.Partners.ListPartnersAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<GetAgreementRequest>("PartnerService/GetAgreement", _ => new() { Name = Active }, async (n, r) => await n.Partners.GetAgreementAsync(r))
            .BadAgreements("name", (r, v) => r.Name = v),
        .. new BadMessages<ListAgreementsRequest>("PartnerService/ListAgreements", _ => new() { Parent = RegistryPartner.Name }, async (n, r) => await n.Partners.ListAgreementsAsync(r))
            .BadNames("parent", "partners", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "PARTNER_NOT_FOUND", "parent", (r, _) => r.Parent = "partners/nobody"),
    ];

    /// <summary>Every bad form of an agreement's name, and names of what is not there.</summary>
    private static BadMessages<T> BadAgreements<T>(this BadMessages<T> rows, string field, Action<T, string> set)
        where T : Google.Protobuf.IMessage =>
        ((string[])["", "plain", RegistryPartner.Name, RegistryPartner.Name + "/agreements", RegistryPartner.Name + "/agreements/", RegistryPartner.Name + "/agreements/Upper", "partners/-x/agreements/a", Active + "/b", Active + "\n", "agreements/dua-1"])
            .Aggregate(rows, (all, name) => all.Invalid($"{field} is '{name.ReplaceLineEndings("\\n")}'", "NAME_INVALID", field, r => set(r, name)))
            .Row("partner is unknown", StatusCode.NotFound, "PARTNER_NOT_FOUND", field, (r, _) => set(r, "partners/nobody/agreements/dua-1"))
            .UnknownAgreement(field, set);

    /// <summary>A draft makes it.</summary>
    private static BadMessages<T> UnknownAgreement<T>(this BadMessages<T> rows, string field, Action<T, string> set)
        where T : Google.Protobuf.IMessage =>
        typeof(T) == typeof(DraftAgreementRequest) ? rows : rows.Row("unknown", StatusCode.NotFound, "AGREEMENT_NOT_FOUND", field, (r, _) => set(r, Unknown));
}
