using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Care;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Tests.Care;

/// <summary>What was entered in error is shown as it was, of every kind; a private entry of the journal not even then.</summary>
public sealed class RetractedFactTests
{
    private static readonly DateTimeOffset At = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    private static readonly JournalEntry Entry = new(7, new(2025, 2, 3), "slept badly", 3, 4.5, ["sleep"], Private: true, At, At);

    private static readonly IRecordedFact[] Facts =
    [
        new Death(DeathCause.Natural, DeathSource.Family, "note", At), new Contact(7, ContactWay.Phone, ContactResult.Reached, "note", At), new Loss(7, 1, "note", At),
        new Pregnancy(7, PregnancyFinding.Reported, "note", At), new DoseRequest(new("r-1"), DoseRequestKind.Extra, DoseRequester.Carer, DoseRequestDecision.Refused, "no", "home-1", At),
        new SafetyCheck(new("m-1"), SafetyCheckKind.MisuseScreen, At, null, null, new(ScreenOutcome.Positive, "DAST-10", []), "note"), new SupportSession(new("t-1"), SupportKind.SupportGroup, At, null),
        new SeriousEvent(7, new("s-1"), [SeriousCriterion.Disability], "fell", At), new RemsEnrolment(7, RemsEnrolmentKind.Form, new("north"), "Dr Chen", RemsIndication.AcuteSuicidality, "E-1", At),
        new RemsDetails(7, new("s-1"), "K4711", [RemsMedication.Maois], 95, "R. Alvarez", At), new RemsSubmission(7, new("s-1"), "T-1", At, "home-1"),
        new FollowUpMiss(7, "phq9-two-weekly/1/3", MissingReason.Declined, At), new DiaryEffect(7, SideEffectKind.Headache, SideEffectSeverity.Mild, "note", At, AtHome: true, At), Entry,
        new VisitExplanation(7, "phq9-two-weekly/1", 3, null, VisitReason.Away, "note", At, AtHome: true, At),
    ];

    [Fact]
    public void Every_kind_is_shown_as_its_own_message_whole()
    {
        Assert.Equal(typeof(IRecordedFact).Assembly.GetTypes().Where(t => t is { IsInterface: false } && typeof(IRecordedFact).IsAssignableFrom(t)).ToHashSet(), [.. Facts.Select(f => f.GetType())]);
        foreach (var fact in Facts)
        {
            var kept = Shown(fact);
            Assert.Equal($"patients/p-1/{fact.Fact}", kept.Fact);
            Assert.Equal(fact.GetType().Name, $"{kept.OriginalCase}");
            var original = Wire.RetractedFact.Descriptor.Oneofs.Single(o => o.Name == "original").Accessor.GetCaseFieldDescriptor(kept)!.Accessor.GetValue(kept);
            var fields = ((Google.Protobuf.IMessage)original).Descriptor.Fields.InDeclarationOrder().ToDictionary(f => f.Name, f => f.Accessor.GetValue((Google.Protobuf.IMessage)original));
            Assert.Equal(fact.Fact.Number, fields.TryGetValue("number", out var number) ? number : 0);
        }

        Assert.Equal(("K4711", 95, "patients/p-1/sessions/s-1"), (Shown(Facts[9]).RemsDetails.LotNumber, Shown(Facts[9]).RemsDetails.ReadyMinutes, Shown(Facts[9]).RemsDetails.Session));
        Assert.Equal(("phq9-two-weekly/1/3", Wire.MissingReason.Declined), (Shown(Facts[11]).FollowUpMiss.Visit, Shown(Facts[11]).FollowUpMiss.Reason));
    }

    [Fact]
    public void A_private_entry_is_shown_to_the_patient_and_to_nobody_else()
    {
        Assert.Equal("slept badly", Shown(Entry).JournalEntry.Text);
        var withheld = Assert.Single(AmendmentMessages.RetractedOf(State(Kept(Entry).WithoutPrivate())));
        Assert.Equal(Wire.RetractedFact.OriginalOneofCase.None, withheld.OriginalCase);
        Assert.DoesNotContain("slept", withheld.ToString(), StringComparison.Ordinal);
    }

    private static Wire.RetractedFact Shown(IRecordedFact fact) => Assert.Single(AmendmentMessages.RetractedOf(State(Kept(fact))));

    private static RetractedFact Kept(IRecordedFact fact) => new(1, fact.Fact, "of another patient", "home-1", At) { Recorded = fact };

    private static PatientState State(RetractedFact kept) => PatientState.Empty with { Id = new PatientId("p-1"), TimeZone = "Europe/Berlin", Retracted = [kept] };
}
