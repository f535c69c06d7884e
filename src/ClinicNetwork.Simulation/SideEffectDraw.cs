namespace ClinicNetwork.Simulation;

/// <summary>Side effects of one session. Onset and length are [K]; all are over at discharge.</summary>
internal static class SideEffectDraw
{
    private const int PressureReadingMinutes = 40;

    private static readonly (VirtualSideEffect Kind, int OnsetFrom, int OnsetTo)[] Kinds =
    [
        (VirtualSideEffect.Dissociation, 8, 30), (VirtualSideEffect.Nausea, 20, 60), (VirtualSideEffect.Sedation, 15, 45),
        (VirtualSideEffect.Headache, 30, 75),
    ];

    internal static void Add(List<VirtualEvent> events, SideEffectRates rates, VirtualDrug drug, SessionGiven session, SeededGenerator random)
    {
        var taken = new HashSet<int>();
        if (PressureModel.Raised(session.Before, session.After) is { } raised)
            Note(VirtualSideEffect.RaisedBloodPressure, raised, PressureReadingMinutes, random.Between(20, 60));
        var fade = 1.0;
        for (var earlier = 1; earlier < session.Number; earlier++)
            fade *= rates.SessionFactor;
        foreach (var (kind, from, to) in Kinds)
        {
            if (random.Chance(rates.FirstSession(kind, drug) * fade))
                Note(kind, Severity(rates, random), random.Between(from, to), random.Between(15, 60));
        }

        void Note(VirtualSideEffect kind, VirtualSeverity severity, int onset, int length)
        {
            while (!taken.Add(onset))
                onset++;
            var resolved = Math.Min(onset + length, session.ObservedMinutes);
            events.Add(new SideEffectNoted(session.Day, session.Time.AddMinutes(onset), session.Number, kind, severity, onset, resolved));
        }
    }

    private static VirtualSeverity Severity(SideEffectRates rates, SeededGenerator random)
    {
        var drawn = random.Fraction();
        return drawn < rates.Severe ? VirtualSeverity.Severe
            : drawn < rates.Severe + rates.Moderate ? VirtualSeverity.Moderate
            : VirtualSeverity.Mild;
    }
}
