using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Events of a patient of the clinic in Berlin, and the rows that are written beside them.</summary>
internal static class PatientRows
{
    internal static readonly PatientEnrolled Enrolled =
        new(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7));

    internal static readonly PlanCreated Planned =
        new(new(ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 6, [new("sleep", null, null)], 1, 2, ""));

    internal static readonly string[] NorthChanged = ["FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=False)"];

    internal static FactEnteredInError Wrong(string answer) => new(new(FactKind.Answer, answer, 0), "of another patient", "north-1", Commands.OnDay(90), null);

    internal static bool IsOfRelease(string row) => row.StartsWith("Outcome", StringComparison.Ordinal) || row.StartsWith("Pool", StringComparison.Ordinal);

    internal static IEvent[] Treated =>
        [Enrolled, Planned, Assessed(-1, 24), .. ((int[])[0, 3, 7, 10]).SelectMany(day => (IEvent[])[Started(day), Dosed(day)])];

    internal static SharingSet Shared(params string[] sites) => new([.. sites.Select(s => new SiteGrant(new(s), SiteAccess.Read))], Commands.OnDay(0));

    internal static EmergencyAccessGranted Opened(string site) => new(1, new(site), "away-1", "found unconscious", Commands.OnDay(0), Commands.OnDay(0).AddHours(4));

    internal static ResearchConsentSet Consented(params RecipientClass[] recipients) => new([.. recipients], Commands.OnDay(0));

    internal static SessionStarted Started(int day) => new(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day));

    internal static DoseGiven Dosed(int day) => new(new("s" + day), 40, 40, false, Commands.OnDay(day, 5));

    internal static AssessmentRecorded Assessed(int day, int total) =>
        new(new("a" + day), Commands.Items(total), total, Phq9.Severity(total), Commands.OnDay(day));

    internal static MilestoneClosed Closed(Milestone milestone, int? score) => new(new(
        milestone,
        score is null ? MissingReason.NotAttended : null,
        24,
        score,
        score is <= 12,
        score is < 5,
        score is > 24,
        [.. OutcomeCatalogue.OfMilestones.Select(d => d.Key)]));

    internal static string[] Closing(string milestone, string at) => [$"DueDone(Kind=\"milestone:{milestone}\")", $"DueSet(Kind=\"milestone:{milestone}\", At={at})"];

    internal static string Window(string milestone, string opens, string closes) =>
        $"FollowUpSet(Clinic=\"clinics/north\", Milestone=\"{milestone}\", OpensAt={opens}, ClosesAt={closes}, EndsAt=null)";

    internal static string[] Projected(IReadOnlyList<IEvent> events, IReadOnlyList<IEvent> earlier)
    {
        var before = earlier.Aggregate(PatientState.Empty, PatientState.Evolve);
        return [.. PatientProjections.Of(before, events.Aggregate(before, PatientState.Evolve), events).Select(Structure.Describe)];
    }

    internal static void Expect(IReadOnlyList<IEvent> events, IReadOnlyList<string> expected, params IReadOnlyList<IEvent> earlier)
    {
        var before = earlier.Aggregate(PatientState.Empty, PatientState.Evolve);
        var after = events.Aggregate(before, PatientState.Evolve);
        Assert.Equal(expected, PatientProjections.Of(before, after, events).Where(p => !WorklistRowsTests.IsRow(p)).Select(Structure.Describe));
    }
}
