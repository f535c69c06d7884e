namespace ClinicNetwork.Domain.Patients;

/// <summary>Numbers of facts that have no id: those that stand are counted on past those that were taken out, so that a number is one fact's for good.</summary>
public static class FactNumbers
{
    /// <summary>The name of the fact at an index of those that stand.</summary>
    /// <param name="id">Of the session, for readings; else empty.</param>
    public static FactName At(PatientState state, FactKind kind, string id, int index)
    {
        var number = EarlierOf(state, kind) + index + 1;
        foreach (var gone in Gone(state, kind, id).Order())
        {
            number += gone <= number ? 1 : 0;
        }

        return new(kind, id, number);
    }

    /// <summary>The index of a fact among those that stand; -1 when there is no such fact, or it was taken out.</summary>
    public static int IndexOf(PatientState state, FactName fact)
    {
        var gone = Gone(state, fact.Kind, fact.Id).ToArray();
        var index = fact.Number - 1 - gone.Count(n => n < fact.Number) - EarlierOf(state, fact.Kind);
        return index >= 0 && index < CountOf(state, fact.Kind, fact.Id) && !gone.Contains(fact.Number) ? index : -1;
    }

    /// <summary>The name that the next fact of the kind will have.</summary>
    internal static FactName Next(PatientState state, FactKind kind, string id) => new(kind, id, EarlierOf(state, kind) + CountOf(state, kind, id) + Gone(state, kind, id).Count() + 1);

    private static IEnumerable<int> Gone(PatientState state, FactKind kind, string id) =>
        state.Retracted.Where(r => r.Fact.Kind == kind && r.Fact.Id == id).Select(r => r.Fact.Number);

    /// <summary>Those of earlier courses have the first numbers, and stand.</summary>
    private static int EarlierOf(PatientState state, FactKind kind) => kind == FactKind.MissedVisit ? state.EarlierCourses.Sum(c => c.MissedVisits.Length) : 0;

    private static int CountOf(PatientState state, FactKind kind, string id) => kind switch
    {
        FactKind.Vitals => state.MonitoringOf(new(id)).Vitals.Length,
        FactKind.SideEffect => state.SideEffects.Length,
        FactKind.MissedVisit => state.MissedVisits.Length,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
