using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of marking facts as entered in error and of amending them; what a corrected fact is refused for is its own kind's, at the replacement's field.</summary>
internal static class AmendmentRefusals
{
    private static readonly FactName Answer = FactName.Of(new AssessmentId("a-1"));
    private static readonly FactName Dose = new(FactKind.Dose, "s-1", 0);
    private static readonly FactName End = new(FactKind.TreatmentEnd, "", 0);

    public static IEnumerable<RefusalCase> All() => [.. Marks(), .. Amends()];

    private static IEnumerable<RefusalCase> Marks()
    {
        var chart = Treated();
        var mark = new MarkEnteredInError(Answer, "Of another patient", "home-1", Roles.Clinician);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "nothing said", chart, mark with { Reason = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, mark with { Reason = new('x', 501) });
        foreach (var fact in Unknown)
            yield return RefusalCase.Precondition("FACT_UNKNOWN", "fact", $"{fact}", chart, mark with { Fact = fact });
        yield return RefusalCase.Precondition("FACT_RETRACTED", "fact", "twice", Treated().Do(mark), mark);
        yield return RefusalCase.Precondition("FACT_RETRACTED", "fact", "the dose of a session that went", Treated().Do(mark with { Fact = FactName.Of(new SessionId("s-1")) }), mark with { Fact = Dose });
        yield return RefusalCase.Precondition("FACT_RESTED_ON", "fact", "a discharge follows", Discharged(), mark with { Fact = Dose });
        yield return RefusalCase.Precondition("FACT_RESTED_ON", "fact", "the only dose under a closed milestone", Closed(), mark with { Fact = Dose });
        yield return RefusalCase.Precondition("FACT_RESTED_ON", "fact", "the only session under a closed milestone", Closed(), mark with { Fact = FactName.Of(new SessionId("s-1")) });
        yield return RefusalCase.Denied("FACT_NOT_YOURS", "fact", "a nurse and the end of treatment", Treated().End(20), mark with { Fact = End, ActorRoles = Roles.Nurse });
        yield return RefusalCase.Denied("FACT_NOT_YOURS", "fact", "a nurse and a consultation", chart, mark with { Fact = new(FactKind.Consultation, "", 0), ActorRoles = Roles.Nurse });
    }

    private static IEnumerable<RefusalCase> Amends()
    {
        var chart = Treated();
        var right = new FactReplacement(Scale: Phq9("a-9", chart.At(-1)));
        var amend = new AmendFact(Answer, "Copied wrongly", right, "home-1", Roles.Clinician);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "nothing said", chart, amend with { Reason = "" });
        foreach (var fact in Unknown)
            yield return RefusalCase.Precondition("FACT_UNKNOWN", "fact", $"{fact}", chart, amend with { Fact = fact });
        yield return RefusalCase.Precondition("FACT_RETRACTED", "fact", "twice", Treated().Do(amend), amend with { Replacement = new(Scale: Phq9("a-10", chart.At(-1))) });
        yield return RefusalCase.Denied(
            "FACT_NOT_YOURS", "fact", "a nurse and the end of treatment", Treated().End(20), amend with { Fact = End, Replacement = new(End: new("Moved", chart.At(21))), ActorRoles = Roles.Nurse });
        yield return RefusalCase.Invalid("FACT_NOT_AMENDABLE", "fact", "a whole session", chart, amend with { Fact = FactName.Of(new SessionId("s-1")) });
        yield return RefusalCase.Invalid("FACT_NOT_AMENDABLE", "fact", "a consultation", chart, amend with { Fact = new(FactKind.Consultation, "", 0) });
        yield return RefusalCase.Invalid("REPLACEMENT_MISMATCH", "replacement", "of another kind", chart, amend with { Fact = Dose });
        yield return RefusalCase.Invalid("REPLACEMENT_MISMATCH", "replacement", "nothing", chart, amend with { Replacement = new() });
        yield return RefusalCase.Invalid("REPLACEMENT_MISMATCH", "replacement", "of another session", chart, amend with { Fact = Dose, Replacement = new(Dose: new(new("s-2"), 40, 40, chart.At(0))) });
    }

    private static IEnumerable<FactName> Unknown =>
    [
        FactName.Of(new AssessmentId("a-7")), FactName.Of(new SessionId("s-7")), new(FactKind.Dose, "s-7", 0), new(FactKind.Vitals, "s-1", 1),
        new(FactKind.SideEffect, "", 1), new(FactKind.SideEffect, "", 0), new(FactKind.MissedVisit, "", int.MaxValue), End,
    ];

    private static RecordScale Phq9(string id, DateTimeOffset at) =>
        new(new(id), ScaleKind.Phq9, [.. Domain.Scales.Phq9.Scale.Items.Take(9).Select(i => new ItemAnswer(i.Key, 1))], at);

    private static Chart Treated() => Chart.Planned().Answer(-1, 20).Dose(0);

    private static Chart Closed()
    {
        var chart = Treated();
        chart.Close();
        return chart;
    }

    private static Chart Discharged()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.KetamineIv2);
        return chart.Do(LaterSession.Leave(chart));
    }
}
