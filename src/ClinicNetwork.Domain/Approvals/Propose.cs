using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Approvals;

/// <summary>The first of two persons says what shall be done and why. Refused: APPROVAL_EXISTS, TEXT_INVALID, HOURS_INVALID, NOT_A_PERSON, RETENTION_NOT_OVER.</summary>
/// <param name="Subject">Resource name of what it is done to, a patient, a clinic or an agreement as the kind says; the grain looks it up.</param>
/// <param name="Reason">1 to 500 characters; the second person reads it.</param>
/// <param name="Hours">Until it expires, 1 to 168; 0: 72.</param>
/// <param name="Ground">Of an erasure: what asks for it although the record would have to be kept.</param>
[GenerateSerializer, Immutable, Alias("propose")]
public sealed record Propose(
    [property: Id(0)] ApprovalId Approval,
    [property: Id(1)] ApprovalKind Kind,
    [property: Id(2)] string Subject,
    [property: Id(3)] string Reason,
    [property: Id(4)] int Hours,
    [property: Id(80)] ErasureGround Ground = ErasureGround.None)
{
    /// <summary>A weekend lies within it ([K], our bound).</summary>
    public const int HoursUsual = 72;

    /// <summary>After a week what was proposed may be about something else ([K], our bound).</summary>
    public const int HoursMax = 168;

    private const int ReasonLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(Propose);

    /// <param name="site">The clinic whose the subject is; null: it is the network's own.</param>
    /// <param name="kept">Of an erasure: the patient, and for how many years after the last contact the clinic keeps records.</param>
    /// <param name="offer">Of an agreement: its terms.</param>
    public static Decision<ApprovalAnswer> Decide(
        ApprovalState state, Propose command, ClinicId? site, Person by, DateTimeOffset now, (PatientState Patient, int Years)? kept = null, AgreementOffer? offer = null)
    {
        if (state.Exists)
        {
            return Refusal.Exists("APPROVAL_EXISTS", "approval", "Choose another id: what was proposed is never changed.");
        }

        if (Check(command.Reason, command.Hours, by) is { } refusal)
        {
            return refusal;
        }

        if (kept is { } record && command.Ground == ErasureGround.None && Retention.RefuseKept(record.Patient, record.Years, now) is { } early)
        {
            return early;
        }

        var until = EndOf(command.Hours, now);
        return Decision<ApprovalAnswer>.Accept(
            new ApprovalAnswer(until),
            new ApprovalProposed(command.Approval, command.Kind, command.Subject, site, command.Reason, by, now, until)
            {
                Ground = command.Ground, RetentionYears = kept?.Years, Offer = offer,
            });
    }

    /// <summary>Whatever it is about. Refused: TEXT_INVALID, NOT_A_PERSON, HOURS_INVALID.</summary>
    public static Refusal? Check(string reason, int hours, Person by) =>
        Texts.Check(reason, 1, ReasonLengthMax, "reason") ?? by.RefuseMachine()
        ?? (hours is < 0 or > HoursMax ? Refusal.Invalid("HOURS_INVALID", "hours", $"Give 1 to {HoursMax}, or 0 for {HoursUsual}.") : null);

    public static DateTimeOffset EndOf(int hours, DateTimeOffset now) => now.AddHours(hours == 0 ? HoursUsual : hours);
}

/// <param name="ExpiresAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("approval-answer")]
public sealed record ApprovalAnswer([property: Id(0)] DateTimeOffset ExpiresAt);
