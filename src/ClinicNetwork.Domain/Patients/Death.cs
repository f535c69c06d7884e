using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Cause of death, as far as it is known; no diagnosis.</summary>
[GenerateSerializer, Alias("death-cause")]
public enum DeathCause
{
    Natural = 1,
    Accident = 2,
    Suicide = 3,

    /// <summary>Poisoning or overdose whose intent is not known.</summary>
    Overdose = 4,
    Other = 5,
    Unknown = 6,
}

/// <summary>Who told of the death.</summary>
[GenerateSerializer, Alias("death-source")]
public enum DeathSource
{
    Family = 1,

    /// <summary>A hospital or another treating clinician.</summary>
    Clinician = 2,

    /// <summary>A certificate or a register.</summary>
    Register = 3,

    /// <summary>Police, coroner or another authority.</summary>
    Authority = 4,
    Other = 5,
}

/// <summary>The patient died. In alerts that it closed the fact is called <see cref="Name"/>.</summary>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("death")]
public sealed record Death(
    [property: Id(0)] DeathCause Cause, [property: Id(1)] DeathSource Source, [property: Id(2)] string Note, [property: Id(3)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.Death, "", 0);

    public const string Name = "death";

    /// <summary>Clinical days after a dose within which a death is noted as a serious adverse event: what the REMS monitoring form asks about is "within 7 days" ([K] for how it counts).</summary>
    public const int AdverseEventDaysMax = 7;

    /// <summary>The session of the last dose before the death, when that was at most <see cref="AdverseEventDaysMax"/> days before it; whatever the cause.</summary>
    public static SessionId? AdverseEventOf(PatientState state) =>
        state.Death is { } death
        && state.SessionsOfAllCourses().Where(s => s.DosedAt <= death.OccurredAt).MaxBy(s => s.DosedAt) is { DosedAt: { } dosed } session
        && state.DayOf(death.OccurredAt).DayNumber - state.DayOf(dosed).DayNumber <= AdverseEventDaysMax
            ? session.Id
            : null;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Death);

    internal static readonly Refusal Died = Refusal.Precondition("PATIENT_DIED", "patient", "A death is recorded; when it was entered in error, that is to be corrected first.");

    internal static Refusal? RefuseAfter(PatientState state, DateTimeOffset at) => state.Death is { } death && at > death.OccurredAt ? Died : null;
}

/// <inheritdoc cref="Death"/>
[GenerateSerializer, Immutable, Alias("death-recorded")]
public sealed record DeathRecorded([property: Id(0)] Death Death) : IEvent;
