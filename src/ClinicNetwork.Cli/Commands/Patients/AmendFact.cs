using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Option = System.CommandLine.Option;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class AmendFact
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var fact = Given.Argument("fact", "assessments/ID, sessions/ID/dose, sessions/ID/vitals/N, side-effects/N, missed-visits/N, treatment-end, death, contacts/N, pregnancies/N, dose-requests/ID or safety-checks/ID", text => text);
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var right = new Right();
        var mutation = new Mutation(timed: false);
        return new CliCommand("amend", "Put what a fact should have been in its place: the wrong one is kept, and out of all that is derived.",
            "patient amend patients/p-1 assessments/a-2 --reason \"copied wrongly\" --as a-9 --scale phq-9 --items 1,1,0,2,1,0,1,0,0 --occurred-at 2025-07-03T09:30Z",
            "patient amend patients/p-1 sessions/s-1/dose --reason \"a slip\" --dose-mg 35.8 --minutes 40 --occurred-at 2025-07-03T09:30Z",
            "patient amend patients/p-1 sessions/s-1/vitals/2 --reason \"a slip\" --bp 138/84 --occurred-at 2025-07-03T10:10Z")
            .With(patient, fact, reason)
            .With([.. right.Options])
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                var request = new AmendFactRequest { Patient = run.Of(patient), Fact = run.Of(fact), Reason = run.Of(reason) };
                var scales = request.Fact.StartsWith("assessments/", StringComparison.Ordinal) ? await ListScales.AllAsync(run, network) : [];
                right.Put(run, request, scales);
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    request.RequestId = id;
                    var answer = await network.Patients.AmendFactAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, MarkEnteredInError.Told(run, answer.Amendment) + $"{request.Fact} is now {answer.Amendment.ReplacedBy}: ");
                });
            });
    }

    /// <summary>Options of every kind of corrected fact; which count follows from the name of the wrong one.</summary>
    private sealed class Right
    {
        private readonly Option<Timestamp?> at = Given.Required(Given.Instant("--occurred-at", "When it happened, ISO 8601, for example 2025-07-03T09:30Z"));
        private readonly Option<string> id = Given.Option("--as", "of a scale, a request for a dose or a safety check: a new id, 1 to 40 of a-z, 0-9 and inner dashes", "ID", Parse.Id);
        private readonly Option<ScaleKind> scale = Given.MayBeOneOf<ScaleKind>("--scale", "Which scale");
        private readonly Option<int?[]> items = Given.Option("--items", "of a scale: the answers in the order of 'clinicnet scales', by comma, - for what was not answered", "ITEMS", Parse.ScaleAnswers);
        private readonly Option<double> dose = Given.Number("--dose-mg", "Given dose in mg", 0.1, 1000);
        private readonly Option<int> minutes = Given.Whole("--minutes", "Of a dose or a side effect: how long it took in minutes", 0, 10_080, 0);
        private readonly Option<BloodPressure> pressure = Given.Option("--bp", "of readings: blood pressure in mmHg, for example 128/80", "SYS/DIA", Parse.Pressure);
        private readonly Option<int> heartRate = Given.Whole("--heart-rate", "Of readings: beats a minute", 20, 250, 0);
        private readonly Option<int> saturation = Given.Whole("--spo2", "Of readings: oxygen saturation in %", 50, 100, 0);
        private readonly Option<int> breaths = Given.Whole("--respiratory-rate", "Of readings: breaths a minute", 0, 60, 0);
        private readonly Option<int> sedation = Given.Whole("--moaas", "Of readings: sedation, MOAA/S", 0, 5, 0);
        private readonly Option<int> score = Given.Whole("--cadss6", "Of readings: dissociation, CADSS-6", 0, 24, 0);
        private readonly Option<DissociationRating> rating = Given.MayBeOneOf<DissociationRating>("--dissociation", "Of readings: dissociation by a rating");
        private readonly Option<string> session = Given.Option("--session", "of a side effect: its session, 1 to 40 of a-z, 0-9 and inner dashes", "ID", Parse.Id);
        private readonly Option<SideEffectKind> kind = Given.MayBeOneOf<SideEffectKind>("--kind", "Of a side effect: what it was");
        private readonly Option<SideEffectSeverity> severity = Given.MayBeOneOf<SideEffectSeverity>("--severity", "Of a side effect: how strong");
        private readonly Option<string?> note = Given.Text("--note", "Of a side effect, a death, a contact, a pregnancy or a safety check: note", 1000);
        private readonly Option<Timestamp?> resolved = Given.Instant("--resolved-at", "Of a side effect: when it was over, ISO 8601");
        private readonly Option<string?> treatment = Given.Text("--treatment", "Of a side effect: what was given for it", 200);
        private readonly Option<Milestone> milestone = Given.MayBeOneOf<Milestone>("--milestone", "Of a missed visit: which");
        private readonly Option<MissingReason> missed = Given.MayBeOneOf<MissingReason>("--missed", "Of a missed visit: why");
        private readonly Option<string?> ended = Given.Text("--ended-because", "Of the end of treatment: why", 500);
        private readonly Option<DeathCause> cause = Given.MayBeOneOf<DeathCause>("--cause", "Of a death: its cause");
        private readonly Option<DeathSource> source = Given.MayBeOneOf<DeathSource>("--source", "Of a death: who told of it");
        private readonly Option<ContactWay> way = Given.MayBeOneOf<ContactWay>("--by", "Of a contact: how");
        private readonly Option<ContactResult> result = Given.MayBeOneOf<ContactResult>("--result", "Of a contact: what came of it");
        private readonly Option<PregnancyFinding> finding = Given.MayBeOneOf<PregnancyFinding>("--finding", "Of a pregnancy: what was found");
        private readonly Option<DoseRequestKind> asked = Given.MayBeOneOf<DoseRequestKind>("--asked-for", "Of a request for a dose: what was asked for");
        private readonly Option<DoseRequester> requester = Given.MayBeOneOf<DoseRequester>("--requester", "Of a request for a dose: who asked");
        private readonly Option<DoseRequestDecision> decision = Given.MayBeOneOf<DoseRequestDecision>("--decision", "Of a request for a dose: what you decide");
        private readonly Option<string?> decided = Given.Text("--decided-because", "Of a request for a dose: why it was decided so", 500);
        private readonly RecordSafetyCheck.Result check = new();

        internal IEnumerable<Option> Options =>
        [
            at, id, scale, items, dose, minutes, pressure, heartRate, saturation, breaths, sedation, score, rating, session, kind, severity, note, resolved, treatment, milestone, missed, ended,
            cause, source, way, result, finding, asked, requester, decision, decided, .. check.Options,
        ];

        internal void Put(Invocation run, AmendFactRequest request, IReadOnlyList<Scale> scales)
        {
            switch (request.Fact.Split('/'))
            {
                case ["assessments", _]:
                    request.Scale = new() { AssessmentId = run.Of(id) ?? "", Scale = run.Of(scale), Items = { ItemsOf(run, scales) }, OccurredAt = run.Of(at) };
                    break;
                case ["sessions", _, "dose"]:
                    request.Dose = new() { DoseMg = run.Of(dose), DurationMinutes = run.Of(minutes), OccurredAt = run.Of(at) };
                    break;
                case ["sessions", _, "vitals", _]:
                    request.Vitals = VitalsOf(run);
                    break;
                case ["side-effects", _]:
                    request.SideEffect = SideEffectOf(run);
                    break;
                case ["missed-visits", _]:
                    request.MissedVisit = new() { Milestone = run.Of(milestone), Reason = run.Of(missed), OccurredAt = run.Of(at) };
                    break;
                case ["treatment-end"]:
                    request.End = new() { Reason = run.Of(ended) ?? "", OccurredAt = run.Of(at) };
                    break;
                case ["death"]:
                    request.Death = new() { Cause = run.Of(cause), Source = run.Of(source), Note = run.Of(note) ?? "", OccurredAt = run.Of(at) };
                    break;
                case ["contacts", _]:
                    request.Contact = new() { Way = run.Of(way), Result = run.Of(result), Note = run.Of(note) ?? "", OccurredAt = run.Of(at) };
                    break;
                case ["pregnancies", _]:
                    request.Pregnancy = new() { Finding = run.Of(finding), Note = run.Of(note) ?? "", OccurredAt = run.Of(at) };
                    break;
                case ["dose-requests", _]:
                    request.DoseRequest = DoseRequestOf(run);
                    break;
                case ["safety-checks", _]:
                    request.SafetyCheck = CheckOf(run);
                    break;
                default:
                    break;
            }
        }

        private CorrectedDoseRequest DoseRequestOf(Invocation run) => new()
        {
            DoseRequestId = run.Of(id) ?? "",
            Kind = run.Of(asked),
            Requester = run.Of(requester),
            Decision = run.Of(decision),
            Reason = run.Of(decided) ?? "",
            OccurredAt = run.Of(at),
        };

        private CorrectedSafetyCheck CheckOf(Invocation run)
        {
            var given = new RecordSafetyCheckRequest();
            check.Put(run, given);
            var corrected = new CorrectedSafetyCheck { SafetyCheckId = run.Of(id) ?? "", Note = run.Of(note) ?? "", OccurredAt = run.Of(at) };
            switch (given.ResultCase)
            {
                case RecordSafetyCheckRequest.ResultOneofCase.LiverPanel:
                    corrected.LiverPanel = given.LiverPanel;
                    break;
                case RecordSafetyCheckRequest.ResultOneofCase.CognitionTest:
                    corrected.CognitionTest = given.CognitionTest;
                    break;
                case RecordSafetyCheckRequest.ResultOneofCase.MisuseScreen:
                    corrected.MisuseScreen = given.MisuseScreen;
                    break;
                case RecordSafetyCheckRequest.ResultOneofCase.PregnancyTest:
                    corrected.PregnancyTest = given.PregnancyTest;
                    break;
                default:
                    corrected.UrineDrugScreen = given.UrineDrugScreen;
                    break;
            }

            return corrected;
        }

        private IEnumerable<ScaleItem> ItemsOf(Invocation run, IReadOnlyList<Scale> scales) => scales.SingleOrDefault(s => s.Kind == run.Of(scale)) is { } found
            ? RecordScale.ItemsOf(found, run.Of(items) ?? [])
            : throw new InputException("--scale", "say which scale it is");

        private Vitals VitalsOf(Invocation run)
        {
            var vitals = new Vitals { OccurredAt = run.Of(at), BloodPressure = run.Of(pressure), Dissociation = run.Of(rating) };
            run.Set(heartRate, v => vitals.HeartRate = v);
            run.Set(saturation, v => vitals.Spo2Percent = v);
            run.Set(breaths, v => vitals.RespiratoryRate = v);
            run.Set(sedation, v => vitals.Moaas = v);
            run.Set(score, v => vitals.Cadss6 = v);
            return vitals;
        }

        private SideEffect SideEffectOf(Invocation run) => new()
        {
            Session = run.Of(session) ?? "",
            Kind = run.Of(kind),
            Severity = run.Of(severity),
            OccurredAt = run.Of(at),
            DurationMinutes = run.Of(minutes),
            Note = run.Of(note) ?? "",
            ResolvedAt = run.Of(resolved),
            TreatmentGiven = run.Of(treatment) ?? "",
        };
    }
}
