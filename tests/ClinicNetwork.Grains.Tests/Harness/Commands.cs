using System.Collections.Immutable;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Commands that are fine by every rule. Days count from the first dose.</summary>
internal static class Commands
{
    public static readonly ClinicId North = new("north");
    public static readonly ClinicId South = new("south");

    /// <summary>Ten in the morning in Berlin on the day of the first dose.</summary>
    private static readonly DateTimeOffset FirstDay = new(2025, 1, 6, 9, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset OnDay(int day, int minutes = 0) => FirstDay.AddDays(day).AddMinutes(minutes);

    public static RegisterClinic Register(string clinic) => new(new(clinic), "Clinic " + clinic, "Europe/Berlin", EsketamineCertified: clinic == "north");

    public static EnrolPatient Enrol(string patient, string? recordNumber = null, string familyName = "Muster") =>
        new(new(patient), North, "", "Anna", familyName, new DateOnly(1980, 5, 17), Sex.Female, recordNumber ?? "R-" + patient, OnDay(-7));

    public static RecordConsultation Consult(params ImmutableArray<string> contraindications) => new(
        new Consultation("F33.2", "two episodes", [new("sertraline", true, TreatmentResponse.Partial)], ["dissociation"], true, contraindications), OnDay(-6));

    public static CreatePlan CreatePlan() => new(ProtocolCatalogue.KetamineIvInduction.Id, Setting.Clinic, null, null, [new("sleep again", 9, null)]);

    public static RevisePlan RevisePlan(long baseVersion) => new(baseVersion, 0.6, null, null, [], "little effect");

    public static SetSharing Share(SiteAccess access) => new([new(South, access)], OnDay(-5));

    public static SetSharing ShareWithNobody() => new([], OnDay(-4));

    private static int _consents;

    /// <summary>Each a minute after the one before: of two at one instant, only what both permit.</summary>
    public static SetResearchConsent Consent(params ImmutableArray<RecipientClass> recipients) => new(recipients, OnDay(-3, Interlocked.Increment(ref _consents)));

    public static StartSession StartSession(string session, int day, ClinicId? clinic = null) =>
        new(new(session), clinic ?? North, false, new BloodPressure(120, 80), 80, "", OnDay(day));

    public static RecordDose RecordDose(string session, int day) => new(new(session), 40, 40, OnDay(day, 5));

    public static RecordSideEffect RecordSideEffect(string session, int day) =>
        new(new SideEffect(new(session), SideEffectKind.Dissociation, SideEffectSeverity.Mild, OnDay(day, 20), 30, ""));

    public static CompleteSession CompleteSession(string session, int day) => new(new(session), new BloodPressure(118, 78), OnDay(day, 120));

    public static RecordAssessment Assess(string assessment, int day, int total) => new(new(assessment), Items(total), OnDay(day));

    public static RecordScale AnswerGad7(string assessment, int day, params ReadOnlySpan<int> items)
    {
        var answers = ImmutableArray.CreateBuilder<ItemAnswer>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            answers.Add(new(Gad7.Scale.Items[i].Key, items[i]));
        }

        return new(new(assessment), ScaleKind.Gad7, answers.ToImmutable(), OnDay(day));
    }

    /// <summary>Nine items of 0 to 3 with a sum.</summary>
    public static ImmutableArray<int> Items(int total) => [.. Enumerable.Range(0, 9).Select(i => Math.Clamp(total - 3 * i, 0, 3))];
}
