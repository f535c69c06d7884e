using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of deciding on advice, of recording support, and of moving a plan.</summary>
internal static class AdviceRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Deciding(), .. Supporting(), .. Moving(), .. Spacing()];

    private static IEnumerable<RefusalCase> Deciding()
    {
        var chart = Nauseous();
        var advice = AdviceSheet.Of(chart.State, chart.At(0, 20)).Given.Single();
        var decide = new RecordAdviceDecision(advice.Id, AdviceVerdict.Followed, "Ondansetron before the next dose", null, "home-1");
        var now = chart.At(0, 20);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, decide with { Reason = "" }, now);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "1,001 characters", chart, decide with { Reason = new('x', 1001) }, now);
        yield return RefusalCase.Invalid("TEXT_INVALID", "advice_id", "no id", chart, decide with { AdviceId = "" }, now);
        yield return RefusalCase.Invalid(
            "PLAN_REVISION_NEEDLESS", "plan_revision", "declined with a revision", chart, decide with { Verdict = AdviceVerdict.Declined, PlanRevision = 2 }, now);
        foreach (var revision in new[] { -1, 0, 1, 2, int.MinValue })
            yield return RefusalCase.Precondition("PLAN_REVISION_UNKNOWN", "plan_revision", $"revision {revision}", chart, decide with { PlanRevision = revision }, now);
        yield return RefusalCase.Precondition("ADVICE_UNKNOWN", "advice_id", "another side effect's", chart, decide with { AdviceId = "add-anti-nausea/1@side-effects/2" }, now);
        yield return RefusalCase.Precondition("ADVICE_UNKNOWN", "advice_id", "another version's", chart, decide with { AdviceId = "add-anti-nausea/2@side-effects/1" }, now);
        yield return RefusalCase.Exists("ADVICE_DECIDED", "advice_id", "twice", Nauseous().Do(decide, now), decide);
        var intolerant = Nauseous(SideEffectKind.Dissociation);
        var down = AdviceSheet.Of(intolerant.State, now).Given.Single();
        yield return RefusalCase.Precondition(
            "ADVICE_NOT_FOLLOWED", "plan_revision", "the plan is as it was", intolerant, decide with { AdviceId = down.Id }, now);
        var other = Nauseous(SideEffectKind.Dissociation);
        other.Do(new RevisePlan(other.State.Plan!.Version, 0.3, null, null, [], "Less", other.Version + 1), now);
        yield return RefusalCase.Precondition("ADVICE_NOT_FOLLOWED", "plan_revision", "another dose", other, decide with { AdviceId = down.Id, PlanRevision = 2 }, now);
    }

    private static IEnumerable<RefusalCase> Supporting()
    {
        var chart = Chart.Planned();
        RecordSupportSession Record(DateTimeOffset at) => new(new SupportSessionId("t-1"), SupportKind.Psychotherapy, "", at);
        foreach (var one in RefusalCase.OfTime(chart, at => Record(at)))
            yield return one;
        yield return RefusalCase.Invalid("TEXT_INVALID", "missed_reason", "501 characters", chart, Record(chart.At(1)) with { MissedReason = new('x', 501) });
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "in 1980, before the patient's birth", chart, Record(new(1980, 5, 16, 12, 0, 0, TimeSpan.Zero)));
        yield return RefusalCase.Exists("SUPPORT_SESSION_EXISTS", "support_session_id", "twice", Chart.Planned().Do(Record(chart.At(1))), Record(chart.At(2)));
    }

    private static IEnumerable<RefusalCase> Moving()
    {
        var chart = Chart.Planned();
        var version = chart.State.Plan!.Version;
        var move = new RevisePlan(version, null, null, null, [], "Later rules", version + 1) { ProtocolVersion = 2 };
        yield return RefusalCase.Invalid("PROTOCOL_UNKNOWN", "protocol", "no such protocol", chart, move with { Protocol = new ProtocolId("ketamine-by-post"), ProtocolVersion = null });
        foreach (var unknown in new[] { -1, 0, 3 })
            yield return RefusalCase.Invalid("PROTOCOL_UNKNOWN", "protocol_version", $"a move to version {unknown}", chart, move with { ProtocolVersion = unknown });
        yield return RefusalCase.Precondition("DRUG_DIFFERS", "protocol", "to esketamine", chart, move with { Protocol = Given.Esketamine });
        var later = Chart.Planned().Do(move);
        var back = move with { BaseVersion = version + 1, ProtocolVersion = 1 };
        yield return RefusalCase.Precondition("PROTOCOL_OLDER", "protocol_version", "back to version 1", later, back);
        var muscle = Chart.Planned().Do(move with { Protocol = ProtocolCatalogue.KetamineIm.Id, ProtocolVersion = null });
        yield return RefusalCase.Precondition("PROTOCOL_OLDER", "protocol_version", "to another protocol that asks for less", muscle, back with { Protocol = Given.Ketamine });
        var open = Chart.Planned();
        open.Do(new StartSession(new SessionId("s-1"), Given.Home, true, Given.Calm, 80, "", open.At(0)));
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "in the middle of a session", open, move);
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "another setting in a session", open, move with { ProtocolVersion = null, Setting = Setting.CertifiedClinic });
        yield return RefusalCase.Invalid(
            "SETTING_NOT_PERMITTED", "setting", "to home without the setting", chart, move with { Protocol = ProtocolCatalogue.KetamineHome.Id, ProtocolVersion = null });
        yield return RefusalCase.Invalid(
            "SUPERVISION_MISSING", "supervision", "to home without supervision", chart, move with { Protocol = ProtocolCatalogue.KetamineHome.Id, ProtocolVersion = null, Setting = Setting.Home });
        yield return RefusalCase.Invalid(
            "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "a dose beyond the other protocol's", chart, move with { Protocol = ProtocolCatalogue.KetamineSc.Id, ProtocolVersion = null, DoseMgPerKg = 0.95 });
    }

    private static IEnumerable<RefusalCase> Spacing()
    {
        var first = Chart.Planned();
        var version = first.State.Plan!.Version;
        var revise = new RevisePlan(version, null, null, null, [], "By response", version + 1);
        yield return RefusalCase.Invalid("PHASE_UNKNOWN", "phase", "a phase in version 1", first, revise with { Phase = PhaseKind.Taper });
        yield return RefusalCase.Invalid("PHASE_UNKNOWN", "interval_days", "an interval in version 1", first, revise with { IntervalDays = 7 });
        yield return RefusalCase.Invalid(
            "PHASE_CONTRADICTS", "phase_by_weeks", "both", first, revise with { Phase = PhaseKind.Taper, PhaseByWeeks = true });
        foreach (var days in new[] { int.MinValue, 0, 13, 57 })
        {
            yield return RefusalCase.Invalid(
                "INTERVAL_OUT_OF_RANGE", "interval_days", $"{days} days in the taper", first, revise with { ProtocolVersion = 2, Phase = PhaseKind.Taper, IntervalDays = days });
        }

        foreach (var days in new[] { 1, 5 })
        {
            yield return RefusalCase.Invalid(
                "INTERVAL_OUT_OF_RANGE", "interval_days", $"{days} days before the first dose", first, revise with { ProtocolVersion = 2, IntervalDays = days });
        }

        PlannedSupport series = new(SupportKind.SupportGroup, "Tuesday group", 7, new(2025, 2, 4), null);
        RevisePlan With(params PlannedSupport[] support) => revise with { Support = [.. support] };
        yield return RefusalCase.Invalid("TEXT_INVALID", "support[0].provider", "no provider", first, With(series with { Provider = "" }));
        foreach (var days in new[] { -1, 0, 91 })
            yield return RefusalCase.Invalid("SUPPORT_OUT_OF_RANGE", "support[1].every_days", $"every {days} days", first, With(series, series with { EveryDays = days }));
        yield return RefusalCase.Invalid("SUPPORT_OUT_OF_RANGE", "support[0].to_day", "it ends before it begins", first, With(series with { To = new(2025, 2, 3) }));
        yield return RefusalCase.Invalid("TOO_MANY", "support", "21 series", first, With([.. Enumerable.Repeat(series, 21)]));
    }

    /// <summary>One dose, and a severe side effect in its session.</summary>
    private static Chart Nauseous(SideEffectKind kind = SideEffectKind.Nausea)
    {
        var chart = Chart.Planned().Dose(0);
        return chart.Do(new RecordSideEffect(new(new SessionId("s-1"), kind, SideEffectSeverity.Severe, chart.At(0, 11), 20, "")));
    }
}
