using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of joining, enrolling, consulting, sharing and consenting.</summary>
internal static class IntakeRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Clinics(), .. Enrolments(), .. Consultations(), .. Sharing(), .. Consent()];

    private static IEnumerable<RefusalCase> Clinics()
    {
        var command = new RegisterClinic(Given.Home, "North clinic", "Europe/Berlin", true);
        var state = UseCases.Decide(ClinicState.Empty, command, DateTimeOffset.UnixEpoch).Events.Aggregate(ClinicState.Empty, ClinicState.Evolve);
        yield return RefusalCase.Clinic("CLINIC_EXISTS", "clinic.name", RefusalKind.Exists, "registered twice", state, command);
        yield return RefusalCase.Clinic("TEXT_INVALID", "clinic.display_name", RefusalKind.Invalid, "no name", ClinicState.Empty, command with { DisplayName = "" });
        yield return RefusalCase.Clinic("TEXT_INVALID", "clinic.display_name", RefusalKind.Invalid, "121 characters", ClinicState.Empty, command with { DisplayName = new('x', 121) });
        foreach (var zone in new[] { "", "CET", "Mars/Olympus", "W. Europe Standard Time", "../UTC" })
            yield return RefusalCase.Clinic("TIME_ZONE_UNKNOWN", "clinic.time_zone", RefusalKind.Invalid, $"'{zone}'", ClinicState.Empty, command with { TimeZone = zone });
    }

    private static IEnumerable<RefusalCase> Enrolments()
    {
        var chart = new Chart();
        var command = Given.Enrolment("Europe/Berlin", chart.At(0));
        var day = new DateOnly(2025, 2, 3);
        yield return RefusalCase.Exists("PATIENT_EXISTS", "patient", "enrolled twice", new Chart().Enrol(), command);
        yield return RefusalCase.Invalid("TEXT_INVALID", "given_name", "empty", chart, command with { GivenName = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "family_name", "a control character", chart, command with { FamilyName = "Oka\u0007for" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "record_number", "61 characters", chart, command with { RecordNumber = new('9', 61) });
        yield return RefusalCase.Invalid("BIRTH_DATE_OUT_OF_RANGE", "birth_date", "18 tomorrow", chart, command with { BirthDate = day.AddYears(-18).AddDays(1) });
        yield return RefusalCase.Invalid("BIRTH_DATE_OUT_OF_RANGE", "birth_date", "121 today", chart, command with { BirthDate = day.AddYears(-121) });
        yield return RefusalCase.Invalid("BIRTH_DATE_OUT_OF_RANGE", "birth_date", "born in the future", chart, command with { BirthDate = DateOnly.MaxValue });
        foreach (var one in RefusalCase.OfTime(chart, at => command with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Consultations()
    {
        var chart = new Chart().Enrol();
        RecordConsultation With(Func<Consultation, Consultation> change) => new(change(Given.Consultation), chart.At(0));
        foreach (var code in new[] { "", "33.2", "F3", "F33.", "F33.22222", "f33.2", "F33.2 ", "F33.2\n" })
            yield return RefusalCase.Invalid("DIAGNOSIS_INVALID", "consultation.diagnosis_code", $"'{code.Replace("\n", "\\n")}'", chart, With(c => c with { DiagnosisCode = code }));
        yield return RefusalCase.Invalid("RISKS_MISSING", "consultation.risks_discussed", "none", chart, With(c => c with { RisksDiscussed = [] }));
        yield return RefusalCase.Invalid("TOO_MANY", "consultation.risks_discussed", "51 risks", chart, With(c => c with { RisksDiscussed = [.. Enumerable.Repeat("Falls", 51)] }));
        yield return RefusalCase.Invalid("TOO_MANY", "consultation.contraindications", "21 contraindications", chart, With(c => c with { Contraindications = [.. Enumerable.Repeat("Aneurysm", 21)] }));
        yield return RefusalCase.Invalid("TEXT_INVALID", "consultation.psychiatric_history", "4,001 characters", chart, With(c => c with { PsychiatricHistory = new('x', 4001) }));
        yield return RefusalCase.Invalid("TEXT_INVALID", "consultation.risks_discussed[1]", "an empty second risk", chart, With(c => c with { RisksDiscussed = ["Falls", ""] }));
        yield return RefusalCase.Invalid("TEXT_INVALID", "consultation.contraindications[0]", "an empty contraindication", chart, With(c => c with { Contraindications = [""] }));
        yield return RefusalCase.Invalid("TEXT_INVALID", "consultation.earlier_treatments[0].treatment", "an unnamed treatment", chart, With(c => c with { EarlierTreatments = [new("", true, TreatmentResponse.None)] }));
        foreach (var one in RefusalCase.OfTime(chart, at => new RecordConsultation(Given.Consultation, at)))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Sharing()
    {
        var chart = new Chart().Enrol();
        var grant = new SiteGrant(Given.Other, SiteAccess.Read);
        yield return RefusalCase.Invalid("SITES_INVALID", "sites", "the home clinic", chart, new SetSharing([new(Given.Home, SiteAccess.Read)], chart.At(0)));
        yield return RefusalCase.Invalid("SITES_INVALID", "sites", "one site twice", chart, new SetSharing([grant, grant with { Access = SiteAccess.Write }], chart.At(0)));
        yield return RefusalCase.Invalid("SITES_INVALID", "sites", "21 sites", chart, new SetSharing([.. Enumerable.Range(0, 21).Select(i => grant with { Site = new($"site-{i}") })], chart.At(0)));
        var some = new SiteGrant(Given.Other, SiteAccess.BySection);
        foreach (var (what, wrong) in (IEnumerable<(string, SiteGrant)>)
            [("no section", some), ("a section twice", some with { Read = PlanSections.Goals, Full = PlanSections.Goals }), ("the whole and a section", grant with { Read = PlanSections.Goals })])
        {
            yield return RefusalCase.Invalid("SITES_INVALID", "sites", what, chart, new SetSharing([wrong], chart.At(0)));
        }

        foreach (var one in RefusalCase.OfTime(chart, at => new SetSharing([grant], at)))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Consent()
    {
        var chart = new Chart().Enrol();
        yield return RefusalCase.Invalid(
            "RECIPIENTS_INVALID", "recipients", "one class twice", chart, new SetResearchConsent([RecipientClass.Industry, RecipientClass.Industry], chart.At(0)));
        yield return RefusalCase.Invalid(
            "PURPOSES_INVALID", "purposes", "one purpose twice", chart,
            new SetResearchConsent([RecipientClass.Industry], chart.At(0)) { Purposes = [ResearchPurpose.Research, ResearchPurpose.Research] });
        yield return RefusalCase.Invalid(
            "UNTIL_INVALID", "until", "an end at its beginning", chart, new SetResearchConsent([RecipientClass.Industry], chart.At(0)) { Until = chart.At(0) });
        yield return RefusalCase.Precondition("CONSENT_NOT_OVER", "patient", "nothing is permitted", chart, new EndResearchConsent());
        var limited = new Chart().Enrol().Do(new SetResearchConsent([RecipientClass.Industry], chart.At(0)) { Until = chart.At(9) });
        yield return RefusalCase.Precondition("CONSENT_NOT_OVER", "patient", "a tick before the end", limited, new EndResearchConsent(), chart.At(9).AddTicks(-1));
        yield return RefusalCase.Precondition("NOT_TREATED", "patient", "no dose", chart, new AddYearlyMilestones());
        foreach (var one in RefusalCase.OfTime(chart, at => new SetResearchConsent([], at)))
            yield return one;
    }
}
