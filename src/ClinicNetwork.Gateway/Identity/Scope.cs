using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>What somebody may be, and for whom: roles, and sites or the whole network; or one patient, for itself.</summary>
/// <param name="Sites">Of no meaning when it is the network. None and not the network: it may act for nobody.</param>
internal sealed record Scope(Roles Roles, IReadOnlySet<ClinicId> Sites, bool IsNetwork)
{
    /// <summary>The one patient that this is; null: it is none.</summary>
    public PatientId? Patient { get; private init; }

    /// <summary>No site and not the network.</summary>
    public bool IsNowhere => !IsNetwork && Sites.Count == 0;

    /// <summary>Of a patient: whatever else it holds falls away, and it acts for no site.</summary>
    /// <param name="roles">Without the patient's among them it may do nothing.</param>
    public static Scope Of(PatientId patient, Roles roles) => new(roles & Roles.Patient, new HashSet<ClinicId>(), true) { Patient = patient };

    /// <param name="site">Null: the network, or the patient itself.</param>
    public bool MayActFor(ClinicId? site) => Patient is null ? IsNetwork || (site is { } one && Sites.Contains(one)) : site is null;

    /// <summary>What both allow; the network, or a patient, only when neither says less.</summary>
    public Scope Within(Scope other) => (Patient ?? other.Patient) is { } patient
        ? Of(patient, IsNetwork && other.IsNetwork && (other.Patient ?? patient) == (Patient ?? patient) ? Roles & other.Roles : Roles.None)
        : new(
            Roles & other.Roles,
            IsNetwork ? other.Sites : other.IsNetwork ? Sites : Sites.Where(other.Sites.Contains).ToHashSet(),
            IsNetwork && other.IsNetwork);
}
