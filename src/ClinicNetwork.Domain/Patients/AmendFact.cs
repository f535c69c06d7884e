using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A fact was entered in error, and this is what it should have been: both in one command. The corrected fact is decided as any of its kind, on the record without the wrong one;
/// what it breaks of the plan or a discharge is told, not refused. Refused: TEXT_INVALID, FACT_UNKNOWN, FACT_RETRACTED, FACT_NOT_YOURS, FACT_NOT_AMENDABLE, REPLACEMENT_MISMATCH, and as the
/// corrected fact's kind is.
/// </summary>
/// <param name="Reason">Why, 1 to 500 characters.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="ActorRoles">Roles of who acts, from the connection, as of <see cref="MarkEnteredInError"/>.</param>
[GenerateSerializer, Immutable, Alias("amend-fact")]
public sealed record AmendFact(
    [property: Id(0)] FactName Fact,
    [property: Id(1)] string Reason,
    [property: Id(2)] FactReplacement Replacement,
    [property: Id(3)] string Actor = "",
    [property: Id(4)] Roles ActorRoles = Roles.None)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AmendFact);

    public static Decision<AmendmentAnswer> Decide(PatientState state, AmendFact command, DateTimeOffset now)
    {
        if ((MarkEnteredInError.Check(state, command.Fact, command.Reason, command.ActorRoles) ?? CheckKind(command)) is { } refusal)
        {
            return refusal;
        }

        var retracted = new FactEnteredInError(command.Fact, command.Reason, command.Actor, now, NameOf(state, command));
        var (events, refused) = Corrected(PatientState.Evolve(state, retracted), command, now);
        return refused is not null ? refused with { Field = "replacement." + refused.Field } : MarkEnteredInError.Follow(state, [retracted, .. events], now);
    }

    private static Refusal? CheckKind(AmendFact command) => !IsAmendable(command.Fact.Kind)
        ? Refusal.Invalid("FACT_NOT_AMENDABLE", "fact", "Mark it as entered in error and record it anew; of a session, name the dose or the readings.")
        : KindOf(command.Replacement) != command.Fact.Kind || (command.Fact.Session is { } session && SessionOf(command.Replacement) != session)
            ? Refusal.Invalid("REPLACEMENT_MISMATCH", "replacement", "Give one corrected fact of the same kind, and of the same session.")
            : null;

    private static bool IsAmendable(FactKind kind) => kind is FactKind.Answer or FactKind.Dose or FactKind.Vitals or FactKind.SideEffect or FactKind.MissedVisit or FactKind.TreatmentEnd
        or FactKind.Death or FactKind.Contact or FactKind.Pregnancy or FactKind.DoseRequest or FactKind.SafetyCheck;

    private static FactKind? KindOf(FactReplacement given) => given switch
    {
        { Scale: not null } => FactKind.Answer,
        { Dose: not null } => FactKind.Dose,
        { Vitals: not null } => FactKind.Vitals,
        { SideEffect: not null } => FactKind.SideEffect,
        { MissedVisit: not null } => FactKind.MissedVisit,
        { End: not null } => FactKind.TreatmentEnd,
        { Death: not null } => FactKind.Death,
        { Contact: not null } => FactKind.Contact,
        { Pregnancy: not null } => FactKind.Pregnancy,
        { DoseRequest: not null } => FactKind.DoseRequest,
        { SafetyCheck: not null } => FactKind.SafetyCheck,
        _ => null,
    };

    private static SessionId? SessionOf(FactReplacement given) => given.Dose?.Session ?? given.Vitals?.Session;

    private static FactName NameOf(PatientState state, AmendFact command) => command switch
    {
        { Replacement.Scale: { } scale } => FactName.Of(scale.Assessment),
        { Fact.Kind: FactKind.Vitals or FactKind.SideEffect or FactKind.MissedVisit } => FactNumbers.Next(state, command.Fact.Kind, command.Fact.Id),
        { Fact.Kind: FactKind.Contact or FactKind.Pregnancy } => new(command.Fact.Kind, "", RecordedFacts.NextNumber(state, command.Fact.Kind)),
        { Replacement.DoseRequest: { } request } => new(FactKind.DoseRequest, request.Request.Value, 0),
        { Replacement.SafetyCheck: { } check } => new(FactKind.SafetyCheck, check.Check.Id.Value, 0),
        _ => command.Fact,
    };

    private static (IReadOnlyList<IEvent> Events, Refusal? Refusal) Corrected(PatientState state, AmendFact command, DateTimeOffset now) => command.Replacement switch
    {
        { Scale: { } scale } => Of(RecordScale.Decide(state, scale, now)),
        { Dose: { } dose } => Of(RecordDose.Decide(state, dose, now)),
        { Vitals: { } vitals } => Of(RecordVitals.Decide(state, vitals, now)),
        { SideEffect: { } effect } => Of(RecordSideEffect.Decide(state, effect, now)),
        { MissedVisit: { } missed } => Of(RecordMissedVisit.Decide(state, missed, now)),
        { End: { } end } => Of(EndTreatment.Decide(state, end, now)),
        { Death: { } death } => Of(RecordDeath.Decide(state, death, now)),
        { Contact: { } contact } => Of(RecordContact.Decide(state, contact, now)),
        { Pregnancy: { } found } => Of(RecordPregnancy.Decide(state, found, now)),
        { DoseRequest: { } request } => Of(RecordRequestForDose.Decide(state, request with { Actor = command.Actor, ActorRoles = command.ActorRoles }, now)),
        { SafetyCheck: { } check } => Of(RecordSafetyCheck.Decide(state, check, now)),
        _ => throw new InvalidOperationException("A replacement without a fact."),
    };

    private static (IReadOnlyList<IEvent> Events, Refusal? Refusal) Of<TAnswer>(Decision<TAnswer> decision)
        where TAnswer : class =>
        (decision.Events, decision.Refusal);
}

/// <summary>The corrected fact; exactly one is given.</summary>
/// <param name="Scale">Of any scale, the PHQ-9 among them, under an id of its own.</param>
/// <param name="DoseRequest">Under an id of its own; decided by who amends.</param>
/// <param name="SafetyCheck">Under an id of its own.</param>
[GenerateSerializer, Immutable, Alias("fact-replacement")]
public sealed record FactReplacement(
    [property: Id(0)] RecordScale? Scale = null,
    [property: Id(1)] RecordDose? Dose = null,
    [property: Id(2)] RecordVitals? Vitals = null,
    [property: Id(3)] RecordSideEffect? SideEffect = null,
    [property: Id(4)] RecordMissedVisit? MissedVisit = null,
    [property: Id(5)] EndTreatment? End = null,
    [property: Id(6)] RecordDeath? Death = null,
    [property: Id(7)] RecordContact? Contact = null,
    [property: Id(8)] RecordPregnancy? Pregnancy = null,
    [property: Id(9)] RecordRequestForDose? DoseRequest = null,
    [property: Id(10)] RecordSafetyCheck? SafetyCheck = null)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(FactReplacement);
}
