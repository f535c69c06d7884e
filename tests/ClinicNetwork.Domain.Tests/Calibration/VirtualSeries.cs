using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>A simulated patient's course as outcome definitions read it, from the events alone.</summary>
internal static class VirtualSeries
{
    public static CourseSeries Of(VirtualPatient patient)
    {
        var doses = patient.Events.OfType<SessionGiven>().ToArray();
        var answers = patient.Events.OfType<Phq9Answered>().ToLookup(a => a.Purpose == Phq9Purpose.Baseline);
        return new(
            [.. doses.Select(d => d.Day)],
            patient.Treatment.Sessions,
            answers[true].ToImmutableDictionary(_ => ScaleKind.Phq9, a => a.Total),
            [.. answers[false].Select(a => new DatedTotal(a.Day, ScaleKind.Phq9, a.Total))],
            patient.Events.OfType<TreatmentLeft>().SingleOrDefault()?.Day,
            patient.Events.OfType<VisitMissed>().ToImmutableDictionary(m => (Milestone)(int)m.Milestone, m => VirtualCommands.Reason(m.Reason)));
    }
}
