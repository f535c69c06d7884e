using System.Collections.Frozen;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>What each column says, for GetDataDictionary. Values come from the grid and the closed vocabularies that releases are made of.</summary>
internal static class ReleaseDictionary
{
    private const string Missing = "missing";
    private const string MissingOrCoarse = "missing, and in coarse bands";
    private const string Before06 = "released before 0.6";
    private const string Phq9Bands = "Kroenke 2001, J Gen Intern Med, 10.1046/j.1525-1497.2001.016009606.x";
    private const string SafeHarborAge = "45 CFR 164.514(b)(2)(i)(C): ages of 90 and over in one band";

    private static readonly FrozenDictionary<string, DataColumn> Columns = All().ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">A column that is not described: the dictionary is to be completed.</exception>
    public static DataColumn Of(string column) => Columns[column];

    private static IEnumerable<DataColumn> All() =>
    [
        new()
        {
            Name = "pseudonym", Pattern = "32 lower-case hex digits",
            Meaning = "One per person and recipient, the same in every batch until a re-key list replaces it. It means nothing at another recipient.",
        },
        new() { Name = "cell", Pattern = "c- and 16 lower-case hex digits", Meaning = "The group in which the person was released; a person is in one cell for ever." },
        new()
        {
            Name = "milestone", Values = { PublicOutcomes.Milestones },
            Meaning = "When the outcome was due, counted from the first dose (END_OF_INDUCTION: from the last induction dose) of the first course.",
        },
        Region("sex", "Sex as recorded at enrolment, or a wider group.", "", ""),
        Region("age", "Age at the first dose in bands, or a wider group.", "years", SafeHarborAge),
        Region("treatment", "Drug and route of the first course, or the drug alone.", "", ""),
        Region("baseline_severity", "Severity band of the PHQ-9 before the first dose, or a wider group.", "", Phq9Bands),
        Outcome("status", "Whether the outcome was measured in its window. Rates are of all rows of a milestone, missing ones stated.", "", ""),
        Outcome("missing_reason", "Why it was not; a death is LEFT_TREATMENT, lost to follow-up is UNREACHABLE.", "measured", ""),
        Judged("response", OutcomeCatalogue.Response, Missing),
        Judged("remission", OutcomeCatalogue.Remission, MissingOrCoarse),
        Judged("worsening", OutcomeCatalogue.AnyWorsening, MissingOrCoarse),
        Outcome("severity", "Band of the PHQ-9 at the milestone; BELOW_MODERATE and MODERATE_OR_WORSE in coarse bands.", Missing, Phq9Bands),
        Outcome("sessions", "Induction sessions with a dose.", "", "", "sessions"),
        Outcome("side_effects", "The worst grade of a side effect during induction.", "", ""),
        Outcome("courses", "Courses begun by the day on which the milestone closed.", Before06, "", "courses"),
        Outcome("treatment_at", "Drug and route of the plan in force on that day, or none.", Before06, ""),
        Outcome("sessions_since", "Sessions with a dose between the milestone before (for the first: the last induction dose) and that day.", Before06, "", "sessions"),
        Outcome("phq9", "Total of the PHQ-9 at the milestone.", $"{MissingOrCoarse}, {Before06}", Phq9Bands, "points, 0 to 27"),
    ];

    private static DataColumn Region(string name, string meaning, string unit, string source) => new()
    {
        Name = name, Meaning = meaning, Unit = unit, Source = source, QuasiIdentifier = true,
        Values = { PublicOutcomes.NodesOf(name) },
    };

    private static DataColumn Judged(string name, OutcomeDefinition definition, string emptyWhen) => Outcome(
        name, $"{definition.Scale}: {definition.RuleText} ({definition.Key}). Window: {definition.WindowText}.", emptyWhen, definition.Source);

    private static DataColumn Outcome(string name, string meaning, string emptyWhen, string source, string unit = "") => new()
    {
        Name = name, Meaning = meaning, EmptyWhen = emptyWhen, Source = source, Unit = unit,
        Values = { ReleasedOutcome.ValuesOf(name).Where(value => value.Length > 0) },
    };
}
