using System.Diagnostics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;
using Xunit.Abstractions;

namespace ClinicNetwork.Grains.Tests.Patients;

public sealed class TempBenchTests(ITestOutputHelper output)
{
    [Fact]
    public void Cost()
    {
        var facts = new List<IEvent>
        {
            new PatientEnrolled(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7)),
            new PlanCreated(new(ProtocolCatalogue.KetamineIv2.Id, 2, Setting.Clinic, 0.5, null, 6, [], 1, 2, "")),
        };
        for (var i = 0; i < 2000; i++)
        {
            if (i % 20 == 0)
            {
                facts.Add(new SessionStarted(new("s" + i), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(i)));
                facts.Add(new DoseGiven(new("s" + i), 40, 40, false, Commands.OnDay(i, 5)));
                facts.Add(new SessionCompleted(new("s" + i), new(120, 80), Commands.OnDay(i, 120)));
            }
            facts.Add(new AssessmentRecorded(new("a" + i), Commands.Items(i % 20), i % 20, Phq9.Severity(i % 20), Commands.OnDay(i, 200)));
        }
        var state = facts.Aggregate(PatientState.Empty, PatientState.Evolve);
        var now = Commands.OnDay(2001);
        var command = new RecordAssessment(new("new"), Commands.Items(9), now);
        for (var round = 0; round < 6; round++)
        {
            var (decide, project, rows) = (0L, 0L, 0L);
            for (var i = 0; i < 400; i++)
            {
                var t = Stopwatch.GetTimestamp();
                var decision = EarlyWarning.With(state, RecordAssessment.Decide(state, command, now), now);
                var after = decision.Events.Aggregate(state, PatientState.Evolve);
                decide += Stopwatch.GetTimestamp() - t;
                t = Stopwatch.GetTimestamp();
                _ = PatientProjections.Of(state, after, decision.Events).Count;
                project += Stopwatch.GetTimestamp() - t;
                t = Stopwatch.GetTimestamp();
                _ = WorklistRows.Changes((state, ["clinics/north"]), (after, ["clinics/north"]), decision.Events).Count();
                rows += Stopwatch.GetTimestamp() - t;
            }
            double Us(long v) => v * 1e6 / Stopwatch.Frequency / 400;
            output.WriteLine($"decide {Us(decide):0.0} us, project {Us(project):0.0} us of which rows {Us(rows):0.0} us");
        }
    }
}
