using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Amendments;

/// <summary>Every kind of fact that knows its name: named, marked, kept, and its name given to no other.</summary>
public sealed class EveryKindTests(ITestOutputHelper output)
{
    /// <summary>Kinds whose facts are counted; <see cref="AmendmentTests"/> is about them.</summary>
    private static readonly FactKind[] Counted =
    [
        FactKind.Answer, FactKind.Session, FactKind.Dose, FactKind.Vitals, FactKind.SideEffect, FactKind.MissedVisit, FactKind.TreatmentEnd, FactKind.Consultation,
    ];

    /// <summary>The n-th fact of a kind, and its name.</summary>
    private static readonly Dictionary<FactKind, (Func<Chart, int, object> Record, Func<int, string> Name)> Kinds = new()
    {
        [FactKind.Death] = ((c, n) => c.Death(40), _ => "death"),
        [FactKind.Contact] = ((c, n) => new RecordContact(ContactWay.Phone, ContactResult.NoAnswer, $"{n}", c.At(20 + (8 * n))), n => $"contacts/{n}"),
        [FactKind.Loss] = ((c, n) => new DeclareLost($"{n}", c.At(700)), n => $"losses/{n}"),
        [FactKind.Pregnancy] = ((c, n) => new RecordPregnancy(PregnancyFinding.Breastfeeding, $"{n}", c.At(20)), n => $"pregnancies/{n}"),
        [FactKind.DoseRequest] = (
            (c, n) => new RecordRequestForDose(new($"r-{n}"), DoseRequestKind.Higher, DoseRequester.Patient, DoseRequestDecision.Refused, "no", c.At(20), "home-1", Roles.Clinician), n => $"dose-requests/r-{n}"),
        [FactKind.SafetyCheck] = ((c, n) => new RecordSafetyCheck(Detailed.Check(SafetyCheckKind.LiverPanel, $"l-{n}", c.At(20))), n => $"safety-checks/l-{n}"),
        [FactKind.SupportSession] = ((c, n) => new RecordSupportSession(new($"t-{n}"), SupportKind.SupportGroup, "", c.At(20)), n => $"support-sessions/t-{n}"),
        [FactKind.SeriousEvent] = ((c, n) => new RecordSeriousEvent(new("s-1"), [SeriousCriterion.Hospitalisation], $"{n}", c.At(1)), n => $"serious-events/{n}"),
        [FactKind.RemsEnrolment] = ((c, n) => RemsGiven.Form(c), n => $"rems-enrolments/{n}"),
        [FactKind.RemsDetails] = ((c, n) => RemsGiven.Details(c) with { Session = new("s-1") }, n => $"rems-details/{n}"),
        [FactKind.RemsSubmission] = ((c, n) => new RecordRemsSubmission(new("s-1"), $"{n}", c.At(3), "home-1"), n => $"rems-submissions/{n}"),
        [FactKind.FollowUpMiss] = ((c, n) => new RecordMissedVisit(default, MissingReason.Declined, c.At(400), Missed(c).Name), n => $"follow-up-misses/{n}"),
        [FactKind.DiaryEffect] = ((c, n) => new RecordDiaryEffect(SideEffectKind.Headache, SideEffectSeverity.Mild, $"{n}", c.At(20), AtHome: false), n => $"diary-effects/{n}"),
        [FactKind.JournalEntry] = ((c, n) => new WriteJournalEntry(null, $"{n}", null, null, [], Private: true, c.At(20)), n => $"journal-entries/{n}"),
        [FactKind.VisitExplanation] = ((c, n) => new ExplainVisit(Missed(c).Rule.Key, Missed(c).Occurrence, VisitReason.Away, "", c.At(400), AtHome: false), n => $"visit-explanations/{n}"),
    };

    /// <summary>Contacts enough to be declared lost are there before.</summary>
    public static TheoryData<FactKind> All => [.. Kinds.Keys];

    [Fact]
    public void No_kind_is_left_out_and_each_is_read_as_it_is_written()
    {
        Assert.Equal(Enum.GetValues<FactKind>(), Counted.Concat(Kinds.Keys).Order());
        Assert.All(Kinds, k =>
        {
            Assert.True(FactName.TryParse(k.Value.Name(7), out var fact));
            Assert.Equal((k.Key, k.Value.Name(7)), (fact.Kind, $"{fact}"));
        });
        Assert.All((string[])["death/1", "deaths/1", "contacts/0", "contacts/x", "safety-checks/", "safety-checks/L", "safetyChecks/l-1", "rems-details/01"], text => Assert.False(FactName.TryParse(text, out _)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_fact_is_marked_once_kept_whole_and_its_name_is_no_others(FactKind kind)
    {
        var (record, name) = Kinds[kind];
        var chart = Treated();
        var first = kind == FactKind.Contact ? 4 : 1;
        Record(chart, kind, first);
        var last = kind is FactKind.Death or FactKind.Loss ? first : first + 1;
        if (last > first)
            Record(chart, kind, last);
        var (marked, whole) = (Name(name(last)), RecordedFacts.Find(chart.State, Name(name(last))));
        Assert.NotNull(whole);
        Assert.Equal("FACT_UNKNOWN", kind == FactKind.Death ? "FACT_UNKNOWN" : chart.Try(Mark(Name(name(9)))).Refusal?.Reason);

        chart.Do(Mark(marked));

        Assert.False(Retraction.Stands(chart.State, marked));
        Assert.DoesNotContain(whole, RecordedFacts.Standing(chart.State, kind));
        Assert.Equal(last > first, Retraction.Stands(chart.State, Name(name(first))));
        Assert.True(chart.State.Retracted.Single() is { Number: 1, Reason: "Of another patient", Actor: "home-1" } kept && kept.Fact == marked && ReferenceEquals(kept.Recorded, whole));
        Assert.Equal("FACT_RETRACTED", chart.Try(Mark(marked)).Refusal?.Reason);
        if (kind is FactKind.DoseRequest or FactKind.SafetyCheck or FactKind.SupportSession)
            Assert.EndsWith("_EXISTS", chart.Try(record(chart, last)).Refusal?.Reason, StringComparison.Ordinal);

        Record(chart, kind, last + 1);
        Assert.True(Retraction.Stands(chart.State, Name(name(last + 1))));
        Assert.Equal(kind == FactKind.Death, Retraction.Stands(chart.State, marked));
    }

    [Fact]
    public void No_name_is_given_twice_whatever_is_recorded_and_marked() =>
        Gen.Select(Gen.Int[0, Kinds.Count - 1], Gen.Int[0, 2], Gen.Int[1, 4]).Array[1, 30].Sample(
            moves =>
            {
                var (chart, ever) = (Treated(), new HashSet<FactName>());
                ever.UnionWith(Standing(chart.State));
                foreach (var (kind, act, n) in moves.Select(m => (Kinds.Keys.ElementAt(m.Item1), m.Item2, m.Item3)))
                {
                    var before = Standing(chart.State).ToHashSet();
                    var standing = RecordedFacts.Standing(chart.State, kind).Select(f => f.Fact).ToArray();
                    object command = act > 0 ? Kinds[kind].Record(chart, n) : Mark(standing.Length == 0 ? new(kind, "", 9) : standing[n % standing.Length]);
                    var attempt = chart.Try(command);
                    if (!attempt.Accepted)
                        continue;
                    chart.Do(command);
                    var now = Standing(chart.State).ToHashSet();
                    Assert.Equal(act > 0 ? 1 : 0, now.Except(before).Count());
                    Assert.Equal(act > 0 ? 0 : 1, before.Except(now).Count());
                    Assert.All(now.Except(before), f => Assert.True(f.Kind == FactKind.Death || ever.Add(f), $"{f} was another's."));
                }
            },
            iter: 300,
            writeLine: output.WriteLine);

    [Fact]
    public void A_number_is_past_those_of_courses_before_and_what_they_explain_stays_theirs()
    {
        var chart = Treated();
        chart.Do(Kinds[FactKind.FollowUpMiss].Record(chart, 1)).Do(Kinds[FactKind.VisitExplanation].Record(chart, 1)).Do(Kinds[FactKind.VisitExplanation].Record(chart, 2));
        chart.Do(Mark(Name("visit-explanations/1")));
        var before = chart.State;
        chart.Do(Kinds[FactKind.VisitExplanation].Record(chart, 3));
        var second = PatientState.Evolve(before, new CourseBegan(2, chart.At(500)));
        Assert.Equal([1], RecordedFacts.Standing(second, FactKind.FollowUpMiss).Select(f => f.Fact.Number));
        Assert.Equal([2], second.InCourse(1).ExplanationsOfCourse().Select(e => e.Number));
        Assert.Empty(second.ExplanationsOfCourse());
        var told = new VisitExplained(chart.State.Voice.Explanations[^1]);
        Assert.Equal([3], PatientState.Evolve(second, told).ExplanationsOfCourse().Select(e => e.Number));
        Assert.Equal([2], PatientState.Evolve(second, told).InCourse(1).ExplanationsOfCourse().Select(e => e.Number));
        Assert.Empty(PatientState.Evolve(second, new FactEnteredInError(Name("follow-up-misses/1"), "", "", chart.At(500), null)).InCourse(1).FollowUpMisses);
    }

    [Fact]
    public void What_was_told_of_a_session_goes_with_it()
    {
        var chart = Treated();
        foreach (var kind in (FactKind[])[FactKind.SeriousEvent, FactKind.RemsDetails, FactKind.RemsSubmission])
            Record(chart, kind, 1);
        chart.Do(new RecordSeriousEvent(new("s-2"), [SeriousCriterion.Disability], "another session's", chart.At(4)));
        chart.Do(Mark(Name("sessions/s-1")));
        Assert.True(chart.State is { RemsDetails: [], RemsSubmissions: [], SeriousEvents: [{ Number: 2 }] });
        Assert.Equal(["sessions/s-1", "serious-events/1", "rems-details/1", "rems-submissions/1"], chart.State.Retracted.Select(r => $"{r.Fact}"));
        Assert.Equal([1, 2, 3, 4], chart.State.Retracted.Select(r => r.Number));
        Assert.All(chart.State.Retracted.Skip(1), r => Assert.Equal("sessions/s-1", $"{r.With}"));
        Assert.Equal("FACT_RETRACTED", chart.Try(Mark(Name("rems-submissions/1"))).Refusal?.Reason);
    }

    [Fact]
    public void Who_is_not_whose_fact_it_is_marks_nothing()
    {
        var chart = Treated();
        chart.Do(Kinds[FactKind.JournalEntry].Record(chart, 1)).Do(Kinds[FactKind.DiaryEffect].Record(chart, 1)).Do(((RecordDiaryEffect)Kinds[FactKind.DiaryEffect].Record(chart, 2)) with { AtHome = true });
        chart.Do(Kinds[FactKind.Loss].Record(chart, 1)).Do(chart.Death(720));
        (string Fact, Roles Of)[] facts =
        [
            ("journal-entries/1", Roles.Patient), ("diary-effects/2", Roles.Patient), ("diary-effects/1", Roles.Clinician | Roles.Nurse), ("contacts/1", Roles.Clinician | Roles.Nurse),
            ("losses/1", Roles.Clinician), ("death", Roles.Clinician),
        ];
        foreach (var (fact, of) in facts)
        {
            foreach (var role in (Roles[])[Roles.Clinician, Roles.Nurse, Roles.Patient])
                Assert.Equal(of.HasFlag(role) ? null : "FACT_NOT_YOURS", chart.Try(new MarkEnteredInError(Name(fact), "Of another patient", "one", role)).Refusal?.Reason);
        }

        chart.Do(Mark(Name("diary-effects/2")));
        Assert.Equal("FACT_NOT_YOURS", chart.Try(Mark(Name("diary-effects/2")) with { ActorRoles = Roles.Nurse }).Refusal?.Reason);
    }

    [Fact]
    public void A_side_effect_of_the_diary_is_over_by_its_number_and_a_private_entry_stays_private()
    {
        var chart = Treated();
        for (var n = 1; n <= 3; n++)
            Record(chart, FactKind.DiaryEffect, n);
        chart.Do(Mark(Name("diary-effects/2")));
        chart.Do(new ResolveDiaryEffect(3, chart.At(21)));
        Assert.Equal("3", chart.State.Voice.Diary.Single(e => e.ResolvedAt is not null).Note);
        Assert.Equal("DIARY_EFFECT_UNKNOWN", chart.Try(new ResolveDiaryEffect(2, chart.At(21))).Refusal?.Reason);
        Record(chart, FactKind.JournalEntry, 1);
        chart.Do(Mark(Name("journal-entries/1")));
        Assert.Equal("1", Assert.IsType<JournalEntry>(chart.State.Retracted[^1].Recorded).Text);
        Assert.Equal("", Assert.IsType<JournalEntry>(chart.State.Retracted[^1].WithoutPrivate().Recorded).Text);
    }

    [Fact]
    public void What_can_be_amended_is_and_the_others_are_recorded_anew()
    {
        var chart = Treated();
        foreach (var kind in Kinds.Keys.Where(k => k is not (FactKind.Death or FactKind.Loss)))
            Record(chart, kind, kind == FactKind.Contact ? 4 : 1);
        Amended(chart, "contacts/4", "contacts/5", new(Contact: new(ContactWay.Letter, ContactResult.NoAnswer, "right", chart.At(52))));
        Amended(chart, "pregnancies/1", "pregnancies/2", new(Pregnancy: new(PregnancyFinding.Reported, "right", chart.At(20))));
        Amended(chart, "safety-checks/l-1", "safety-checks/l-2", new(SafetyCheck: new(Detailed.Check(SafetyCheckKind.LiverPanel, "l-2", chart.At(21)))));
        Amended(chart, "dose-requests/r-1", "dose-requests/r-2", new(DoseRequest: (RecordRequestForDose)Kinds[FactKind.DoseRequest].Record(chart, 2)));
        Assert.Equal("home-2", chart.State.DoseRequests.Single().DecidedBy);
        Assert.Equal("replacement.safety_check_id", chart.Try(Amend("safety-checks/l-2", new(SafetyCheck: new(Detailed.Check(SafetyCheckKind.LiverPanel, "l-1", chart.At(21)))))).Refusal?.Field);
        Assert.Equal("REPLACEMENT_MISMATCH", chart.Try(Amend("contacts/5", new(Pregnancy: new(PregnancyFinding.Ended, "", chart.At(52))))).Refusal?.Reason);
        foreach (var kind in (FactKind[])[FactKind.SupportSession, FactKind.SeriousEvent, FactKind.RemsEnrolment, FactKind.RemsDetails, FactKind.RemsSubmission, FactKind.FollowUpMiss, FactKind.VisitExplanation])
            Assert.Equal("FACT_NOT_AMENDABLE", chart.Try(Amend(Kinds[kind].Name(1), new(Contact: new(ContactWay.Phone, ContactResult.Reached, "", chart.At(52))))).Refusal?.Reason);
        chart.Do(chart.Death(600));
        Amended(chart, "death", "death", new(Death: chart.Death(610)));
        Assert.Equal(chart.At(610), chart.State.Death!.OccurredAt);
        Assert.Equal(chart.At(600), Retraction.AsFirstRecorded(chart.State).Death!.OccurredAt);
    }

    /// <summary>Four doses, and attempts on three days to reach the patient.</summary>
    private static Chart Treated()
    {
        var chart = Chart.Planned(esketamine: true).Answer(-1, 20).Doses(0, 3, 7, 10);
        for (var n = 1; n <= 3; n++)
            chart.Do(Kinds[FactKind.Contact].Record(chart, n));
        return chart;
    }

    private static void Record(Chart chart, FactKind kind, int n) => chart.Do(Kinds[kind].Record(chart, n));

    private static void Amended(Chart chart, string wrong, string right, FactReplacement replacement)
    {
        var command = Amend(wrong, replacement);
        Assert.Equal(right, $"{Assert.IsType<AmendmentAnswer>(chart.Try(command).Answer).ReplacedBy}");
        chart.Do(command);
        Assert.True(Retraction.Stands(chart.State, Name(right)) && (wrong == right || !Retraction.Stands(chart.State, Name(wrong))));
    }

    private static IEnumerable<FactName> Standing(PatientState state) => Kinds.Keys.SelectMany(kind => RecordedFacts.Standing(state, kind)).Select(f => f.Fact);

    /// <summary>The first visit of the calendar that did not happen, and nobody said why.</summary>
    private static FollowUpVisit Missed(Chart chart) => FollowUpCalendar.Of(chart.State, chart.At(730)).First(v => v is { Milestone: null, IsSession: false, Explained: null, Rule.Scale: not null }
        && v.State is FollowUpState.Due or FollowUpState.Overdue or FollowUpState.Missed && chart.State.FollowUpMisses.All(m => m.Visit != v.Name));

    /// <summary>By whoever may.</summary>
    private static MarkEnteredInError Mark(FactName fact) => new(fact, "Of another patient", "home-1", Roles.Clinician | Roles.Nurse | Roles.Patient);

    private static AmendFact Amend(string fact, FactReplacement right) => new(Name(fact), "Copied wrongly", right, "home-2", Roles.Clinician);

    private static FactName Name(string text) => FactName.TryParse(text, out var fact) ? fact : throw new ArgumentException(text);
}
