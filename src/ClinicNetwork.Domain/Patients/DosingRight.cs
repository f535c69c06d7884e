using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A clinic may start sessions of the patient while it is cut off: one clinic at a time, for a time. Rights that ended are kept: what was done under them may be reported later.</summary>
/// <param name="Site">The dosing site.</param>
/// <param name="TakenAt">By the store's clock; from then on it holds.</param>
/// <param name="ExpiresAt">By the store's clock; from then on it holds no more, whether or not anybody recorded that.</param>
[GenerateSerializer, Immutable, Alias("dosing-right")]
public sealed record DosingRight([property: Id(0)] ClinicId Site, [property: Id(1)] DateTimeOffset TakenAt, [property: Id(2)] DateTimeOffset ExpiresAt)
{
    /// <summary>Hours by the store's clock, at most: what a site knows of the patient is older than that else ([K], our bound; design, section 5).</summary>
    public const int HoursMax = 72;

    /// <summary>While one clinic may dose without asking, no other starts a session unless a clinician answers for it ([K], our policy: docs/decisions/0054).</summary>
    public static readonly Gate GateOfEveryPlan = new(GateKind.DosingSite, Roles.Clinician);

    /// <summary>What a site needs to change: it decides on doses by the one, and gives them in the other.</summary>
    public const PlanSections Sections = PlanSections.Medication | PlanSections.Sessions;

    internal static readonly Refusal Elsewhere = Refusal.Precondition(
        "DOSING_ELSEWHERE", "clinic", "Another clinic is the dosing site and may dose without the network: let it pass the right on or end it, wait until it expires, or let a clinician give the reason to go on.");

    internal static readonly Refusal NotHere = Refusal.Precondition(
        "DOSING_NOT_HERE", "clinic", "Without the network this clinic doses only while it is the dosing site: take the right when the network is back, or let a clinician give the reason to go on.");

    internal static readonly Refusal MayNotKnow = Elsewhere with
    {
        Message = "Another clinic was the dosing site and may not know yet that others ended that: wait until its time is over, or let a clinician give the reason to go on.",
    };

    private static readonly Refusal NotYours = Refusal.Denied("DOSING_NOT_YOURS", "patient", "The dosing site alone does this, while it is that; read who it is.");

    /// <summary>When it ended before its time: given back, passed on, or treatment, sharing or the home clinic changed; null: it did not.</summary>
    [Id(3)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It ended by what others did: the clinic, cut off, may not know that and go by it until it expires.</summary>
    [Id(4)] public bool IsCutShort { get; init; }

    public bool Holds(DateTimeOffset at) => TakenAt <= at && at < ExpiresAt && !(EndedAt <= at);

    /// <summary>Whether its clinic may dose by it while it is cut off: it has the right at this time, or may not know that it has it no more.</summary>
    public bool MayBeUsed(DateTimeOffset at) => Holds(at) || (IsCutShort && TakenAt <= at && at < ExpiresAt);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(DosingRight);

    /// <summary>
    /// Until when a right that is taken now holds: to the end of the clinical day on which the next session is agreed or can be, at the soonest; where that is not known, or has passed, and at
    /// most, <see cref="HoursMax"/>.
    /// </summary>
    internal static DateTimeOffset ExpiryOf(PatientState state, DateTimeOffset now)
    {
        var latest = now.AddHours(HoursMax);
        var session = FollowUpCalendar.Of(state, FollowUpCatalogue.BeforeSession, now).LastOrDefault(v => v.IsSession);
        var day = session is null ? (DateOnly?)null : session.PlannedOn ?? FollowUpCalendar.PlanningDays(state, session).First;
        return day >= state.DayOf(now) && ClinicTime.StartOf(day.Value.AddDays(1), state.TimeZone) is var over && over < latest ? over : latest;
    }

    internal static Refusal? CheckSite(ClinicId? site) => site is null ? Refusal.Invalid("SITE_MISSING", "clinicnetwork-site", "Act for the clinic that is, or will be, the dosing site.") : null;

    /// <summary>An act of the dosing site.</summary>
    internal static Refusal? CheckHolder(PatientState state, ClinicId? site, DateTimeOffset now) => CheckSite(site) ?? (state.DosingAt(now)?.Site == site ? null : NotYours);

    internal static Refusal? CheckTreatment(PatientState state) =>
        state.Death is not null ? Death.Died
        : state.Plan is null ? Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.")
        : state.EndedAt is not null ? Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended.")
        : PlanConflict.IsUnresolved(state) ? PlanConflict.Unresolved
        : null;
}

/// <summary>A clinic is the dosing site, or for longer or shorter than it was.</summary>
/// <param name="Right">Of the same beginning as the last one: it takes its place.</param>
[GenerateSerializer, Immutable, Alias("dosing-taken")]
public sealed record DosingTaken([property: Id(0)] DosingRight Right, [property: Id(1)] string Actor) : IEvent;

/// <summary>The dosing site made another clinic that.</summary>
[GenerateSerializer, Immutable, Alias("dosing-passed")]
public sealed record DosingPassed([property: Id(0)] DosingRight Right, [property: Id(1)] string Actor) : IEvent;

/// <summary>The dosing site gave the right back.</summary>
[GenerateSerializer, Immutable, Alias("dosing-ended")]
public sealed record DosingEnded([property: Id(0)] ClinicId Site, [property: Id(1)] string Actor, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <param name="Right">As it is now.</param>
[GenerateSerializer, Immutable, Alias("dosing-answer")]
public sealed record DosingAnswer([property: Id(0)] DosingRight Right);
