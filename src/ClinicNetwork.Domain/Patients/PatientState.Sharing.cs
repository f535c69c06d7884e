using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What sites may see and do of a patient.</summary>
public sealed partial record PatientState
{
    private static readonly Refusal ReadOnly = Refusal.Denied("SITE_READ_ONLY", "patient", "This site may read the patient, not change it.");

    /// <summary>To a site that may see the patient, and not all that something is about.</summary>
    public static readonly Refusal OtherSections = Refusal.Denied(
        "SECTION_NOT_SHARED", "patient", "What this is about, or some of it, is in a section of the plan that this site may not change; the home clinic can share it.");

    /// <summary>Why a site that may see the patient may not change these sections without an emergency; null: it may.</summary>
    public Refusal? RefuseChange(ClinicId? site, PlanSections sections) => WritableBy(site) is var writable && writable.HasFlag(sections) ? null : writable == PlanSections.None ? ReadOnly : OtherSections;

    /// <summary>What a site may read without an emergency; the network itself (no site) and the home clinic all.</summary>
    public PlanSections ReadableBy(ClinicId? site) => IsOfHome(site) ? PlanSections.All : Sites.FirstOrDefault(g => g.Site == site)?.Readable ?? PlanSections.None;

    /// <summary>What a site may change without an emergency.</summary>
    public PlanSections WritableBy(ClinicId? site) => IsOfHome(site) ? PlanSections.All : Sites.FirstOrDefault(g => g.Site == site)?.Writable ?? PlanSections.None;

    /// <summary>The home clinic, or the network itself.</summary>
    public bool IsOfHome(ClinicId? site) => site is not { } clinic || clinic == HomeClinic;

    /// <summary>The site's emergency access that is open at a time.</summary>
    public EmergencyAccess? FindEmergency(ClinicId? site, DateTimeOffset now) => EmergencyAccesses.LastOrDefault(e => e.Site == site && e.IsOpen(now));

    public EmergencyAccess? FindEmergency(int number) => number >= 1 && number <= EmergencyAccesses.Length ? EmergencyAccesses[number - 1] : null;

    public Transfer? FindTransfer(int number) => number >= 1 && number <= Transfers.Length ? Transfers[number - 1] : null;

    private PatientState WithEmergency(int number, Func<EmergencyAccess, EmergencyAccess> change)
    {
        var access = FindEmergency(number) ?? throw new InvalidOperationException("An event names an emergency access that was never given.");
        return this with { EmergencyAccesses = EmergencyAccesses.SetItem(number - 1, change(access)) };
    }

    private PatientState WithTransfer(int number, Func<Transfer, Transfer> change)
    {
        var transfer = FindTransfer(number) ?? throw new InvalidOperationException("An event names a transfer that was never offered.");
        return this with { Transfers = Transfers.SetItem(number - 1, change(transfer)) };
    }
}
