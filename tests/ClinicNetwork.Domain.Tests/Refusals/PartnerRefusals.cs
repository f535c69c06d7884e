using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Tests.Support;
using static ClinicNetwork.Domain.Tests.Support.Partnership;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of partners and their agreements.</summary>
internal static class PartnerRefusals
{
    private static readonly Person First = new("first", "first");

    private static readonly ApprovalId Approval = new("a-1");

    private static readonly AgreementId Unknown = new(Partner, "unknown");

    private static readonly DateTimeOffset Over = Terms.ValidTo;

    private static readonly PartnerState Drafted = Fold(Registered, DraftAgreement.Decide(Registered, new(One, Terms, 0), At));

    private static readonly PartnerState Proposed = Fold(Drafted, ProposeAgreement.Decide(Drafted, Proposal, First, At));

    private static readonly PartnerState Active = Fold(Proposed, ActivateAgreement.Decide(Proposed, new(One, 1, Approval), At));

    private static readonly PartnerState Suspended = Fold(Active, SuspendAgreement.Decide(Active, new(One, "Asked for"), At));

    private static readonly PartnerState Ended = Fold(Active, EndAgreement.Decide(Active, new(One, "Asked for"), At));

    /// <summary>Another one for the same profile, proposed while the first was a draft.</summary>
    private static readonly PartnerState Second = Fold(Active, DraftAgreement.Decide(Active, new(Two, Terms, 0), At));

    private static ProposeAgreement Proposal => new(One, 1, Approval, "Signed", 0);

    public static IEnumerable<RefusalCase> All() => [.. Registrations(), .. Drafts(), .. OfTerms(), .. Proposals(), .. Activations(), .. Stops(), .. Rekeys(), .. Others()];

    private static IEnumerable<RefusalCase> Registrations()
    {
        RegisterPartner command = new(Partner, "European registry", RecipientClass.ResearchRegistry);
        yield return Case("PARTNER_EXISTS", "partner.name", RefusalKind.Exists, "an id twice", Registered, command);
        yield return Case("TEXT_INVALID", "partner.display_name", RefusalKind.Invalid, "no name", PartnerState.Empty, command with { DisplayName = "" });

        static RefusalCase Case(string reason, string field, RefusalKind kind, string about, PartnerState state, RegisterPartner command) =>
            new(nameof(RegisterPartner), reason, field, kind, about, () => Attempt.Of(nameof(RegisterPartner), RegisterPartner.Decide(state, command, At)));
    }

    private static IEnumerable<RefusalCase> Drafts()
    {
        yield return Draft("PARTNER_NOT_FOUND", "agreement", RefusalKind.NotFound, "of nobody", PartnerState.Empty, new(One, Terms, 0));
        yield return Draft("AGREEMENT_EXISTS", "agreement", RefusalKind.Exists, "an id twice", Drafted, new(One, Terms, 0));
        yield return Draft("AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "other terms for none", Registered, new(One, Terms, 1));
        yield return Draft("AGREEMENT_CHANGED", "etag", RefusalKind.Stale, "other terms for others than were read", Drafted, new(One, Terms, 2));
        foreach (var state in (PartnerState[])[Active, Suspended, Ended])
            yield return Draft("AGREEMENT_FIXED", "agreement", RefusalKind.Precondition, $"other terms when it is {state.Find(One)!.Status}", state, new(One, Terms, 1));
        var full = Enumerable.Range(0, PartnerState.AgreementsMax).Aggregate(Registered, (state, i) => Fold(state, DraftAgreement.Decide(state, new(new(Partner, $"d-{i}"), Terms, 0), At)));
        yield return Draft("TOO_MANY_AGREEMENTS", "agreement", RefusalKind.Precondition, "the 101st", full, new(One, Terms, 0));
    }

    private static IEnumerable<RefusalCase> OfTerms()
    {
        yield return Wrong("PROFILE_UNKNOWN", "terms.profile", "another profile", Terms with { Profile = "raw" });
        yield return Wrong("FIELD_UNKNOWN", "terms.fields", "a column that the profile lacks", Terms with { Fields = [.. Terms.Fields, "phq9"] });
        yield return Wrong("FIELD_DOUBLED", "terms.fields", "a column twice", Terms with { Fields = [.. Terms.Fields, "response"] });
        foreach (var missing in ReleaseProfiles.Always)
            yield return Wrong("FIELD_MISSING", "terms.fields", $"without {missing}", Terms with { Fields = Terms.Fields.Remove(missing) });
        yield return Wrong("PERIOD_INVALID", "terms.valid_to", "an end before the beginning", Terms with { ValidFrom = Terms.ValidTo });
        yield return Wrong("PERIOD_INVALID", "terms.valid_to", "an end that is over", Terms with { ValidFrom = At.AddDays(-9), ValidTo = At });
        yield return Wrong("PERIOD_INVALID", "terms.valid_to", "ten years and a tick", Terms with { ValidTo = At.AddYears(10).AddTicks(1) });
        foreach (var quota in (long[])[-1, 1, 999, 1_000_000_001, long.MinValue, long.MaxValue])
            yield return Wrong("QUOTA_INVALID", "terms.quota_rows_a_day", $"{quota} rows a day", Terms with { Quota = quota });
        yield return Wrong("TEXT_INVALID", "terms.document", "no paper", Terms with { Document = "" });
        yield return Wrong("TEXT_INVALID", "terms.finding", "exact totals without an expert's finding", Terms with { Profile = "research-outcomes" });
        yield return Wrong("FINDING_NOT_NEEDED", "terms.finding", "a finding for nothing", Terms with { Finding = "EX-1" });

        static RefusalCase Wrong(string reason, string field, string about, AgreementTerms terms) => Draft(reason, field, RefusalKind.Invalid, about, Registered, new(One, terms, 0));
    }

    private static RefusalCase Draft(string reason, string field, RefusalKind kind, string about, PartnerState state, DraftAgreement command) =>
        new(nameof(DraftAgreement), reason, field, kind, about, () => Attempt.Of(nameof(DraftAgreement), DraftAgreement.Decide(state, command, At)));

    private static IEnumerable<RefusalCase> Proposals()
    {
        yield return Case("PARTNER_NOT_FOUND", "agreement", RefusalKind.NotFound, "of nobody", PartnerState.Empty, Proposal);
        yield return Case("AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "never drafted", Drafted, Proposal with { Agreement = Unknown });
        yield return Case("AGREEMENT_ACTIVE", "agreement", RefusalKind.Precondition, "in force already", Active, Proposal);
        yield return Case("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "ended", Ended, Proposal);
        yield return Case("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "its period is over", Suspended, Proposal, now: Over);
        yield return Case("AGREEMENT_CHANGED", "etag", RefusalKind.Stale, "other terms than were read", Drafted, Proposal with { Revision = 2 });
        yield return Case("AGREEMENT_CHANGED", "etag", RefusalKind.Stale, "an etag of another", Drafted, Proposal with { Revision = -1 });
        yield return Case("AGREEMENT_IN_FORCE", "agreement", RefusalKind.Precondition, "another one is active", Second, Proposal with { Agreement = Two });
        yield return Case("PERIOD_INVALID", "agreement", RefusalKind.Precondition, "a draft whose period is over", Drafted, Proposal, now: Over);
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", Drafted, Proposal with { Reason = "" });
        yield return Case("HOURS_INVALID", "hours", RefusalKind.Invalid, "169 hours", Drafted, Proposal with { Hours = 169 });
        yield return Case("NOT_A_PERSON", "", RefusalKind.Denied, "by a machine", Drafted, Proposal, new("clients/pacs-1", "pacs"));

        static RefusalCase Case(string reason, string field, RefusalKind kind, string about, PartnerState state, ProposeAgreement command, Person? by = null, DateTimeOffset? now = null) =>
            new(nameof(ProposeAgreement), reason, field, kind, about, () => Attempt.Of(nameof(ProposeAgreement), ProposeAgreement.Decide(state, command, by ?? First, now ?? At)));
    }

    private static IEnumerable<RefusalCase> Activations()
    {
        ActivateAgreement command = new(One, 1, Approval);
        yield return Case("PARTNER_NOT_FOUND", RefusalKind.NotFound, "of nobody", PartnerState.Empty, command);
        yield return Case("AGREEMENT_NOT_FOUND", RefusalKind.NotFound, "never drafted", Proposed, command with { Agreement = Unknown });
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "never proposed", Drafted, command);
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "another approval", Proposed, command with { Approval = new("a-2") });
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "other terms than the second person read", Proposed, command with { Revision = 2 });
        var redrafted = Fold(Proposed, DraftAgreement.Decide(Proposed, new(One, Terms with { Quota = 5_000 }, 1), At));
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "drafted anew meanwhile", redrafted, command);
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "twice", Active, command);
        yield return Case("AGREEMENT_CHANGED", RefusalKind.Stale, "suspended since", Suspended, command);
        yield return Case("AGREEMENT_ENDED", RefusalKind.Precondition, "ended", Ended, command);
        yield return Case("AGREEMENT_ENDED", RefusalKind.Precondition, "its period is over", Proposed, command, Over);
        var other = Fold(Proposed, DraftAgreement.Decide(Proposed, new(Two, Terms, 0), At));
        other = Fold(other, ProposeAgreement.Decide(other, Proposal with { Agreement = Two, Approval = new("a-2") }, First, At));
        var both = Fold(other, ActivateAgreement.Decide(other, new(Two, 1, new("a-2")), At));
        yield return Case("AGREEMENT_IN_FORCE", RefusalKind.Precondition, "another one came into force first", both, command);

        static RefusalCase Case(string reason, RefusalKind kind, string about, PartnerState state, ActivateAgreement command, DateTimeOffset? now = null) =>
            new(nameof(ActivateAgreement), reason, "agreement", kind, about, () => Attempt.Of(nameof(ActivateAgreement), ActivateAgreement.Decide(state, command, now ?? At)));
    }

    private static IEnumerable<RefusalCase> Stops()
    {
        yield return Suspend("PARTNER_NOT_FOUND", "agreement", RefusalKind.NotFound, "of nobody", PartnerState.Empty, new(One, "Why"));
        yield return Suspend("AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "never drafted", Active, new(Unknown, "Why"));
        yield return Suspend("AGREEMENT_NOT_ACTIVE", "agreement", RefusalKind.Precondition, "a draft", Drafted, new(One, "Why"));
        yield return Suspend("AGREEMENT_NOT_ACTIVE", "agreement", RefusalKind.Precondition, "proposed", Proposed, new(One, "Why"));
        yield return Suspend("AGREEMENT_SUSPENDED", "agreement", RefusalKind.Precondition, "twice", Suspended, new(One, "Why"));
        yield return Suspend("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "ended", Ended, new(One, "Why"));
        yield return Suspend("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", Active, new(One, ""));
        yield return End("PARTNER_NOT_FOUND", "agreement", RefusalKind.NotFound, "of nobody", PartnerState.Empty, new(One, "Why"));
        yield return End("AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "never drafted", Active, new(Unknown, "Why"));
        yield return End("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "twice", Ended, new(One, "Why"));
        yield return End("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "its period is over", Active, new(One, "Why"), Over);
        yield return End("TEXT_INVALID", "reason", RefusalKind.Invalid, "501 characters", Active, new(One, new('x', 501)));

        static RefusalCase Suspend(string reason, string field, RefusalKind kind, string about, PartnerState state, SuspendAgreement command) =>
            new(nameof(SuspendAgreement), reason, field, kind, about, () => Attempt.Of(nameof(SuspendAgreement), SuspendAgreement.Decide(state, command, At)));

        static RefusalCase End(string reason, string field, RefusalKind kind, string about, PartnerState state, EndAgreement command, DateTimeOffset? now = null) =>
            new(nameof(EndAgreement), reason, field, kind, about, () => Attempt.Of(nameof(EndAgreement), EndAgreement.Decide(state, command, now ?? At)));
    }

    private static IEnumerable<RefusalCase> Rekeys()
    {
        yield return Case("PARTNER_NOT_FOUND", "agreement", RefusalKind.NotFound, "of nobody", PartnerState.Empty, new(One, 1, "Leaked"));
        yield return Case("AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "never drafted", Active, new(Unknown, 1, "Leaked"));
        yield return Case("AGREEMENT_NOT_ACTIVE", "agreement", RefusalKind.Precondition, "a draft", Drafted, new(One, 1, "Leaked"));
        yield return Case("AGREEMENT_ENDED", "agreement", RefusalKind.Precondition, "ended", Ended, new(One, 1, "Leaked"));
        yield return Case("EPOCH_CHANGED", "epoch", RefusalKind.Stale, "asked for by two", Fold(Active, RekeyAgreement.Decide(Active, new(One, 1, "Leaked"), At)), new(One, 1, "Leaked"));
        yield return Case("EPOCH_CHANGED", "epoch", RefusalKind.Stale, "a key to come", Active, new(One, 2, "Leaked"));
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", Active, new(One, 1, ""));

        static RefusalCase Case(string reason, string field, RefusalKind kind, string about, PartnerState state, RekeyAgreement command) =>
            new(nameof(RekeyAgreement), reason, field, kind, about, () => Attempt.Of(nameof(RekeyAgreement), RekeyAgreement.Decide(state, command, At)));
    }

    private static IEnumerable<RefusalCase> Others()
    {
        yield return Expire("AGREEMENT_NOT_FOUND", RefusalKind.NotFound, "never drafted", Active, Unknown, Over);
        yield return Expire("AGREEMENT_ENDED", RefusalKind.Precondition, "ended", Ended, One, Over);
        yield return Expire("AGREEMENT_NOT_ACTIVE", RefusalKind.Precondition, "a draft", Drafted, One, Over);
        yield return Expire("AGREEMENT_OPEN", RefusalKind.Precondition, "a tick too early", Active, One, Over.AddTicks(-1));
        yield return new(
            nameof(ConfirmRekey), "AGREEMENT_NOT_FOUND", "agreement", RefusalKind.NotFound, "never drafted",
            () => Attempt.Of(nameof(ConfirmRekey), ConfirmRekey.Decide(Active, new(Unknown, 2), At)));
        yield return Acknowledge("PARTNER_NOT_FOUND", RefusalKind.NotFound, "of nobody", PartnerState.Empty, new(One, 1));
        yield return Acknowledge("AGREEMENT_NOT_FOUND", RefusalKind.NotFound, "never drafted", Active, new(Unknown, 1));
        yield return Acknowledge("BATCH_INVALID", RefusalKind.Invalid, "batch 0", Active, new(One, 0));

        static RefusalCase Expire(string reason, RefusalKind kind, string about, PartnerState state, AgreementId agreement, DateTimeOffset now) =>
            new(nameof(ExpireAgreement), reason, "agreement", kind, about, () => Attempt.Of(nameof(ExpireAgreement), ExpireAgreement.Decide(state, new(agreement), now)));

        static RefusalCase Acknowledge(string reason, RefusalKind kind, string about, PartnerState state, AcknowledgeBatch command) =>
            new(nameof(AcknowledgeBatch), reason, "name", kind, about, () => Attempt.Of(nameof(AcknowledgeBatch), AcknowledgeBatch.Decide(state, command, At)));
    }
}
