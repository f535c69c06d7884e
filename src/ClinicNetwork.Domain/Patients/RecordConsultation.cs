using System.Text.RegularExpressions;
using ClinicNetwork.Domain.Eligibility;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A consultation is recorded; a later one replaces what it says about consent and contraindications. Refused: DIAGNOSIS_INVALID, RISKS_MISSING, TEXT_INVALID, TOO_MANY, TRIAL_OUT_OF_RANGE, DOSE_UNIT_MISSING, FINDING_UNKNOWN, FINDING_REPEATED, SCALE_REPEATED, TOPIC_REPEATED, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
[GenerateSerializer, Immutable, Alias("record-consultation")]
public sealed partial record RecordConsultation([property: Id(0)] Consultation Consultation, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordConsultation);

    /// <summary>Who acts, from the connection.</summary>
    [Id(20)] public string Actor { get; init; } = "";

    private const int TreatmentsMax = 50;
    private const int ContraindicationsMax = 20;

    public static Decision<ConsultationAnswer> Decide(PatientState state, RecordConsultation command, DateTimeOffset now)
    {
        _ = state;
        var refusal = Check(command.Consultation) ?? ClinicTime.CheckOccurred(command.OccurredAt, now);
        if (refusal is not null)
        {
            return refusal;
        }

        return Decision<ConsultationAnswer>.Accept(
            new ConsultationAnswer(
                command.Consultation.EarlierTreatments.Count(EarlierTrials.Failed),
                EarlierTrials.InPresentEpisode(command.Consultation, orUnknown: false),
                EarlierTrials.InPresentEpisode(command.Consultation, orUnknown: true)),
            new ConsultationRecorded(command.Consultation, command.OccurredAt) { Actor = command.Actor });
    }

    private static Refusal? Check(Consultation c)
    {
        if (!DiagnosisCode().IsMatch(c.DiagnosisCode))
        {
            return Refusal.Invalid("DIAGNOSIS_INVALID", "consultation.diagnosis_code", "Give an ICD-10-CM code, for example F33.2.");
        }

        if (c.RisksDiscussed.Length == 0)
        {
            return Refusal.Invalid("RISKS_MISSING", "consultation.risks_discussed", "Name at least one risk that was discussed.");
        }

        return CheckCount(c.EarlierTreatments.Length, TreatmentsMax, "consultation.earlier_treatments")
            ?? CheckCount(c.RisksDiscussed.Length, TreatmentsMax, "consultation.risks_discussed")
            ?? CheckCount(c.Contraindications.Length, ContraindicationsMax, "consultation.contraindications")
            ?? Texts.Check(c.PsychiatricHistory, 0, 4000, "consultation.psychiatric_history")
            ?? CheckAll(c.EarlierTreatments.Select(t => t.Treatment), 120, "consultation.earlier_treatments", ".treatment")
            ?? CheckAll(c.RisksDiscussed, 200, "consultation.risks_discussed")
            ?? CheckAll(c.Contraindications, 200, "consultation.contraindications")
            ?? ConsultationRules.Check(c);
    }

    private static Refusal? CheckCount(int count, int most, string field) =>
        count > most ? Refusal.Invalid("TOO_MANY", field, $"Give at most {most}.") : null;

    private static Refusal? CheckAll(IEnumerable<string> texts, int lengthMax, string field, string inner = "") =>
        texts.Select((text, i) => Texts.Check(text, 1, lengthMax, $"{field}[{i}]{inner}")).FirstOrDefault(r => r is not null);

    /// <summary>Shape of an ICD-10-CM code: letter, digit, alphanumeric, then up to four after a point.</summary>
    [GeneratedRegex("^[A-Z][0-9][0-9A-Z](\\.[0-9A-Z]{1,4})?\\z")]
    private static partial Regex DiagnosisCode();
}

/// <param name="InadequateResponses">Adequate treatments without full response, of any episode.</param>
/// <param name="InPresentEpisode">Different antidepressants among them that belong to the present episode; 2 or more is treatment resistance.</param>
/// <param name="InPresentEpisodeAtMost">The same with those whose episode is not told.</param>
[GenerateSerializer, Immutable, Alias("consultation-answer")]
public sealed record ConsultationAnswer(
    [property: Id(0)] int InadequateResponses, [property: Id(20)] int InPresentEpisode = 0, [property: Id(21)] int InPresentEpisodeAtMost = 0);
