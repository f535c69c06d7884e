using System.Collections.Immutable;
using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>Consultations with every coded part, and safety checks; a test changes the one thing it is about.</summary>
internal static class Detailed
{
    /// <summary>Everything asked about, nothing found, nothing taken, all that is asked for talked about.</summary>
    public static readonly ConsultationDetail Detail = new(
        [.. ContraindicationCatalogue.All.Select(c => new CodedFinding(c.Code, false, ""))],
        MedicationReviewed: true,
        [],
        ["penicillin"],
        PregnancyPossibility.NotPossible,
        [],
        [.. Enum.GetValues<DiscussedTopic>()],
        AcuteIdeation: false);

    /// <summary>Two adequate trials of the present episode.</summary>
    public static readonly ImmutableArray<EarlierTreatment> Resistant =
    [
        new EarlierTreatment("sertraline", true, TreatmentResponse.None) { Trial = new(TreatmentClass.Ssri, 150, DoseUnit.MgPerDay, 8, Adherence.Good, true) },
        new EarlierTreatment("venlafaxine", true, TreatmentResponse.Partial) { Trial = new(TreatmentClass.Snri, 150, DoseUnit.MgPerDay, 10, Adherence.Good, true) },
    ];

    public static readonly Consultation Consultation = Given.Consultation with { EarlierTreatments = Resistant, Detail = Detail };

    public static Consultation With(Func<ConsultationDetail, ConsultationDetail> change) => Consultation with { Detail = change(Detail) };

    /// <summary>With one code as told; null: it was not asked about.</summary>
    public static Consultation With(string code, bool? present) => With(d => d with
    {
        Findings = [.. d.Findings.Where(f => f.Code != code), .. present is { } there ? [new CodedFinding(code, there, "")] : Array.Empty<CodedFinding>()],
    });

    public static LiverValue Enzyme(double value, double limit = 40) => new(value, limit, LiverUnit.UnitsPerLitre);

    /// <summary>Nothing remarkable.</summary>
    public static SafetyCheck Check(SafetyCheckKind kind, string id, DateTimeOffset at) => new(
        new SafetyCheckId(id),
        kind,
        at,
        kind == SafetyCheckKind.LiverPanel ? new(Enzyme(31), Enzyme(28), Enzyme(70, 120), new(9, 21, LiverUnit.MicromolPerLitre)) : null,
        kind == SafetyCheckKind.CognitionTest ? new("MoCA 8.1", 27, 30, 26) : null,
        kind > SafetyCheckKind.CognitionTest ? new(ScreenOutcome.Negative, "", []) : null,
        "");

    public static SafetyCheck Screen(SafetyCheckKind kind, ScreenOutcome outcome, string id, DateTimeOffset at) => Check(kind, id, at) with { Screen = new(outcome, "", []) };
}
