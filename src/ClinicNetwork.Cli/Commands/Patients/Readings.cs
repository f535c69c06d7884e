using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>Readings of a session, as options.</summary>
internal sealed class Readings
{
    private readonly Option<BloodPressure> pressure = Given.Option("--bp", "blood pressure in mmHg, for example 128/80", "SYS/DIA", Parse.Pressure);
    private readonly Option<int> heartRate = Given.Whole("--heart-rate", "Beats a minute", 20, 250, 0);
    private readonly Option<int> saturation = Given.Whole("--spo2", "Oxygen saturation in %", 50, 100, 0);
    private readonly Option<int> breaths = Given.Whole("--respiratory-rate", "Breaths a minute", 0, 60, 0);
    private readonly Option<int> sedation = Given.Whole("--moaas", "Sedation, MOAA/S: 5 responds readily to the name, 0 not at all", 0, 5, 0);
    private readonly Option<int> score = Given.Whole("--cadss6", "Dissociation, CADSS-6", 0, 24, 0);
    private readonly Option<DissociationRating> rating = Given.MayBeOneOf<DissociationRating>("--dissociation", "Dissociation by a rating");

    internal Option[] Options => [pressure, heartRate, saturation, breaths, sedation, score, rating];

    internal RecordVitalsRequest Of(Invocation run)
    {
        var request = new RecordVitalsRequest { BloodPressure = run.Of(pressure), Dissociation = run.Of(rating) };
        run.Set(heartRate, v => request.HeartRate = v);
        run.Set(saturation, v => request.Spo2Percent = v);
        run.Set(breaths, v => request.RespiratoryRate = v);
        run.Set(sedation, v => request.Moaas = v);
        run.Set(score, v => request.Cadss6 = v);
        return request;
    }
}
