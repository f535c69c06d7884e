using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A scale was answered: a fact. A PHQ-9 makes the same event as <see cref="RecordAssessment"/> does. Refused: ITEM_UNKNOWN, ITEM_REPEATED, ITEM_OUT_OF_RANGE, ITEM_CONTRADICTS,
/// ITEMS_INCOMPLETE, ASSESSMENT_EXISTS, SCALE_NOT_SELF_RATED, ENTRIES_TOO_MANY, OCCURRED_BEFORE_BIRTH, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Items">In any order; what was not answered is left out.</param>
[GenerateSerializer, Immutable, Alias("record-scale")]
public sealed record RecordScale(
    [property: Id(0)] AssessmentId Assessment,
    [property: Id(1)] ScaleKind Scale,
    [property: Id(2)] ImmutableArray<ItemAnswer> Items,
    [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>The patient answers alone; found on the connection.</summary>
    [Id(75)] public bool AtHome { get; init; }

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordScale);

    public static Decision<ScaleAnswer> Decide(PatientState state, RecordScale command, DateTimeOffset now)
    {
        var scale = ScaleCatalogue.Get(command.Scale);
        if ((ScaleScore.Check(scale, command.Items) ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.DayOf(command.OccurredAt) < state.BirthDate)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "Give a time in the patient's life.");
        }

        if (state.HasAnswer(command.Assessment))
        {
            return Refusal.Exists("ASSESSMENT_EXISTS", "assessment_id", "Choose a new assessment id.");
        }

        if (command.AtHome && HomeAnswers.Check(state, scale, now) is { } unfit)
        {
            return unfit;
        }

        var score = ScaleScore.Of(scale, command.Items);
        IEnumerable<IEvent> answered = scale.Kind == ScaleKind.Phq9 ? Phq9Events(command) : [new ScaleRecorded(new AnsweredScale(
            command.Assessment, scale.Kind, scale.Version, command.OccurredAt, command.Items, score.Total, score.Band, score.Triage, score.Prorated))];
        return Decision<ScaleAnswer>.Accept(
            new ScaleAnswer(score.Total, score.Band, score.Triage, score.Prorated, RecallOverlap.IsLater(state, scale, command.OccurredAt), score.FollowUps)
            {
                OutsideWindow = command.AtHome && !HomeAnswers.IsInWindow(state, scale.Kind, command.OccurredAt, now),
            },
            command.AtHome ? [.. answered, new AnsweredAtHome(new HomeAnswer(command.Assessment, now))] : [.. answered]);
    }

    private static IEnumerable<IEvent> Phq9Events(RecordScale command)
    {
        var values = command.Items.ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal);
        ImmutableArray<int> items = [.. Phq9.Scale.Items.Take(Phq9.ItemCount).Select(i => values[i.Key])];
        var total = Phq9.Total(items);
        yield return new AssessmentRecorded(command.Assessment, items, total, Phq9.Severity(total), command.OccurredAt);
        if (values.TryGetValue(Phq9.Difficulty, out var difficulty))
        {
            yield return new DifficultyRecorded(command.Assessment, difficulty);
        }
    }
}

/// <param name="Total">Null when the scale has none.</param>
/// <param name="Band">Empty when the scale has none.</param>
/// <param name="Triage">Null when the scale is no screen.</param>
/// <param name="Prorated">Missing items were filled in by the scale's rule.</param>
/// <param name="OverlapsEarlier">An earlier answer of the scale that was recorded before speaks of some of the same days.</param>
[GenerateSerializer, Immutable, Alias("scale-answer")]
public sealed record ScaleAnswer(
    [property: Id(0)] int? Total,
    [property: Id(1)] string Band,
    [property: Id(2)] RiskTriage? Triage,
    [property: Id(3)] bool Prorated,
    [property: Id(4)] bool OverlapsEarlier,
    [property: Id(5)] ImmutableArray<ScaleFollowUp> FollowUps)
{
    /// <summary>By the patient at home, when no visit of the calendar asked for it.</summary>
    [Id(75)] public bool OutsideWindow { get; init; }
}
