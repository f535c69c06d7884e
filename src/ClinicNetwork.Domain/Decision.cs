namespace ClinicNetwork.Domain;

/// <summary>What a pure use case decided: events and an answer, or a refusal; never both, never neither.</summary>
public readonly record struct Decision<TAnswer>
    where TAnswer : class
{
    private Decision(IReadOnlyList<IEvent> events, TAnswer? answer, Refusal? refusal) =>
        (Events, Answer, Refusal) = (events, answer, refusal);

    /// <summary>One or more events when accepted, else none.</summary>
    public IReadOnlyList<IEvent> Events { get; }

    /// <summary>Set when accepted.</summary>
    public TAnswer? Answer { get; }

    /// <summary>Set when refused.</summary>
    public Refusal? Refusal { get; }

    public static Decision<TAnswer> Accept(TAnswer answer, params IReadOnlyList<IEvent> events) =>
        events.Count == 0 ? throw new ArgumentException("An accepted command makes at least one event.", nameof(events)) : new(events, answer, null);

    /// <summary>The same, with its answer changed when it was accepted.</summary>
    public Decision<TAnswer> Map(Func<TAnswer, TAnswer> change) => Answer is { } answer ? new(Events, change(answer), null) : this;

    public static implicit operator Decision<TAnswer>(Refusal refusal) => new([], null, refusal);
}
