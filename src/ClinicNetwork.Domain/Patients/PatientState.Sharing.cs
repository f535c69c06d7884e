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
}
