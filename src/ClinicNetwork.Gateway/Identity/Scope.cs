using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>What somebody may be, and for whom: roles, and sites or the whole network; or one patient or one partner, for itself.</summary>
/// <param name="Sites">Of no meaning when it is the network. None and not the network: it may act for nobody.</param>
internal sealed record Scope(Roles Roles, IReadOnlySet<ClinicId> Sites, bool IsNetwork)
{
    /// <summary>The one patient that this is; null: it is none.</summary>
    public PatientId? Patient { get; private init; }

    /// <summary>The one partner that this is; null: it is none.</summary>
    public PartnerId? Partner { get; private init; }

    /// <summary>No site and not the network.</summary>
    public bool IsNowhere => !IsNetwork && Sites.Count == 0;

    /// <summary>Of a patient: whatever else it holds falls away, and it acts for no site.</summary>
    /// <param name="roles">Without the patient's among them it may do nothing.</param>
    public static Scope Of(PatientId patient, Roles roles) => new(roles & Roles.Patient, new HashSet<ClinicId>(), true) { Patient = patient };

    /// <summary>Of a partner: it is a registry, whatever else it holds falls away, and it acts for no site.</summary>
    /// <param name="roles">Without the registry's among them it may do nothing.</param>
    public static Scope Of(PartnerId partner, Roles roles) => new(roles & Roles.Registry, new HashSet<ClinicId>(), true) { Partner = partner };

    /// <param name="site">Null: the network, or the patient or partner itself.</param>
    public bool MayActFor(ClinicId? site) => Patient is null && Partner is null ? IsNetwork || (site is { } one && Sites.Contains(one)) : site is null;

    /// <summary>What both allow; the network, a patient or a partner, only when neither says less.</summary>
    public Scope Within(Scope other)
    {
        var agreed = IsNetwork && other.IsNetwork && (other.Patient ?? Patient) == (Patient ?? other.Patient) && (other.Partner ?? Partner) == (Partner ?? other.Partner)
            ? Roles & other.Roles
            : Roles.None;
        return (Patient ?? other.Patient) is { } patient ? Of(patient, agreed)
            : (Partner ?? other.Partner) is { } partner ? Of(partner, agreed)
            : new(
                Roles & other.Roles,
                IsNetwork ? other.Sites : other.IsNetwork ? Sites : Sites.Where(other.Sites.Contains).ToHashSet(),
                IsNetwork && other.IsNetwork);
    }
}
