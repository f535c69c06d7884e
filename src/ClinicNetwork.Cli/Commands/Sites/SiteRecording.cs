using System.CommandLine;
using ClinicNetwork.Cli.Commands.Patients;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands.Sites;

/// <summary>What is recorded and decided at a site, with or without the network.</summary>
internal static class SiteRecording
{
    internal static CliCommand[] Build() => [Phq9(), Start(), Dose(), Vitals(), Complete(), Propose(), Resolve(), Any()];

    private static CliCommand Phq9()
    {
        var items = Given.Required(Given.Option("--items", "the nine PHQ-9 answers in order, each 0 to 3, by comma", "ITEMS", Parse.Phq9Items));
        return Build("record-phq9", "Record an answered PHQ-9.", "site record-phq9 patients/p-1 --items 2,2,3,2,1,2,2,1,0 --folder hillside", [items], (run, at) => new()
        {
            // An id of its own: what two sites record at once is never taken for the same answers.
            Fact = new() { RecordAssessment = new() { AssessmentId = $"a-{Guid.CreateVersion7():N}", Items = { run.Of(items) }, OccurredAt = at } },
        });
    }

    private static CliCommand Start()
    {
        var (session, start) = (Given.Id("session"), new SessionStart());
        var emergency = Given.Text("--emergency-reason", "Why it starts without the right to dose here; it raises an alert", 500);
        return Build("start-session", "Start a session: the gates are checked on this site's copy, and the site needs the right to dose.",
            "site start-session patients/p-1 s-1 --bp 124/78 --weight 71.5 --folder hillside", [session, .. start.Checks, emergency], (run, at) =>
            {
                var request = start.ChecksOf(run);
                (request.SessionId, request.OccurredAt) = (run.Of(session), at);
                return new() { ReportSession = new() { Session = request, EmergencyReason = run.Of(emergency) ?? "" } };
            });
    }

    private static CliCommand Dose()
    {
        var session = Given.Id("session");
        var dose = Given.Required(Given.Number("--dose-mg", "Given dose in mg", 0.1, 1000));
        var minutes = Given.Whole("--minutes", "Duration in minutes", 0, 240, 0);
        return Build("record-dose", "Record a dose that was given.", "site record-dose patients/p-1 s-1 --dose-mg 35.8 --minutes 40 --folder hillside", [session, dose, minutes], (run, at) => new()
        {
            Fact = new() { RecordDose = new() { SessionId = run.Of(session), DoseMg = run.Of(dose), DurationMinutes = run.Of(minutes), OccurredAt = at } },
        });
    }

    private static CliCommand Vitals()
    {
        var (session, readings) = (Given.Id("session"), new Readings());
        return Build("record-vitals", "Record readings of a session.", "site record-vitals patients/p-1 s-1 --bp 138/84 --spo2 97 --folder hillside", [session, .. readings.Options], (run, at) =>
        {
            var request = readings.Of(run);
            (request.SessionId, request.OccurredAt) = (run.Of(session), at);
            return new() { Fact = new() { RecordVitals = request } };
        });
    }

    private static CliCommand Complete()
    {
        var (session, end) = (Given.Id("session"), new SessionEnd());
        return Build("complete-session", "End a session when the patient leaves.", "site complete-session patients/p-1 s-1 --bp 128/80 --folder hillside", [session, .. end.Options], (run, at) =>
        {
            var request = end.Of(run);
            (request.SessionId, request.OccurredAt) = (run.Of(session), at);
            return new() { CompleteSession = request };
        });
    }

    private static CliCommand Propose()
    {
        var (reason, changes) = (Given.Required(Given.Text("--reason", "Why", 500)), new PlanChanges());
        return Build("propose", "Change the plan that is shown: accepted, merged, or kept as a conflict when the network has it.",
            "site propose patients/p-1 --dose-mg-per-kg 0.55 --reason \"little effect\" --folder hillside", [reason, .. changes.Options], (run, at) =>
            {
                // The contract gives what the messages have in common the same numbers.
                var request = ProposeRevisionRequest.Parser.ParseFrom(changes.Needed(run).ToByteArray());
                (request.Reason, request.OccurredAt) = (run.Of(reason), at);
                return new() { ProposeRevision = request };
            });
    }

    private static CliCommand Resolve()
    {
        var number = Given.Required(Given.Whole("--conflict", "Number of the conflict, as 'site conflicts' tells it", 1, 100_000, 0));
        var holds = Given.OneOf<Protocol.Care.V1.PlanChoice>("--holds", "What holds; revised with the options that change a plan");
        var (reason, changes) = (Given.Required(Given.Text("--reason", "Why", 500)), new PlanChanges());
        return Build("resolve", "Decide which side of a conflict holds; it does when the network has it.",
            "site resolve patients/p-1 --conflict 1 --holds proposed --reason \"agreed by telephone\" --folder hillside", [number, holds, reason, .. changes.Options], (run, _) =>
            {
                var request = ResolvePlanConflictRequest.Parser.ParseFrom((changes.Of(run) ?? new()).ToByteArray());
                (request.Conflict, request.Holds, request.Reason) = (run.Of(number), run.Of(holds), run.Of(reason));
                return new() { ResolvePlanConflict = request };
            }, timed: false);
    }

    private static CliCommand Any()
    {
        var file = Given.Required(Given.File("--json", "A change as JSON, as push_service.proto's PushChangesRequest has it: whatever else can be recorded here")!);
        return Build("record", "Record any change, from a file.", "site record patients/p-1 --json change.json --folder hillside", [file], (run, _) =>
        {
            try
            {
                return JsonParser.Default.Parse<PushChangesRequest>(File.ReadAllText(run.Of(file)!));
            }
            catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException)
            {
                throw new InputException(file.Name, "give one PushChangesRequest as JSON");
            }
        }, timed: false);
    }

    private static CliCommand Build(string name, string description, string example, Symbol[] own, Func<Invocation, Timestamp?, PushChangesRequest> change, bool timed = true)
    {
        var (patient, folder, mutation) = (Given.Patient(), new SiteFolder(), new Mutation(timed));
        return new CliCommand(name, description, example).With(patient).With(own).With(folder.Options).With([.. mutation.Options]).Runs(run =>
        {
            var request = change(run, mutation.TimeOf(run));
            (request.Patient, request.RequestId) = (run.Of(patient), mutation.IdOf(run) ?? request.RequestId);
            using var replica = folder.Open(run);
            var recorded = replica.Record(request);
            if (recorded.Refusal is { } refusal)
                throw SiteFolder.Refused(refusal);
            run.Terminal.Line($"{Told(recorded.Answer)}recorded as {recorded.Item!.Number}, waits for the network");
            return Task.CompletedTask;
        });
    }

    private static string Told(object? answer) => answer switch
    {
        AssessmentAnswer a => $"PHQ-9 {a.Total}, {Show.Words(a.Severity)}{(a.RiskScreenDue ? ", a suicide-risk screen is due today" : "")}: ",
        ReportAnswer a => $"session started, planned dose {Show.Number(a.PlannedDoseMg)} mg: ",
        DoseAnswer { OutsidePlan: true } => "outside what the plan permits: ",
        VitalsAnswer { Stage: Domain.Patients.SessionStage.Emergency } => "EMERGENCY, give emergency care: ",
        VitalsAnswer { DueMinute: { } due } => $"next readings due at {due} min after the dose: ",
        ProposalAnswer { Outcome: Domain.Patients.ProposalOutcome.Conflict } => "in conflict with what is known here already: ",
        ProposalAnswer a => $"plan revision {a.Plan.Revision} here: ",
        _ => "",
    };
}
