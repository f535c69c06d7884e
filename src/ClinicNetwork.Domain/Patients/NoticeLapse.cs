namespace ClinicNetwork.Domain.Patients;

/// <summary>A time has come by which something should have happened: whether it did is looked at, with the alerts that follow. Sent by the due loop. Refused: LAPSE_NOT_DUE.</summary>
[GenerateSerializer, Immutable, Alias("notice-lapse")]
public sealed record NoticeLapse
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(NoticeLapse);

    public static Decision<Accepted> Decide(PatientState state, NoticeLapse command, DateTimeOffset now)
    {
        _ = command;
        return DueAt(state) is { } due && due <= now
            ? Decision<Accepted>.Accept(Accepted.Instance, new LapseNoticed(now))
            : Refusal.Precondition("LAPSE_NOT_DUE", "patient", "There is nothing whose time is over.");
    }

    /// <summary>The next time that was not looked at yet, whatever it will come to; null when there is none. Moved by doses, the plan, the end of treatment, a loss and requests for doses alone.</summary>
    public static DateTimeOffset? DueAt(PatientState state)
    {
        DateTimeOffset? next = null;
        foreach (var lapse in (IEnumerable<DateTimeOffset>)[.. AbruptStop.LapsesAt(state) is { } stop ? [stop] : (DateTimeOffset[])[], .. MisusePattern.LapsesAt(state)])
        {
            if (!(lapse <= state.NoticedUntil) && !(lapse >= next))
            {
                next = lapse;
            }
        }

        return next;
    }
}
