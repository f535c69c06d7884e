namespace ClinicNetwork.Domain.Patients;

/// <summary>Takes a fact out of what stands and keeps it; all that is derived follows, since it is read from what stands.</summary>
public static class Retraction
{
    internal static PatientState Apply(PatientState state, FactEnteredInError e)
    {
        var kept = new RetractedFact(state.Retracted.Length + 1, e.Fact, e.Reason, e.Actor, e.At) { ReplacedBy = e.ReplacedBy };
        return e.Fact.Kind switch
        {
            FactKind.Answer => WithoutAnswer(state, kept),
            FactKind.Session => WithoutSession(state, kept),
            FactKind.Dose => WithoutDose(state, kept),
            FactKind.Vitals => WithoutVitals(state, kept),
            FactKind.SideEffect => Keep(
                state with { SideEffects = state.SideEffects.RemoveAt(IndexOf(state, e.Fact)) }, kept with { SideEffect = state.SideEffects[IndexOf(state, e.Fact)] }),
            FactKind.MissedVisit => Keep(
                state with { MissedVisits = state.MissedVisits.RemoveAt(IndexOf(state, e.Fact)) }, kept with { MissedVisit = state.MissedVisits[IndexOf(state, e.Fact)] }),
            FactKind.TreatmentEnd => Keep(state with { EndedAt = null, EndReason = "" }, kept with { EndedAt = state.EndedAt, EndReason = state.EndReason }),
            FactKind.Consultation => Keep(state with { Consultation = null, Consultations = state.Consultations.RemoveAt(state.Consultations.Length - 1) }, kept with { Consultation = state.Consultations[^1] }),
            _ => Keep(RecordedFacts.Without(state, e.Fact), kept with { Recorded = RecordedFacts.Find(state, e.Fact) }),
        };
    }

    /// <summary>Whether a fact is recorded and was not taken out.</summary>
    public static bool Stands(PatientState state, FactName fact) => fact.Kind switch
    {
        FactKind.Answer => state.Assessments.Any(a => a.Id.Value == fact.Id) || state.AnsweredScales.Any(a => a.Id.Value == fact.Id),
        FactKind.Session => state.FindSession(new(fact.Id)) is not null,
        FactKind.Dose => state.FindSession(new(fact.Id))?.DoseMg is not null,
        FactKind.TreatmentEnd => state.EndedAt is not null,
        FactKind.Consultation => state.Consultation is not null,
        FactKind.Vitals or FactKind.SideEffect or FactKind.MissedVisit => FactNumbers.IndexOf(state, fact) >= 0,
        _ => RecordedFacts.Find(state, fact) is not null,
    };

    /// <summary>By which refusal the discharge of a session would fail, were it decided again on what stands now; null when it would not, or there was none.</summary>
    public static string? BrokenDischarge(PatientState state, Session session)
    {
        if (session is not { CompletedAt: { } completed, After: { } after } || state.MonitoringOf(session.Id).Discharge is not { } checklist)
        {
            return null;
        }

        var course = state.InCourseOf(session.Id);
        var open = course with { Sessions = course.Sessions.Replace(session, session with { CompletedAt = null, After = null }) };
        return session.DoseMg is null ? "DOSE_MISSING" : CompleteSession.Decide(open, new(session.Id, after, completed, checklist), completed).Refusal?.Reason;
    }

    /// <summary>What was derived before anything was taken out or put in its place: the record as it was first entered, as far as outcomes look at it.</summary>
    public static PatientState AsFirstRecorded(PatientState state) => state.Retracted.Reverse().Aggregate(state, PutBack);

    private static PatientState PutBack(PatientState state, RetractedFact kept)
    {
        var without = kept.ReplacedBy is { } replacement ? Without(state, replacement) : state;
        return kept.Fact.Kind switch
        {
            FactKind.Answer when kept.Assessment is { } assessment => without with { Assessments = without.Assessments.Add(assessment) },
            FactKind.Answer => without with { AnsweredScales = without.AnsweredScales.Add(kept.Scale!) },
            FactKind.Session => without.WithSessionOf(kept.Session!),
            FactKind.Dose when without.FindSession(new(kept.Fact.Id)) is { } session => without.WithSession(session.Id, _ => Dosed(session, kept.Session!)),
            FactKind.MissedVisit => without with { MissedVisits = without.MissedVisits.Add(kept.MissedVisit!) },
            FactKind.TreatmentEnd => without with { EndedAt = kept.EndedAt },
            _ => kept.Recorded is { } recorded ? RecordedFacts.With(without, recorded) : without,
        };
    }

    private static PatientState Without(PatientState state, FactName fact) => fact.Kind switch
    {
        FactKind.Answer => state with
        {
            Assessments = state.Assessments.RemoveAll(a => a.Id.Value == fact.Id),
            AnsweredScales = state.AnsweredScales.RemoveAll(a => a.Id.Value == fact.Id),
        },
        FactKind.MissedVisit when FactNumbers.IndexOf(state, fact) is >= 0 and var at => state with { MissedVisits = state.MissedVisits.RemoveAt(at) },
        FactKind.Contact => RecordedFacts.Without(state, fact),
        _ => state,
    };

    private static PatientState WithoutAnswer(PatientState state, RetractedFact kept)
    {
        var assessment = state.Assessments.FirstOrDefault(a => a.Id.Value == kept.Fact.Id);
        var scale = state.AnsweredScales.FirstOrDefault(a => a.Id.Value == kept.Fact.Id);
        return Keep(Without(state, kept.Fact), kept with { Assessment = assessment, Scale = scale });
    }

    private static PatientState WithoutDose(PatientState state, RetractedFact kept)
    {
        var session = SessionOf(state, kept.Fact);
        var without = session with { DoseMg = null, DosedAt = null, OutsidePlan = false, DurationMinutes = null };
        return Keep(state.WithSession(session.Id, _ => without), kept with { Session = session });
    }

    private static PatientState WithoutVitals(PatientState state, RetractedFact kept)
    {
        var (monitoring, at) = (state.MonitoringOf(new(kept.Fact.Id)), IndexOf(state, kept.Fact));
        return Keep(
            state with { Monitoring = state.Monitoring.Replace(monitoring, monitoring with { Vitals = monitoring.Vitals.RemoveAt(at) }) },
            kept with { Vitals = monitoring.Vitals[at] });
    }

    /// <summary>With it go its side effects, its serious events and what was told the drug's programme of it, each under its own number.</summary>
    private static PatientState WithoutSession(PatientState state, RetractedFact kept)
    {
        var session = SessionOf(state, kept.Fact);
        var effects = state.SideEffects.Index().Where(e => e.Item.Session == session.Id)
            .Select((e, i) => new RetractedFact(kept.Number + 1 + i, FactNumbers.At(state, FactKind.SideEffect, "", e.Index), kept.Reason, kept.Actor, kept.At)
            {
                With = kept.Fact,
                SideEffect = e.Item,
            })
            .ToArray();
        var others = RecordedFacts.OfSession(state, session.Id)
            .Select((f, i) => new RetractedFact(kept.Number + 1 + effects.Length + i, f.Fact, kept.Reason, kept.Actor, kept.At) { With = kept.Fact, Recorded = f })
            .ToArray();
        return others.Aggregate(state, (without, other) => RecordedFacts.Without(without, other.Fact)).WithoutSession(session.Id) with
        {
            Monitoring = state.Monitoring.RemoveAll(m => m.Session == session.Id),
            SideEffects = state.SideEffects.RemoveAll(e => e.Session == session.Id),
            Retracted = [.. state.Retracted, kept with { Session = session, Monitoring = state.MonitoringOf(session.Id) }, .. effects, .. others],
        };
    }

    private static PatientState Keep(PatientState without, RetractedFact kept) => without with { Retracted = without.Retracted.Add(kept) };

    private static Session Dosed(Session session, Session dosed) =>
        session with { DoseMg = dosed.DoseMg, DosedAt = dosed.DosedAt, OutsidePlan = dosed.OutsidePlan, DurationMinutes = dosed.DurationMinutes };

    private static Session SessionOf(PatientState state, FactName fact) =>
        state.FindSession(new(fact.Id)) ?? throw new InvalidOperationException("An event takes out a session that was never started.");

    private static int IndexOf(PatientState state, FactName fact) => FactNumbers.IndexOf(state, fact) is >= 0 and var index
        ? index
        : throw new InvalidOperationException("An event takes out a fact that was never recorded.");
}
