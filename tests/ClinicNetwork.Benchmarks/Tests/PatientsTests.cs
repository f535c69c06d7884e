using ClinicNetwork.Benchmarks.Patients;

namespace ClinicNetwork.Benchmarks.Tests;

public class PatientsTests
{
    [Fact]
    public void The_patient_in_use_has_what_the_figures_say()
    {
        var state = new Population("p", 1, RowPerCommand: false).StateOf(0);

        Assert.Equal(
            (PatientInUse.Sessions, PatientInUse.Readings, PatientInUse.Scales, true),
            (state.Sessions.Length, state.SideEffects.Length, state.Assessments.Length, state.Plan is not null));
        Assert.Equal(PatientInUse.CommandCount, PatientInUse.Commands("p", "c", "Europe/Berlin", DateTimeOffset.UnixEpoch.AddYears(50)).Count());
        Assert.Contains($"{PatientInUse.CommandCount} commands", PatientInUse.Composition, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_callers_share_a_patient_and_all_patients_have_their_turn()
    {
        const int callers = 8;
        var turns = new Turns(new Population("p", 64, RowPerCommand: false), callers);

        var taken = Enumerable.Range(0, callers).Select(caller => Enumerable.Range(0, 16).Select(_ => turns.Next(caller)).ToHashSet()).ToList();

        Assert.Equal(64, taken.SelectMany(t => t).Count());
        Assert.Equal(Enumerable.Range(0, 64), taken.SelectMany(t => t).Order());
    }
}
