namespace ClinicNetwork.Domain.Partners;

/// <summary>Where an agreement stands.</summary>
[GenerateSerializer, Alias("agreement-status")]
public enum AgreementStatus
{
    /// <summary>Its terms may still change.</summary>
    Draft = 1,

    /// <summary>It waits for a second person.</summary>
    Proposed = 2,

    /// <summary>Two persons wanted it; it holds in its period.</summary>
    Active = 3,

    /// <summary>Nothing is given for now; two persons resume it.</summary>
    Suspended = 4,

    /// <summary>Somebody ended it, for good.</summary>
    Ended = 5,

    /// <summary>Its period is over.</summary>
    Expired = 6,
}

/// <summary>How states are written in the store and on the command line.</summary>
public static class AgreementStatuses
{
    public static string NameOf(AgreementStatus status) => status switch
    {
        AgreementStatus.Draft => "DRAFT",
        AgreementStatus.Proposed => "PROPOSED",
        AgreementStatus.Active => "ACTIVE",
        AgreementStatus.Suspended => "SUSPENDED",
        AgreementStatus.Ended => "ENDED",
        AgreementStatus.Expired => "EXPIRED",
        _ => throw new InvalidOperationException($"{(int)status} is no state of an agreement."),
    };
}
