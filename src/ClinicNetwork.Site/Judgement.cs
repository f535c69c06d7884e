using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Sync;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Fact = ClinicNetwork.Protocol.Care.V1.IngestFactsRequest.FactOneofCase;

namespace ClinicNetwork.Site;

/// <summary>What the domain says of a change: events and an answer, or a refusal.</summary>
internal sealed record Judged(IReadOnlyList<IEvent> Events, object? Answer, Refusal? Refusal);

/// <summary>Judges changes by the network's own code, on this site's copy of the patient.</summary>
/// <param name="Site">That acts.</param>
/// <param name="Certificate">On which of its days it may give esketamine, as the network last said: empty none, <see cref="Always"/>, or FIRST/LAST, LAST empty while none is said.</param>
/// <param name="Zone">Its IANA time zone.</param>
/// <param name="Roles">Of who acts.</param>
internal sealed record Judgement(ClinicId Site, string Certificate, string Zone, Roles Roles)
{
    public const string Always = "always";

    /// <summary>Who acts, in what is shown before the network has told it.</summary>
    private const string Actor = "this site";

    private static readonly Refusal ChangeMissing = Refusal.Invalid("CHANGE_MISSING", "change", "Give one of the documented changes.");

    /// <summary>Whether a message can be read at all, for a patient of whom this site has no whole copy.</summary>
    public Refusal? Check(PushChangesRequest change, DateTimeOffset now) =>
        Of(PatientState.Empty, change, 0, 0, now, checkOnly: true).Refusal;

    /// <param name="baseVersion">Of the plan that a proposal or resolution is based on.</param>
    /// <param name="nextVersion">That a new plan gets.</param>
    /// <param name="now">By the network's clock as far as it is known.</param>
    public Judged Of(PatientState state, PushChangesRequest change, long baseVersion, long nextVersion, DateTimeOffset now, bool checkOnly = false)
    {
        var act = new Act(this, state, now, checkOnly);
        try
        {
            return change.ChangeCase switch
            {
                PushChangesRequest.ChangeOneofCase.Fact => OfFact(act, change.Fact),
                PushChangesRequest.ChangeOneofCase.ReportSession => act.Do(By(ReportedSessionMessages.Of(change.ReportSession, baseVersion)), ReportSession.Decide),
                PushChangesRequest.ChangeOneofCase.CompleteSession => act.Do(PatientCommands.Of(change.CompleteSession), CompleteSession.Decide),
                PushChangesRequest.ChangeOneofCase.ProposeRevision => act.Do(By(PlanConflictCommands.Of(change.ProposeRevision, baseVersion), nextVersion), ProposeRevision.Decide),
                PushChangesRequest.ChangeOneofCase.ResolvePlanConflict => act.Do(
                    PlanConflictCommands.Of(change.ResolvePlanConflict, baseVersion) with { Actor = Actor, Site = Site, NextVersion = nextVersion }, ResolvePlanConflict.Decide),
                _ => new([], null, ChangeMissing),
            };
        }
        catch (RefusedException refused)
        {
            return new([], null, refused.Refusal);
        }
    }

    /// <summary>Whether a session may start here without the network: through the plan's gates, under the right to dose, or with a reason to go without it.</summary>
    public Refusal? CheckStart(PatientState state, ReportSessionRequest report, DateTimeOffset now) =>
        StartSession.Decide(state, By(ReportedSessionMessages.Of(report, 0)).AsStart(), now).Refusal;

    private static Judged OfFact(Act act, IngestFactsRequest fact) => fact.FactCase switch
    {
        Fact.RecordConsultation => act.Do(PatientCommands.Of(fact.RecordConsultation) with { Actor = Actor }, RecordConsultation.Decide),
        Fact.RecordDose => act.Do(PatientCommands.Of(fact.RecordDose), RecordDose.Decide),
        Fact.RecordSideEffect => act.Do(PatientCommands.Of(fact.RecordSideEffect), RecordSideEffect.Decide),
        Fact.RecordAssessment => act.Do(PatientCommands.Of(fact.RecordAssessment), RecordAssessment.Decide),
        Fact.RecordMissedVisit => act.Do(PatientCommands.Of(fact.RecordMissedVisit), RecordMissedVisit.Decide),
        Fact.EndTreatment => act.Do(PatientCommands.Of(fact.EndTreatment), EndTreatment.Decide),
        Fact.RecordScale => act.Do(PatientCommands.Of(fact.RecordScale), RecordScale.Decide),
        Fact.RecordVitals => act.Do(PatientCommands.Of(fact.RecordVitals), RecordVitals.Decide),
        Fact.ResolveSideEffect => act.Do(PatientCommands.Of(fact.ResolveSideEffect), ResolveSideEffect.Decide),
        Fact.RecordLeaving => act.Do(PatientCommands.Of(fact.RecordLeaving), RecordLeaving.Decide),
        Fact.RecordSafetyCheck => act.Do(SafetyMessages.Of(fact.RecordSafetyCheck), RecordSafetyCheck.Decide),
        _ => new([], null, ChangeMissing),
    };

    private ReportSession By(ReportSession command) =>
        command with { Session = command.Session with { ClinicCertified = IsCertified(command.Session.OccurredAt), Actor = Actor, ActorRoles = Roles } };

    private bool IsCertified(DateTimeOffset at) => Certificate == Always || (Certificate.Split('/') is [var first, var last]
        && ClinicTime.DayOf(at, Zone).ToString("O") is var day
        && string.CompareOrdinal(first, day) <= 0
        && (last.Length == 0 || string.CompareOrdinal(day, last) <= 0));

    private ProposeRevision By(ProposeRevision command, long nextVersion) =>
        command with { Revision = command.Revision with { Actor = Actor, Site = Site, NextVersion = nextVersion } };

    private sealed record Act(Judgement By, PatientState State, DateTimeOffset Now, bool CheckOnly)
    {
        public Judged Do<TCommand, TAnswer>(TCommand command, Func<PatientState, TCommand, DateTimeOffset, Decision<TAnswer>> decide)
            where TAnswer : class
        {
            if (CheckOnly)
            {
                return new([], null, null);
            }

            if (State.RefuseChange(By.Site, SectionsOfCommand.Of(command)) is { } refusal)
            {
                return new([], null, refusal);
            }

            var decision = EarlyWarning.With(State, decide(State, command, Now), Now);
            return new(decision.Events, decision.Answer, decision.Refusal);
        }
    }
}
