using System.Collections.Frozen;
using System.Globalization;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What kinds of facts can be named.</summary>
[GenerateSerializer, Alias("fact-kind")]
public enum FactKind
{
    /// <summary>An answered scale, the PHQ-9 among them: <c>assessments/{id}</c>.</summary>
    Answer = 1,

    /// <summary>A whole session, with its dose, readings and side effects: <c>sessions/{id}</c>.</summary>
    Session = 2,

    /// <summary><c>sessions/{id}/dose</c>; it names the one that stands.</summary>
    Dose = 3,

    /// <summary><c>sessions/{id}/vitals/{n}</c>; 1..n of the session, in order of recording.</summary>
    Vitals = 4,

    /// <summary><c>side-effects/{n}</c>; 1..n of the patient, in order of recording.</summary>
    SideEffect = 5,

    /// <summary><c>missed-visits/{n}</c>; 1..n of the patient, in order of recording.</summary>
    MissedVisit = 6,

    /// <summary><c>treatment-end</c>; it names the one that stands.</summary>
    TreatmentEnd = 7,

    /// <summary><c>consultation</c>; it names the one that stands.</summary>
    Consultation = 8,

    /// <summary><c>death</c>; it names the one that stands.</summary>
    Death = 9,

    /// <summary><c>contacts/{n}</c>, as all that have a number: 1..n of the patient, in order of recording.</summary>
    Contact = 10,

    /// <summary><c>losses/{n}</c>.</summary>
    Loss = 11,

    /// <summary><c>pregnancies/{n}</c>.</summary>
    Pregnancy = 12,

    /// <summary><c>dose-requests/{id}</c>.</summary>
    DoseRequest = 13,

    /// <summary><c>safety-checks/{id}</c>.</summary>
    SafetyCheck = 14,

    /// <summary><c>support-sessions/{id}</c>.</summary>
    SupportSession = 15,

    /// <summary><c>serious-events/{n}</c>.</summary>
    SeriousEvent = 16,

    /// <summary><c>rems-enrolments/{n}</c>; notices of a move among them.</summary>
    RemsEnrolment = 17,

    /// <summary><c>rems-details/{n}</c>.</summary>
    RemsDetails = 18,

    /// <summary><c>rems-submissions/{n}</c>.</summary>
    RemsSubmission = 19,

    /// <summary><c>follow-up-misses/{n}</c>: a visit of the calendar beside the milestones.</summary>
    FollowUpMiss = 20,

    /// <summary><c>diary-effects/{n}</c>: a side effect between sessions.</summary>
    DiaryEffect = 21,

    /// <summary><c>journal-entries/{n}</c>.</summary>
    JournalEntry = 22,

    /// <summary><c>visit-explanations/{n}</c>.</summary>
    VisitExplanation = 23,
}

/// <summary>The name of one fact of a patient, as causes of alerts are written. A number is one fact's for good, also after others were taken out.</summary>
/// <param name="Id">Of the answer, the session or whatever else has one; empty for others.</param>
/// <param name="Number">1..n; 0 where there is none.</param>
[GenerateSerializer, Immutable, Alias("fact-name")]
public readonly record struct FactName([property: Id(0)] FactKind Kind, [property: Id(1)] string Id, [property: Id(2)] int Number)
{
    private const int NumberLengthMax = 6;

    /// <summary>Those that are named by an id alone, or by a number of the patient's alone.</summary>
    private static readonly FrozenDictionary<string, (FactKind Kind, bool HasId)> Collections = new Dictionary<string, (FactKind, bool)>
    {
        ["assessments"] = (FactKind.Answer, true),
        ["sessions"] = (FactKind.Session, true),
        ["side-effects"] = (FactKind.SideEffect, false),
        ["missed-visits"] = (FactKind.MissedVisit, false),
        ["contacts"] = (FactKind.Contact, false),
        ["losses"] = (FactKind.Loss, false),
        ["pregnancies"] = (FactKind.Pregnancy, false),
        ["dose-requests"] = (FactKind.DoseRequest, true),
        ["safety-checks"] = (FactKind.SafetyCheck, true),
        ["support-sessions"] = (FactKind.SupportSession, true),
        ["serious-events"] = (FactKind.SeriousEvent, false),
        ["rems-enrolments"] = (FactKind.RemsEnrolment, false),
        ["rems-details"] = (FactKind.RemsDetails, false),
        ["rems-submissions"] = (FactKind.RemsSubmission, false),
        ["follow-up-misses"] = (FactKind.FollowUpMiss, false),
        ["diary-effects"] = (FactKind.DiaryEffect, false),
        ["journal-entries"] = (FactKind.JournalEntry, false),
        ["visit-explanations"] = (FactKind.VisitExplanation, false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<FactKind, string> CollectionNames = Collections.ToFrozenDictionary(c => c.Value.Kind, c => c.Key);

    public static FactName Of(AssessmentId answer) => new(FactKind.Answer, answer.Value, 0);

    public static FactName Of(SessionId session) => new(FactKind.Session, session.Value, 0);

    /// <summary>The session it is of, or is; null for others.</summary>
    public SessionId? Session => Kind is FactKind.Session or FactKind.Dose or FactKind.Vitals ? new SessionId(Id) : null;

    public override string ToString() => Kind switch
    {
        FactKind.Dose => $"sessions/{Id}/dose",
        FactKind.Vitals => $"sessions/{Id}/vitals/{Digits(Number)}",
        FactKind.TreatmentEnd => "treatment-end",
        FactKind.Consultation => "consultation",
        FactKind.Death => "death",
        _ => CollectionNames.TryGetValue(Kind, out var collection) ? $"{collection}/{(Collections[collection].HasId ? Id : Digits(Number))}" : "",
    };

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse(string text, out FactName fact)
    {
        var read = text.Split('/') switch
        {
            ["treatment-end"] => new FactName(FactKind.TreatmentEnd, "", 0),
            ["consultation"] => new FactName(FactKind.Consultation, "", 0),
            ["death"] => new FactName(FactKind.Death, "", 0),
            ["sessions", var id, "dose"] when Slug.IsValid(id) => new FactName(FactKind.Dose, id, 0),
            ["sessions", var id, "vitals", var n] when Slug.IsValid(id) && NumberOf(n) is { } number => new FactName(FactKind.Vitals, id, number),
            [var of, var id] when Collections.TryGetValue(of, out var named) && named.HasId && Slug.IsValid(id) => new FactName(named.Kind, id, 0),
            [var of, var n] when Collections.TryGetValue(of, out var numbered) && !numbered.HasId && NumberOf(n) is { } number => new FactName(numbered.Kind, "", number),
            _ => (FactName?)null,
        };
        fact = read ?? default;
        return read is not null;
    }

    private static int? NumberOf(string digits) =>
        digits.Length is > 0 and <= NumberLengthMax && digits[0] != '0' && digits.All(char.IsAsciiDigit) ? int.Parse(digits, CultureInfo.InvariantCulture) : null;

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
