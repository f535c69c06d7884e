using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Alias("contact-way")]
public enum ContactWay
{
    Phone = 1,

    /// <summary>Text message or electronic mail.</summary>
    Message = 2,
    Letter = 3,

    /// <summary>Somebody went there, or the patient came.</summary>
    Visit = 4,

    /// <summary>Somebody whom the patient had named.</summary>
    ThirdPerson = 5,
}

[GenerateSerializer, Alias("contact-result")]
public enum ContactResult
{
    Reached = 1,
    NoAnswer = 2,

    /// <summary>The number or address does not lead to the patient any more.</summary>
    WrongAddress = 3,
}

/// <summary>An attempt to reach the patient.</summary>
/// <param name="Number">1..n of this patient, in order of recording.</param>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("contact")]
public sealed record Contact(
    [property: Id(0)] int Number,
    [property: Id(1)] ContactWay Way,
    [property: Id(2)] ContactResult Result,
    [property: Id(3)] string Note,
    [property: Id(4)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.Contact, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Contact);
}

/// <inheritdoc cref="Contact"/>
[GenerateSerializer, Immutable, Alias("contact-recorded")]
public sealed record ContactRecorded([property: Id(0)] Contact Contact) : IEvent;

/// <summary>A person declared the patient lost to follow-up. It lasts until the patient is reached.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="RuleVersion">Of <see cref="LossRule"/>, by which it was declared.</param>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("loss")]
public sealed record Loss(
    [property: Id(0)] int Number, [property: Id(1)] int RuleVersion, [property: Id(2)] string Note, [property: Id(3)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.Loss, "", Number);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Loss);
}

/// <inheritdoc cref="Loss"/>
[GenerateSerializer, Immutable, Alias("loss-declared")]
public sealed record LossDeclared([property: Id(0)] Loss Loss) : IEvent;

/// <summary>When somebody may be declared lost to follow-up: versioned data.</summary>
/// <param name="AttemptsMin">Attempts that failed since the patient was last reached.</param>
/// <param name="ApartDaysMin">Clinical days from each that counts to the next.</param>
public sealed record LossRule(int Version, int AttemptsMin, int ApartDaysMin, string Source)
{
    public static readonly ImmutableArray<LossRule> All = [new(1, AttemptsMin: 3, ApartDaysMin: 7, "[K], our rule: no published one was found.")];

    public static LossRule Newest => All[^1];
}

/// <summary>Who is lost to follow-up, read from the state: a fact that is taken back takes its consequence with it.</summary>
public static class LossToFollowUp
{
    /// <summary>The loss that holds at a time; null when there is none.</summary>
    public static Loss? LossAt(this PatientState state, DateTimeOffset at) =>
        state.Losses.LastOrDefault(l => l.OccurredAt <= at && !state.Contacts.Any(c => c.Result == ContactResult.Reached && c.OccurredAt >= l.OccurredAt && c.OccurredAt <= at));

    /// <summary>The loss that no contact has ended.</summary>
    public static Loss? PresentLoss(this PatientState state) => state.LossAt(DateTimeOffset.MaxValue);

    /// <summary>Attempts up to a time that count under a rule: failed, since the patient was last reached, far enough apart.</summary>
    public static int FailedAttempts(PatientState state, DateTimeOffset at, LossRule rule)
    {
        var reached = state.Contacts.Where(c => c.Result == ContactResult.Reached && c.OccurredAt <= at).Max(c => (DateTimeOffset?)c.OccurredAt);
        var (count, last) = (0, (DateOnly?)null);
        foreach (var day in state.Contacts
            .Where(c => c.Result != ContactResult.Reached && c.OccurredAt <= at && !(c.OccurredAt <= reached))
            .Select(c => state.DayOf(c.OccurredAt))
            .Order())
        {
            if (last is null || day >= last.Value.AddDays(rule.ApartDaysMin))
            {
                (count, last) = (count + 1, day);
            }
        }

        return count;
    }
}
