using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A session's monitoring form went to the programme: a fact, also when something was missing on it or it was late; a corrected form is another one. Refused: TEXT_INVALID,
/// SESSION_UNKNOWN, REMS_NOT_ASKED, OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, TOO_MANY.
/// </summary>
/// <param name="Reference">The programme's own, at most 60 characters.</param>
/// <param name="OccurredAt">When it was sent.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("record-rems-submission")]
public sealed record RecordRemsSubmission(
    [property: Id(0)] SessionId Session, [property: Id(1)] string Reference, [property: Id(2)] DateTimeOffset OccurredAt, [property: Id(3)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordRemsSubmission);

    public static Decision<RemsSubmissionAnswer> Decide(PatientState state, RecordRemsSubmission command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Reference, 0, RecordRemsEnrolment.ReferenceLengthMax, "reference")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? RemsRules.CheckAsked(state, command.Session, command.OccurredAt, state.RemsSubmissions.Length)) is { } refusal)
        {
            return refusal;
        }

        var form = MonitoringForm.Of(state, state.FindSession(command.Session)!)!;
        return Decision<RemsSubmissionAnswer>.Accept(
            new RemsSubmissionAnswer(form.Version.Version, form.Entries.Count(e => e.IsMissing), command.OccurredAt >= form.DueBy),
            new RemsSubmitted(new(RecordedFacts.NextNumber(state, FactKind.RemsSubmission), command.Session, command.Reference, command.OccurredAt, command.Actor)));
    }
}

/// <param name="FormVersion">Of the form that the session's day asks for.</param>
/// <param name="Missing">Entries of it that nothing was recorded for.</param>
/// <param name="Late">Sent after the day on which it was due.</param>
[GenerateSerializer, Immutable, Alias("rems-submission-answer")]
public sealed record RemsSubmissionAnswer([property: Id(0)] int FormVersion, [property: Id(1)] int Missing, [property: Id(2)] bool Late);
