using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of what the programme for esketamine asks for, of serious events, of a clinic's settings and of erasures that come too early.</summary>
internal static class RemsRefusals
{
    private static readonly ClinicState Clinic = ClinicState.Evolve(ClinicState.Empty, new ClinicRegistered(Given.Home, "North clinic", "Europe/Berlin", true));

    public static IEnumerable<RefusalCase> All() => [.. Enrolments(), .. Notices(), .. Starts(), .. Details(), .. Submissions(), .. SeriousEvents(), .. Settings(), .. Erasures()];

    private static IEnumerable<RefusalCase> Enrolments()
    {
        var chart = new Chart().Enrol();
        var form = RemsGiven.Form(chart);
        yield return RefusalCase.Invalid("TEXT_INVALID", "prescriber", "nobody signed", chart, form with { Prescriber = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "prescriber", "121 characters", chart, form with { Prescriber = new('x', 121) });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reference", "61 characters", chart, form with { Reference = new('x', 61) });
        yield return RefusalCase.Invalid("INDICATION_MISSING", "indication", "none", chart, form with { Indication = null });
        yield return RefusalCase.Invalid("REMS_CONSENT_MISSING", "consent_signed", "the patient did not sign", chart, form with { ConsentSigned = false });
        yield return RefusalCase.Precondition("SETTING_NOT_CERTIFIED", "clinic", "a form for a clinic without certificate", chart, form with { ClinicCertified = false });
        foreach (var refused in RefusalCase.OfTime(chart, at => form with { OccurredAt = at }))
            yield return refused;
        var full = Enumerable.Range(0, 100).Aggregate(new Chart().Enrol(), (c, _) => c.Do(RemsGiven.Form(c)));
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 101st", full, form);
    }

    private static IEnumerable<RefusalCase> Notices()
    {
        var chart = new Chart().Enrol();
        var notice = RemsGiven.Notice(chart, Given.Other, 0);
        yield return RefusalCase.Precondition("REMS_ENROLMENT_MISSING", "patient", "nobody enrolled", chart, notice);
        var enrolled = new Chart().Enrol();
        enrolled.Do(RemsGiven.Form(enrolled));
        yield return RefusalCase.Precondition("REMS_ENROLMENT_MISSING", "patient", "a notice before the form", enrolled, RemsGiven.Notice(enrolled, Given.Other, -11));
        yield return RefusalCase.Precondition("REMS_SITE_UNCHANGED", "clinic", "to where the patient is", enrolled, RemsGiven.Notice(enrolled, Given.Home, 0));
        yield return RefusalCase.Invalid("TEXT_INVALID", "prescriber", "a prescriber of a notice", enrolled, notice with { Prescriber = "Dr Chen" });
        yield return RefusalCase.Precondition("SETTING_NOT_CERTIFIED", "clinic", "to a clinic without certificate", enrolled, notice with { ClinicCertified = false });
    }

    private static IEnumerable<RefusalCase> Starts()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(RemsGiven.Form(chart)).Do(RemsGiven.Notice(chart, Given.Other, -2));
        yield return RefusalCase.Precondition("TRANSFER_NOTICE_MISSING", "clinic", "back at the first site without notice", chart, LaterSession.Start(chart));
        var later = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        later.Do(RemsGiven.Form(later) with { Clinic = Given.Other }).Do(RemsGiven.Notice(later, Given.Home, 1));
        yield return RefusalCase.Precondition("TRANSFER_NOTICE_MISSING", "clinic", "a day before the notice, and confirmed", later, LaterSession.Start(later));
    }

    private static IEnumerable<RefusalCase> Details()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        var details = RemsGiven.Details(chart);
        yield return RefusalCase.Invalid("TEXT_INVALID", "lot_number", "41 characters", chart, details with { LotNumber = new('x', 41) });
        yield return RefusalCase.Invalid("TEXT_INVALID", "monitored_by", "nobody", chart, details with { MonitoredBy = "" });
        yield return RefusalCase.Invalid("MEDICATION_REPEATED", "taking", "a class twice", chart, details with { Taking = [RemsMedication.Maois, RemsMedication.Maois] });
        foreach (var minutes in (int[])[-1, 1441, int.MinValue, int.MaxValue])
            yield return RefusalCase.Invalid("READY_OUT_OF_RANGE", "ready_minutes", $"{minutes} minutes", chart, details with { ReadyMinutes = minutes });
        foreach (var refused in OfForm(chart, session => details with { Session = session }, at => details with { OccurredAt = at }))
            yield return refused;
    }

    private static IEnumerable<RefusalCase> Submissions()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        var sent = new RecordRemsSubmission(LaterSession.Id, "F-1", chart.At(3), "nurse-1");
        yield return RefusalCase.Invalid("TEXT_INVALID", "reference", "61 characters", chart, sent with { Reference = new('x', 61) });
        foreach (var refused in OfForm(chart, session => sent with { Session = session }, at => sent with { OccurredAt = at }))
            yield return refused;
    }

    /// <summary>What all records of a form refuse.</summary>
    private static IEnumerable<RefusalCase> OfForm(Chart chart, Func<Identity.SessionId, object> ofSession, Func<DateTimeOffset, object> at)
    {
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "unknown", chart, ofSession(new("s-9")));
        var started = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        yield return RefusalCase.Precondition("REMS_NOT_ASKED", "session_id", "no dose", started.Do(LaterSession.Start(started)), at(chart.At(3)));
        yield return RefusalCase.Precondition("REMS_NOT_ASKED", "session_id", "racemic", LaterSession.Dosed(ProtocolCatalogue.KetamineIm), at(chart.At(3)));
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "before the session", chart, at(chart.At(0, 9, 49)));
        foreach (var refused in RefusalCase.OfTime(chart, at))
            yield return refused;
        var full = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        for (var i = 0; i < 2_000; i++)
            full.Do(at(chart.At(3)));
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 2,001st", full, at(chart.At(3)));
    }

    private static IEnumerable<RefusalCase> SeriousEvents()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.KetamineIm);
        var serious = new RecordSeriousEvent(LaterSession.Id, [SeriousCriterion.Hospitalisation], "Kept overnight", chart.At(0, 12));
        yield return RefusalCase.Invalid("CRITERIA_MISSING", "criteria", "none", chart, serious with { Criteria = [] });
        yield return RefusalCase.Invalid("CRITERIA_REPEATED", "criteria", "twice", chart, serious with { Criteria = [SeriousCriterion.Death, SeriousCriterion.Death] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "description", "nothing said", chart, serious with { Description = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "description", "1,001 characters", chart, serious with { Description = new('x', 1001) });
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "unknown", chart, serious with { Session = new("s-9") });
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "before the session", chart, serious with { OccurredAt = chart.At(0, 9, 49) });
        foreach (var refused in RefusalCase.OfTime(chart, at => serious with { OccurredAt = at }))
            yield return refused;
        var full = LaterSession.Dosed(ProtocolCatalogue.KetamineIm);
        for (var i = 0; i < 1_000; i++)
            full.Do(serious);
        yield return RefusalCase.Precondition("TOO_MANY", "patient", "the 1,001st", full, serious);
    }

    private static IEnumerable<RefusalCase> Settings()
    {
        var certificate = new RemsCertificate("H-1", new DateOnly(2025, 1, 15), null);
        yield return RefusalCase.Clinic("CLINIC_NOT_FOUND", "clinic", RefusalKind.NotFound, "nobody", ClinicState.Empty, new ConfigureClinic(certificate));
        yield return RefusalCase.Clinic(
            "CLINIC_KEY_DESTROYED", "clinic", RefusalKind.Precondition, "its key was destroyed", ClinicState.Evolve(Clinic, new ClinicKeyDestroyed("why")), new ConfigureClinic(certificate));
        yield return RefusalCase.Clinic("NOTHING_TO_CHANGE", "clinic", RefusalKind.Invalid, "nothing", Clinic, new ConfigureClinic());
        yield return RefusalCase.Clinic("TEXT_INVALID", "rems_certificate.number", RefusalKind.Invalid, "no number", Clinic, new ConfigureClinic(certificate with { Number = "" }));
        yield return RefusalCase.Clinic("TEXT_INVALID", "rems_certificate.number", RefusalKind.Invalid, "41 characters", Clinic, new ConfigureClinic(certificate with { Number = new('x', 41) }));
        yield return RefusalCase.Clinic(
            "CERTIFICATE_DAYS_INVALID", "rems_certificate.last_day", RefusalKind.Invalid, "over before it began", Clinic, new ConfigureClinic(certificate with { LastDay = new(2025, 1, 14) }));
        yield return RefusalCase.Clinic("RETENTION_RULE_UNKNOWN", "retention_rule", RefusalKind.Invalid, "unknown", Clinic, new ConfigureClinic(RetentionRule: "atlantis"));
        foreach (var years in (int[])[-1, 101, int.MinValue, int.MaxValue])
            yield return RefusalCase.Clinic("RETENTION_OUT_OF_RANGE", "retention_years", RefusalKind.Invalid, $"{years} years", Clinic, new ConfigureClinic(RetentionYears: years));
    }

    private static IEnumerable<RefusalCase> Erasures()
    {
        var chart = new Chart().Enrol();
        yield return RefusalCase.Precondition("RETENTION_NOT_OVER", "patient", "the day after", chart, new ErasePatient("why", 10), chart.At(-39));
        yield return new(
            nameof(Propose), "RETENTION_NOT_OVER", "patient", RefusalKind.Precondition, "the day after", () => Attempt.Of(nameof(Propose), Propose.Decide(
                ApprovalState.Empty, new(new("e-1"), ApprovalKind.Erasure, "patients/p-1", "Asked for", 0), Given.Home, new("first", "first"), chart.At(-39), (chart.State, 10))));
    }
}
