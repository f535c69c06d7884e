using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class EnrolPatient
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var clinic = Given.Clinic("--clinic", "Home clinic, clinics/{clinic}");
        var givenName = Given.Required(Given.Text("--given-name", "Given name", 120));
        var familyName = Given.Required(Given.Text("--family-name", "Family name", 120));
        var birthDate = Given.Required(
            Given.Option("--birth-date", "Day of birth, YYYY-MM-DD", "DAY", text => Parse.Day(text) is null ? null : text));
        var sex = Given.OneOf<Sex>("--sex", "Sex as recorded for treatment");
        var record = Given.Required(Given.Text("--record-number", "The clinic's record number, unique in it", 60));
        var mutation = new Mutation();
        return new CliCommand("enrol", "Enrol a patient at a home clinic.",
            "patient enrol patients/p-1 --clinic clinics/harbour --given-name Ada --family-name Example --birth-date 1980-05-17 "
            + "--sex female --record-number R-1")
            .With(patient, clinic, givenName, familyName, birthDate, sex, record)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.EnrolPatientAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            HomeClinic = run.Of(clinic),
                            GivenName = run.Of(givenName),
                            FamilyName = run.Of(familyName),
                            BirthDate = run.Of(birthDate),
                            Sex = run.Of(sex),
                            RecordNumber = run.Of(record),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"enrolled {run.Of(patient)} at {run.Of(clinic)}: ");
                });
            });
    }
}
