using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class MarkEnteredInError
{
    private const string FactForm = "assessments/ID, sessions/ID, sessions/ID/dose, sessions/ID/vitals/N, side-effects/N, missed-visits/N, follow-up-misses/N, treatment-end, consultation, "
        + "death, contacts/N, losses/N, pregnancies/N, dose-requests/ID, safety-checks/ID, support-sessions/ID, serious-events/N, rems-enrolments/N, rems-details/N, rems-submissions/N, "
        + "diary-effects/N, journal-entries/N or visit-explanations/N";

    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var fact = Given.Argument("fact", FactForm, text => text);
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand("entered-in-error", "Mark a fact as entered in error: it is kept as it was, and out of all that is derived.",
            "patient entered-in-error patients/p-1 assessments/a-2 --reason \"answered by another patient\"")
            .With(patient, fact, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Patients.MarkEnteredInErrorAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Fact = run.Of(fact), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, Told(run, answer.Amendment) + $"{run.Of(fact)} entered in error: ");
                });
            });
    }

    /// <summary>Tells what changed by it, a line each.</summary>
    internal static string Told(Invocation run, Amendment amendment)
    {
        foreach (var milestone in amendment.RevisedMilestones)
            run.Terminal.Line($"the outcome of {Show.Words(milestone)} is another now; what was released of it stays as it is");
        if (amendment.BrokenDischarge.Length > 0)
            run.Terminal.Line($"the discharge of this session would be refused on what stands now: {amendment.BrokenDischarge}");
        if (amendment.OutsidePlan)
            run.Terminal.Line("the corrected dose is outside what the plan permits");
        return $"retraction {amendment.Retraction}, ";
    }
}
