using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>Random retractions and amendments of what a patient has.</summary>
internal static class Amendments
{
    public static MarkEnteredInError Mark(PatientState state, Move move) =>
        new(Pick(state, move), move.Fault == 3 ? "" : "Of another patient", "person-1", move.Pick % 9 == 0 ? Roles.Nurse : Roles.Clinician);

    public static AmendFact Amend(PatientState state, Move move, DateTimeOffset at)
    {
        var fact = Pick(state, move);
        return new(fact, move.Fault == 3 ? "" : "Copied wrongly", Replacement(state, fact, move, at), "person-1", move.Pick % 9 == 0 ? Roles.Nurse : Roles.Clinician);
    }

    /// <summary>0 before the first.</summary>
    public static int LastSideEffect(PatientState state) => state.SideEffects.IsEmpty ? 0 : FactNumbers.At(state, FactKind.SideEffect, "", state.SideEffects.Length - 1).Number;

    /// <summary>All that stands, in order of kinds.</summary>
    public static IReadOnlyList<FactName> Standing(PatientState state) =>
    [
        .. state.Assessments.Select(a => FactName.Of(a.Id)),
        .. state.AnsweredScales.Select(a => FactName.Of(a.Id)),
        .. state.Sessions.Select(s => FactName.Of(s.Id)),
        .. state.Sessions.Where(s => s.DoseMg is not null).Select(s => new FactName(FactKind.Dose, s.Id.Value, 0)),
        .. state.Monitoring.SelectMany(m => m.Vitals.Select((_, i) => FactNumbers.At(state, FactKind.Vitals, m.Session.Value, i))),
        .. state.SideEffects.Select((_, i) => FactNumbers.At(state, FactKind.SideEffect, "", i)),
        .. state.MissedVisits.Select((_, i) => FactNumbers.At(state, FactKind.MissedVisit, "", i)),
        .. state.EndedAt is null ? [] : (FactName[])[new FactName(FactKind.TreatmentEnd, "", 0)],
        .. state.Consultation is null ? [] : (FactName[])[new FactName(FactKind.Consultation, "", 0)],
    ];

    /// <summary>Rarely the consultation or a whole session: without them little goes on.</summary>
    private static FactName Pick(PatientState state, Move move)
    {
        var standing = Standing(state).Where(f => f.Kind is not (FactKind.Session or FactKind.Consultation) || move.Pick % 5 == 0).ToArray();
        return move.Fault == 1 || standing.Length == 0 ? new(FactKind.SideEffect, "", 999)
            : move.Fault == 2 && !state.Retracted.IsEmpty ? state.Retracted[move.Pick % state.Retracted.Length].Fact
            : standing[move.Pick / 5 % standing.Length];
    }

    private static FactReplacement Replacement(PatientState state, FactName fact, Move move, DateTimeOffset at) => (move.Fault == 4 ? FactKind.TreatmentEnd : fact.Kind) switch
    {
        FactKind.Answer => new(Scale: Scale(state, fact, move, at)),
        FactKind.Dose => new(Dose: new(fact.Session!.Value, move.Fault == 5 ? 0 : 20 + move.Pick % 40, 40, state.FindSession(fact.Session.Value)?.DosedAt ?? at)),
        FactKind.Vitals => new(Vitals: new(fact.Session!.Value, new(at, move.Pick % 3 == 0 ? new(181, 100) : Given.Calm))),
        FactKind.SideEffect => new(SideEffect: new(new(state.Sessions.IsEmpty ? new("s-unknown") : state.Sessions[^1].Id, SideEffectKind.Headache, SideEffectSeverity.Mild, at, 10, ""))),
        FactKind.MissedVisit => new(MissedVisit: new((Milestone)(1 + move.Pick % 6), MissingReason.Declined, at)),
        _ => new(End: new("Moved away", at)),
    };

    private static RecordScale Scale(PatientState state, FactName fact, Move move, DateTimeOffset at)
    {
        var (id, scale) = (new AssessmentId($"c-{state.Retracted.Length}"), state.AnsweredScales.FirstOrDefault(a => a.Id.Value == fact.Id)?.Scale ?? ScaleKind.Phq9);
        var answered = state.Assessments.FirstOrDefault(a => a.Id.Value == fact.Id)?.OccurredAt ?? state.AnsweredScales.FirstOrDefault(a => a.Id.Value == fact.Id)?.OccurredAt ?? at;
        return new(id, scale, ScaleAnswers.Random(ScaleCatalogue.Get(scale), new Random(move.Pick)), move.Pick % 4 == 0 ? at : answered);
    }
}
