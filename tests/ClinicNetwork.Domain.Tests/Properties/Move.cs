using ClinicNetwork.Domain.Scales;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>One step of a random sequence, in few numbers so that a failure prints small.</summary>
/// <param name="UseCase">Index into <see cref="Support.UseCases.OfPatients"/>.</param>
/// <param name="Minutes">The clock moves on before the step.</param>
/// <param name="Fault">0 to 3: which thing to get wrong on purpose; 8 to 15: what a session needs next rather than what was drawn.</param>
/// <param name="Pick">Chooses among the values a well-formed command may have.</param>
internal sealed record Move(int UseCase, int Minutes, int Fault, int Pick)
{
    /// <summary>Mostly minutes and days, sometimes months, so that windows and milestones are passed.</summary>
    private static readonly Gen<int> GenMinutes = Gen.Frequency((4, Gen.Int[0, 300]), (4, Gen.Int[600, 4_000]), (1, Gen.Int[20_000, 100_000]));

    /// <summary>Sessions, doses and answers more often: they carry the course.</summary>
    private static readonly Gen<int> GenUseCase = Gen.Frequency(
        (Support.UseCases.OfPatients.Count, Gen.Int[0, Support.UseCases.OfPatients.Count - 1]),
        (11, Gen.Const(IndexOf("StartSession"))),
        (11, Gen.Const(IndexOf("RecordDose"))),
        (11, Gen.Const(IndexOf("CompleteSession"))),
        (8, Gen.Const(IndexOf("CloseMilestone"))),
        (6, Gen.Const(IndexOf("RecordAssessment"))));

    /// <summary>A patient with a plan, most of the time; else the sequence has to find its own way in.</summary>
    private static readonly Gen<Move[]> GenIntake = Gen.Frequency(
        (1, Gen.Const(Array.Empty<Move>())),
        (6, Gen.Int[0, 9_999].Select(pick => new[] { "EnrolPatient", "RecordConsultation", "CreatePlan", "SetResearchConsent" }
            .Select(name => new Move(IndexOf(name), 10, Fault: 15, name == "RecordConsultation" ? 5 : pick)).ToArray())));

    public static readonly Gen<Move[]> Sequence = Gen.Select(
        GenIntake,
        Gen.Select(GenUseCase, GenMinutes, Gen.Int[0, 15], Gen.Int[0, 9_999], (useCase, minutes, fault, pick) => new Move(useCase, minutes, fault, pick)).Array[20, 90],
        (intake, moves) => (Move[])[.. intake, .. moves]);

    /// <summary>The same, with retractions and amendments among them more often; at the end of some an answer that asks for a screen, the screen, and retractions that may meet it.</summary>
    public static readonly Gen<Move[]> Amending = Gen.Select(
        Sequence,
        Gen.Select(Gen.Frequency((1, Gen.Const(IndexOf("MarkEnteredInError"))), (1, Gen.Const(IndexOf("AmendFact")))), GenMinutes, Gen.Int[0, 15], Gen.Int[0, 9_999], (useCase, minutes, fault, pick) => new Move(useCase, minutes, fault, pick)).Array[5, 25],
        Gen.Int[0, 9_999].Array[0, 6],
        (moves, amending, picks) => (Move[])[
            .. moves.Chunk(4).Index().SelectMany(c => c.Item.Concat(amending.Skip(c.Index).Take(1))),
            new(IndexOf("RecordAssessment"), 60, 5, 27),
            new(IndexOf("RecordScale"), 5, 5, AtTheClinic(ScaleKind.CssrsScreener)),
            .. picks.Select(pick => new Move(IndexOf("MarkEnteredInError"), 1, 5, pick)),
        ]);

    /// <summary>Of a treated patient, within hours: who may dose while cut off, what ends it, and sessions beside it.</summary>
    public static readonly Gen<Move[]> Dosing = Gen.Select(
        Gen.Int[0, 4_999].Select(pick => new[] { "EnrolPatient", "RecordConsultation", "CreatePlan", "SetSharing" }.Select(name => new Move(IndexOf(name), 10, 15, name == "RecordConsultation" ? 5 : 2 + (4 * pick))).ToArray()),
        Gen.Select(
            GenOf("TakeDosing", "TakeDosing", "PassDosing", "PassDosing", "EndDosing", "StartSession", "StartSession", "ReportSession", "RecordDose", "CompleteSession", "SetSharing", "OfferTransfer", "AcceptTransfer", "EndTreatment", "MarkEnteredInError"),
            Gen.Frequency((3, Gen.Int[0, 240]), (1, Gen.Int[600, 4_400])), Gen.Int[0, 15], Gen.Int[0, 9_999], (useCase, minutes, fault, pick) => new Move(useCase, minutes, fault, pick)).Array[20, 60],
        (intake, moves) => (Move[])[.. intake, .. moves]);

    public string Name => Support.UseCases.OfPatients[UseCase];

    /// <summary>A pick by which that scale is answered, not at home.</summary>
    private static int AtTheClinic(ScaleKind scale) => Enumerable.Range(0, 1_000).First(pick => pick / 16 % 2 == 1 && ScaleCatalogue.All[pick % ScaleCatalogue.All.Count].Kind == scale);

    private static Gen<int> GenOf(params string[] names) => Gen.Int[0, names.Length - 1].Select(i => IndexOf(names[i]));

    private static int IndexOf(string name) => Support.UseCases.OfPatients.Index().Single(u => u.Item == name).Index;
}
