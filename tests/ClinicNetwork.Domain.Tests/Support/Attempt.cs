namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>A decision without its answer's type, so that tables and sequences can hold any of them.</summary>
/// <param name="UseCase">Name of the command's type.</param>
internal sealed record Attempt(string UseCase, IReadOnlyList<IEvent> Events, object? Answer, Refusal? Refusal)
{
    public bool Accepted => Refusal is null;

    public static Attempt Of<TAnswer>(string useCase, Decision<TAnswer> decision)
        where TAnswer : class => new(useCase, decision.Events, decision.Answer, decision.Refusal);
}
