using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What sites may see and do of a patient.</summary>
public sealed partial record PatientState
{
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
