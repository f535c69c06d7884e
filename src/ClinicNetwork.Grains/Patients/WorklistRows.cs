using ClinicNetwork.Domain;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>
/// The worklist's rows of the follow-up calendar, of sessions in progress and of a move that the drug's programme was not told: a function of the patient's state alone, of which each command writes the difference. Time moves no row:
/// it opens, is overdue and ends by the times that it holds, when the list is read.
/// </summary>
public static class WorklistRows
{
    /// <summary>What is in the lists, by its name there.</summary>
    public static IReadOnlyDictionary<string, Projection.FollowUpSet> Of(PatientState state, IReadOnlyCollection<string> sites) => Of(state, sites, static _ => true);

    private static Dictionary<string, Projection.FollowUpSet> Of(PatientState state, IReadOnlyCollection<string> sites, Func<FollowUpRule, bool> asked)
    {
        var rows = new Dictionary<string, Projection.FollowUpSet>(StringComparer.Ordinal);
        if (!state.Exists)
        {
            return rows;
        }

        foreach (var visit in FollowUpCalendar.OpenOf(state, asked))
        {
            var kind = DueKinds.OfVisit(visit.Name);
            rows.Add(kind, new(state.HomeClinic.Name, kind, visit.OpensAt, visit.DueBy) { EndsAt = visit.EndsAt });
        }

        foreach (var session in state.SessionsOfAllCourses().Where(s => s.CompletedAt is null && state.Death is null))
        {
            // Overdue from the next clinic day on: nobody stays over night.
            var (kind, ends) = (DueKinds.Of(session.Id), ClinicTime.StartOf(state.DayOf(session.StartedAt).AddDays(1), state.TimeZone));
            rows.Add(kind, new(ListOf(state, session, sites), kind, session.StartedAt, ends));
        }

        if (RemsRules.NoticeMissing(state) is { } known)
        {
            // The programme wants it beforehand: it is late from the first moment.
            var (kind, at) = (DueKinds.OfRemsNotice(known.Clinic), state.EarlierHomes[^1].Until);
            rows.Add(kind, new(state.HomeClinic.Name, kind, at, at));
        }

        return rows;
    }

    /// <summary>From one state to the next. An erasure takes the rows by itself.</summary>
    public static IEnumerable<Projection> Changes(
        (PatientState State, IReadOnlyCollection<string> Sites) before, (PatientState State, IReadOnlyCollection<string> Sites) after, IReadOnlyList<IEvent> events)
    {
        if (after.State.IsErased || !events.Any(Moves))
        {
            yield break;
        }

        var asked = MovedBy(events);
        var (was, now) = (Of(before.State, before.Sites, asked), Of(after.State, after.Sites, asked));
        foreach (var gone in was.Keys.Where(kind => !now.ContainsKey(kind)))
        {
            yield return new Projection.FollowUpDone(gone);
        }

        foreach (var (kind, row) in now)
        {
            if (was.GetValueOrDefault(kind) != row)
            {
                yield return row;
            }
        }
    }

    /// <summary>An answer moves the visits that ask for it; what is no answer may move any.</summary>
    private static Func<FollowUpRule, bool> MovedBy(IReadOnlyList<IEvent> events)
    {
        var moving = events.Where(Moves).ToArray();
        return moving.All(e => e is AssessmentRecorded or ScaleRecorded or SafetyCheckRecorded)
            ? rule => moving.Any(e => e switch
            {
                AssessmentRecorded => rule.Scale == ScaleKind.Phq9,
                ScaleRecorded s => rule.Scale == s.Answer.Scale,
                SafetyCheckRecorded c => rule.Check == c.Check.Kind,
                _ => false,
            })
            : static _ => true;
    }

    private static bool Moves(IEvent @event) =>
        FollowUpCalendar.Moves(@event) || @event is SessionStarted or SessionReported or SessionCompleted or LeftWithoutDischarge or SharingSet or EmergencyAccessGranted or EmergencyAccessEnded;

    /// <summary>Where it takes place, as long as that clinic may see the patient's sessions; else at home.</summary>
    private static string ListOf(PatientState state, Session session, IReadOnlyCollection<string> sites) =>
        sites.Contains(session.Clinic.Name) && PatientProjections.HeldBy(state, session.Clinic).HasFlag(PlanSections.Sessions) ? session.Clinic.Name : state.HomeClinic.Name;
}
