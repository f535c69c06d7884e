using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A fact that is kept under its own name, and taken out by it.</summary>
public interface IRecordedFact
{
    FactName Fact { get; }
}

/// <summary>Facts that know their name: a number is remembered with them, never counted.</summary>
public static class RecordedFacts
{
    /// <summary>Those of a kind that stand, of whatever course; empty for kinds whose facts do not know their name.</summary>
    public static IEnumerable<IRecordedFact> Standing(PatientState state, FactKind kind) => kind switch
    {
        FactKind.Death => state.Death is { } death ? [death] : [],
        FactKind.Contact => state.Contacts,
        FactKind.Loss => state.Losses,
        FactKind.Pregnancy => state.Pregnancies,
        FactKind.DoseRequest => state.DoseRequests,
        FactKind.SafetyCheck => state.SafetyChecks,
        FactKind.SupportSession => state.SupportSessions,
        FactKind.SeriousEvent => state.SeriousEvents,
        FactKind.RemsEnrolment => state.RemsEnrolments,
        FactKind.RemsDetails => state.RemsDetails,
        FactKind.RemsSubmission => state.RemsSubmissions,
        FactKind.FollowUpMiss => state.EarlierCourses.SelectMany(c => c.FollowUpMisses).Concat(state.FollowUpMisses),
        FactKind.DiaryEffect => state.Voice.Diary,
        FactKind.JournalEntry => state.Voice.Journal,
        FactKind.VisitExplanation => state.Voice.Explanations,
        _ => [],
    };

    public static IRecordedFact? Find(PatientState state, FactName fact) => Standing(state, fact.Kind).FirstOrDefault(f => f.Fact == fact);

    /// <summary>Those that are of a session.</summary>
    internal static IEnumerable<IRecordedFact> OfSession(PatientState state, SessionId session) =>
    [
        .. state.SeriousEvents.Where(e => e.Session == session),
        .. state.RemsDetails.Where(d => d.Session == session),
        .. state.RemsSubmissions.Where(s => s.Session == session),
    ];

    /// <summary>Whether a fact of this name stands, or was taken out: a name is one fact's for good.</summary>
    public static bool WasRecorded(PatientState state, FactName fact) => Find(state, fact) is not null || state.IsRetracted(fact);

    /// <summary>The number that the next fact of the kind will have, past those that were taken out.</summary>
    internal static int NextNumber(PatientState state, FactKind kind) => 1 + Math.Max(
        Standing(state, kind).Select(f => f.Fact.Number).DefaultIfEmpty().Max(), state.Retracted.Where(r => r.Fact.Kind == kind).Select(r => r.Fact.Number).DefaultIfEmpty().Max());

    internal static PatientState Without(PatientState state, FactName fact) => fact.Kind switch
    {
        FactKind.Death => state with { Death = null },
        FactKind.Contact => state with { Contacts = Without(state.Contacts, fact) },
        FactKind.Loss => state with { Losses = Without(state.Losses, fact) },
        FactKind.Pregnancy => state with { Pregnancies = Without(state.Pregnancies, fact) },
        FactKind.DoseRequest => state with { DoseRequests = Without(state.DoseRequests, fact) },
        FactKind.SafetyCheck => state with { SafetyChecks = Without(state.SafetyChecks, fact) },
        FactKind.SupportSession => state with { SupportSessions = Without(state.SupportSessions, fact) },
        FactKind.SeriousEvent => state with { SeriousEvents = Without(state.SeriousEvents, fact) },
        FactKind.RemsEnrolment => state with { RemsEnrolments = Without(state.RemsEnrolments, fact) },
        FactKind.RemsDetails => state with { RemsDetails = Without(state.RemsDetails, fact) },
        FactKind.RemsSubmission => state with { RemsSubmissions = Without(state.RemsSubmissions, fact) },
        FactKind.FollowUpMiss => state with
        {
            FollowUpMisses = Without(state.FollowUpMisses, fact),
            EarlierCourses = [.. state.EarlierCourses.Select(c => c with { FollowUpMisses = Without(c.FollowUpMisses, fact) })],
        },
        FactKind.DiaryEffect => state with { Voice = state.Voice with { Diary = Without(state.Voice.Diary, fact) } },
        FactKind.JournalEntry => state with { Voice = state.Voice with { Journal = Without(state.Voice.Journal, fact) } },
        FactKind.VisitExplanation => state with { Voice = state.Voice with { Explanations = Without(state.Voice.Explanations, fact) } },
        _ => throw new InvalidOperationException($"Nothing takes out a {fact.Kind}."),
    };

    /// <summary>With a fact again that judgements look at; the others are left out.</summary>
    internal static PatientState With(PatientState state, IRecordedFact fact) => fact switch
    {
        Death death => state with { Death = death },
        Contact contact => state with { Contacts = state.Contacts.Add(contact) },
        Loss loss => state with { Losses = [.. state.Losses.Add(loss).OrderBy(l => l.Number)] },
        VisitExplanation told => state with { Voice = state.Voice with { Explanations = [.. state.Voice.Explanations.Add(told).OrderBy(e => e.Number)] } },
        _ => state,
    };

    private static ImmutableArray<T> Without<T>(ImmutableArray<T> facts, FactName fact)
        where T : IRecordedFact =>
        facts.RemoveAll(f => f.Fact == fact);
}
