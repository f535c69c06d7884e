using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordVitals
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var pressure = Given.Option("--bp", "blood pressure in mmHg, for example 128/80", "SYS/DIA", Parse.Pressure);
        var heartRate = Given.Whole("--heart-rate", "Beats a minute", 20, 250, 0);
        var saturation = Given.Whole("--spo2", "Oxygen saturation in %", 50, 100, 0);
        var breaths = Given.Whole("--respiratory-rate", "Breaths a minute", 0, 60, 0);
        var sedation = Given.Whole("--moaas", "Sedation, MOAA/S: 5 responds readily to the name, 0 not at all", 0, 5, 0);
        var score = Given.Whole("--cadss6", "Dissociation, CADSS-6", 0, 24, 0);
        var rating = Given.MayBeOneOf<DissociationRating>("--dissociation", "Dissociation by a rating");
        var mutation = new Mutation();
        return new CliCommand("vitals", "Record readings of a session; tells whether it is an emergency, and what is due.",
            "patient vitals patients/p-1 s-1 --bp 138/84 --spo2 97 --moaas 4")
            .With(patient, session, pressure, heartRate, saturation, breaths, sedation, score, rating)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = new RecordVitalsRequest
                    {
                        RequestId = id,
                        Patient = run.Of(patient),
                        SessionId = run.Of(session),
                        OccurredAt = at,
                        BloodPressure = run.Of(pressure),
                        Dissociation = run.Of(rating),
                    };
                    run.Set(heartRate, v => request.HeartRate = v);
                    run.Set(saturation, v => request.Spo2Percent = v);
                    run.Set(breaths, v => request.RespiratoryRate = v);
                    run.Set(sedation, v => request.Moaas = v);
                    run.Set(score, v => request.Cadss6 = v);
                    var answer = await network.Patients.RecordVitalsAsync(request, cancellationToken: run.Cancelled);
                    var stage = answer.Stage == SessionStage.Emergency ? "EMERGENCY: give emergency care; " : "";
                    var due = answer.DueMinute > 0 ? $"next due at {answer.DueMinute} min after the dose; " : "";
                    return (answer.Receipt, $"readings recorded; {stage}{due}");
                });
            });
    }
}
