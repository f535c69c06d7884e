using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class SetSharing
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var sites = Given.Many(
            "--with",
            "a site and what it may do: clinics/{clinic}:read or :write; of sections alone (goals, medication, sessions, scales, psychotherapy, journal): clinics/{clinic}:scales=read,journal=write",
            "SITE:ACCESS",
            Parse.Grant);
        var nobody = Given.Flag("--nobody", "Share with nobody beside the home clinic");
        var mutation = new Mutation();
        return new CliCommand("share", "Name the sites, beside the home clinic, that may see the plan, or sections of it; replaces the list before.",
            "patient share patients/p-1 --with clinics/hillside:read", "patient share patients/p-1 --with clinics/quay:psychotherapy=write,goals=read", "patient share patients/p-1 --nobody")
            .With(patient, sites, nobody)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                if (run.Of(nobody) == run.Of(sites).Length > 0)
                    throw new InputException("--with", "give the sites, or --nobody");
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.SetSharingAsync(
                        new() { RequestId = id, Patient = run.Of(patient), OccurredAt = at, Sites = { run.Of(sites) } },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"shared with {Show.Count(run.Of(sites).Length, "site")}: ");
                });
            });
    }
}
