using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Alias("pregnancy-finding")]
public enum PregnancyFinding
{
    /// <summary>The patient, or somebody who treats her, says so.</summary>
    Reported = 1,
    TestPositive = 2,

    /// <summary>A pregnancy is over, however.</summary>
    Ended = 3,

    /// <summary>A note for who treats; it stops nothing.</summary>
    Breastfeeding = 4,
    BreastfeedingEnded = 5,
}

/// <summary>What was found about pregnancy or breastfeeding.</summary>
/// <param name="Number">1..n of this patient, in order of recording.</param>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("pregnancy")]
public sealed record Pregnancy(
    [property: Id(0)] int Number, [property: Id(1)] PregnancyFinding Finding, [property: Id(2)] string Note, [property: Id(3)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.Pregnancy, "", Number);

    /// <summary>
    /// What holds for a patient who is recorded as pregnant under every plan whose protocol does not name this gate itself, versions made before there was one included: the
    /// label of Spravato cautions about pregnancy; that it stops the dose, and that a clinician may weigh it, is [K], our policy.
    /// </summary>
    public static readonly Gate GateOfEveryPlan = new(GateKind.Pregnancy, Roles.Clinician);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(Pregnancy);
}

/// <inheritdoc cref="Pregnancy"/>
[GenerateSerializer, Immutable, Alias("pregnancy-recorded")]
public sealed record PregnancyRecorded([property: Id(0)] Pregnancy Pregnancy) : IEvent;

/// <summary>Who is pregnant, read from what was found in its order of time.</summary>
public static class Pregnancies
{
    public static bool IsPregnant(this PatientState state, DateTimeOffset at) =>
        LastOf(state, at, PregnancyFinding.Reported, PregnancyFinding.TestPositive, PregnancyFinding.Ended) is { Finding: not PregnancyFinding.Ended };

    public static bool IsBreastfeeding(this PatientState state, DateTimeOffset at) =>
        LastOf(state, at, PregnancyFinding.Breastfeeding, PregnancyFinding.BreastfeedingEnded) is { Finding: PregnancyFinding.Breastfeeding };

    private static Pregnancy? LastOf(PatientState state, DateTimeOffset at, params ReadOnlySpan<PregnancyFinding> findings)
    {
        Pregnancy? last = null;
        foreach (var found in state.Pregnancies)
        {
            if (findings.Contains(found.Finding) && found.OccurredAt <= at && !(found.OccurredAt < last?.OccurredAt))
            {
                last = found;
            }
        }

        return last;
    }
}
