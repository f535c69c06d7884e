using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class RegisterClinic
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var displayName = Given.Required(Given.Text("--display-name", "Name for people", 120));
        var timeZone = Given.Required(Given.Option("--time-zone", "IANA time zone, for example Europe/Berlin", "ZONE", ZoneName));
        var certified = Given.Flag("--esketamine-certified", "The site is certified to give esketamine (in the US: REMS)");
        var mutation = new Mutation(timed: false);
        return new CliCommand("register", "Register a clinic.",
            "clinic register clinics/harbour --display-name \"Harbour Clinic\" --time-zone Europe/Berlin --esketamine-certified")
            .With(clinic, displayName, timeZone, certified)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Clinics.RegisterClinicAsync(
                        new()
                        {
                            RequestId = id,
                            Clinic = new()
                            {
                                Name = run.Of(clinic),
                                DisplayName = run.Of(displayName),
                                TimeZone = run.Of(timeZone),
                                EsketamineCertified = run.Of(certified),
                            },
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"registered {run.Of(clinic)}: ");
                });
            });
    }

    private static string? ZoneName(string text) =>
        text.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) || text == "UTC" ? text : null;
}
