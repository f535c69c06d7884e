using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Readings that the protocol wants and that are not all there.</summary>
/// <param name="From">A reading counts from here, included.</param>
/// <param name="To">To here, included.</param>
/// <param name="Missing">The signs that were not read.</param>
public readonly record struct DueReadings(int Minute, DateTimeOffset From, DateTimeOffset To, VitalSigns Missing);

/// <summary>Where an open session stands, and what its protocol asks for before the patient may leave.</summary>
/// <param name="Readings">In order of time; empty before the dose.</param>
/// <param name="ObservedUntil">The patient stays until then at least; null before the dose.</param>
/// <param name="Checklist">To be confirmed when leaving; empty before the dose.</param>
/// <param name="Unresolved">Numbers, 1..n of the patient, of side effects that must be over before.</param>
public sealed record SessionProgress(
    SessionId Session,
    SessionStage Stage,
    ImmutableArray<DueReadings> Readings,
    DateTimeOffset? ObservedUntil,
    ImmutableArray<ChecklistItem> Checklist,
    ImmutableArray<int> Unresolved)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(SessionProgress);

    /// <summary>Null when there is no such session, or it is over.</summary>
    public static SessionProgress? Of(PatientState state, SessionId id)
    {
        if (state.FindSession(id) is not { CompletedAt: null } session)
        {
            return null;
        }

        var rules = state.Plan!.MadeFrom.Rules;
        var stage = SessionCourse.StageOf(state, session);
        if (session.DosedAt is not { } dosed)
        {
            return new(id, stage, [], null, [], []);
        }

        return new(
            id,
            stage,
            [.. SessionCourse.Missing(state, session).Select(m => new DueReadings(m.Time.Minute, dosed.AddMinutes(m.Time.FromMinute), dosed.AddMinutes(m.Time.ToMinute), m.Signs))],
            dosed.AddMinutes(state.Plan.MadeFrom.ObservationMinutesMin),
            rules.AsksForDischarge ? rules.Checklist : [],
            [.. state.SideEffects.Index().Where(e => e.Item.Session == id && e.Item.OverAt is null && DischargeRules.MustBeOver(rules, e.Item)).Select(e => e.Index + 1)]);
    }
}
