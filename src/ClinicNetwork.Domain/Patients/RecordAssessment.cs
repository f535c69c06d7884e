using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A PHQ-9 was answered: a fact. Refused: ITEMS_INCOMPLETE, ITEM_OUT_OF_RANGE, ASSESSMENT_EXISTS, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Items">The nine items in order, 0 to 3 each.</param>
[GenerateSerializer, Immutable, Alias("record-assessment")]
public sealed record RecordAssessment(
    [property: Id(0)] AssessmentId Assessment,
    [property: Id(1)] ImmutableArray<int> Items,
    [property: Id(2)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordAssessment);

    public static Decision<AssessmentAnswer> Decide(PatientState state, RecordAssessment command, DateTimeOffset now)
    {
        if ((Phq9.Check(command.Items) ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.HasAnswer(command.Assessment))
        {
            return Refusal.Exists("ASSESSMENT_EXISTS", "assessment_id", "Choose a new assessment id.");
        }

        var total = Phq9.Total(command.Items);
        var severity = Phq9.Severity(total);
        return Decision<AssessmentAnswer>.Accept(
            new AssessmentAnswer(total, severity, Phq9.AsksForRiskScreen(command.Items)),
            new AssessmentRecorded(command.Assessment, command.Items, total, severity, command.OccurredAt));
    }
}

/// <param name="Total">0 to 27.</param>
/// <param name="RiskScreenDue">Item 9 is 1 or more: a suicide-risk screen is due the same day.</param>
[GenerateSerializer, Immutable, Alias("assessment-answer")]
public sealed record AssessmentAnswer([property: Id(0)] int Total, [property: Id(1)] Phq9Severity Severity, [property: Id(2)] bool RiskScreenDue);
