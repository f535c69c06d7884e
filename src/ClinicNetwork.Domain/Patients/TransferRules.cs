using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What the acts of a transfer have in common.</summary>
public static class TransferRules
{
    /// <summary>The offer that nobody withdrew or answered and whose time is not over; there is one at a time.</summary>
    public static Transfer? OpenAt(PatientState state, DateTimeOffset now) => state.Transfers.LastOrDefault() is { } last && last.IsOpen(now) ? last : null;

    /// <summary>Whether the site may know of the patient because of this offer alone; whether its time is over is told then.</summary>
    public static bool IsOfferedTo(PatientState state, int number, ClinicId? site) =>
        state.FindTransfer(number) is { Status: TransferStatus.Offered } offer && offer.To == site;

    internal static Refusal? CheckSite(ClinicId? site) =>
        site is null ? Refusal.Invalid("SITE_MISSING", "clinicnetwork-site", "Act for the clinic that offers the patient, or for the one that it is offered to.") : null;

    /// <summary>An act of the home clinic.</summary>
    internal static Refusal? CheckHome(PatientState state, ClinicId? site) =>
        CheckSite(site) ?? (site != state.HomeClinic ? Refusal.Denied("SITE_NOT_HOME", "patient", "The home clinic offers the patient's care, and withdraws its offer.") : null);

    /// <summary>An act of the clinic that the patient is offered to.</summary>
    internal static Refusal? CheckReceiver(PatientState state, int number, ClinicId? site) =>
        CheckSite(site)
        ?? (state.FindTransfer(number) is { } offer && offer.To != site ? Refusal.Denied("SITE_NOT_RECEIVER", "patient", "The clinic that the patient is offered to accepts or declines.") : null);

    /// <summary>Null: it can still be withdrawn or answered.</summary>
    internal static Refusal? CheckOpen(PatientState state, int number, DateTimeOffset now) => state.FindTransfer(number) switch
    {
        null => Refusal.Precondition("TRANSFER_UNKNOWN", "number", "This patient has no transfer of this number; list the transfers."),
        { Status: not TransferStatus.Offered } => Refusal.Precondition("TRANSFER_CLOSED", "number", "This offer was withdrawn, accepted or declined already."),
        { } offer => offer.IsOpen(now) ? null : Refusal.Precondition("TRANSFER_EXPIRED", "number", "The time of this offer is over; let the home clinic offer the patient again."),
    };
}
