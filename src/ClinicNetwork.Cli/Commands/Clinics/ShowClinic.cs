using ClinicNetwork.Cli.Input;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ShowClinic
{
    internal static CliCommand Build()
    {
        var name = Given.Clinic();
        var json = Given.Json();
        return new CliCommand("show", "Show one clinic.", "clinic show clinics/harbour").With(name, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Clinics.GetClinicAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
            {
                run.Terminal.Line(JsonFormatter.Default.Format(answer));
                return;
            }
            run.Terminal.Line($"{answer.Clinic.Name}  {answer.Clinic.DisplayName}");
            run.Terminal.Line($"  time zone   {answer.Clinic.TimeZone}");
            run.Terminal.Line($"  esketamine  {(answer.Clinic.EsketamineCertified ? "certified" : "not certified")}");
            if (answer.Clinic.RemsCertificate is { } certificate)
                run.Terminal.Line($"  certificate {certificate.Number}, {certificate.FirstDay} to {(certificate.LastDay.Length > 0 ? certificate.LastDay : "further notice")}");
            run.Terminal.Line($"  retention   {Show.Count(answer.Clinic.RetentionYears, "year")} after the last contact, rule {answer.Clinic.RetentionRule}");
            run.Terminal.Line($"  version     {answer.Revision.Version}");
        });
    }
}
