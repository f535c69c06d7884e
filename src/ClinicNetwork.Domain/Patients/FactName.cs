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
}

/// <summary>The name of one fact of a patient, as causes of alerts are written. A number is one fact's for good, also after others were taken out.</summary>
/// <param name="Id">Of the answer or the session; empty for others.</param>
/// <param name="Number">1..n; 0 where there is none.</param>
[GenerateSerializer, Immutable, Alias("fact-name")]
public readonly record struct FactName([property: Id(0)] FactKind Kind, [property: Id(1)] string Id, [property: Id(2)] int Number)
{
    private const int NumberLengthMax = 6;

    public static FactName Of(AssessmentId answer) => new(FactKind.Answer, answer.Value, 0);

    public static FactName Of(SessionId session) => new(FactKind.Session, session.Value, 0);

    /// <summary>The session it is of, or is; null for others.</summary>
    public SessionId? Session => Kind is FactKind.Session or FactKind.Dose or FactKind.Vitals ? new SessionId(Id) : null;

    public override string ToString() => Kind switch
    {
        FactKind.Answer => $"assessments/{Id}",
        FactKind.Session => $"sessions/{Id}",
        FactKind.Dose => $"sessions/{Id}/dose",
        FactKind.Vitals => $"sessions/{Id}/vitals/{Digits(Number)}",
        FactKind.SideEffect => $"side-effects/{Digits(Number)}",
        FactKind.MissedVisit => $"missed-visits/{Digits(Number)}",
        FactKind.TreatmentEnd => "treatment-end",
        FactKind.Consultation => "consultation",
        _ => "",
    };

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse(string text, out FactName fact)
    {
        var read = text.Split('/') switch
        {
            ["treatment-end"] => new FactName(FactKind.TreatmentEnd, "", 0),
            ["consultation"] => new FactName(FactKind.Consultation, "", 0),
            ["assessments", var id] when Slug.IsValid(id) => new FactName(FactKind.Answer, id, 0),
            ["sessions", var id] when Slug.IsValid(id) => new FactName(FactKind.Session, id, 0),
            ["sessions", var id, "dose"] when Slug.IsValid(id) => new FactName(FactKind.Dose, id, 0),
            ["sessions", var id, "vitals", var n] when Slug.IsValid(id) && NumberOf(n) is { } number => new FactName(FactKind.Vitals, id, number),
            ["side-effects", var n] when NumberOf(n) is { } number => new FactName(FactKind.SideEffect, "", number),
            ["missed-visits", var n] when NumberOf(n) is { } number => new FactName(FactKind.MissedVisit, "", number),
            _ => (FactName?)null,
        };
        fact = read ?? default;
        return read is not null;
    }

    private static int? NumberOf(string digits) =>
        digits.Length is > 0 and <= NumberLengthMax && digits[0] != '0' && digits.All(char.IsAsciiDigit) ? int.Parse(digits, CultureInfo.InvariantCulture) : null;

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
