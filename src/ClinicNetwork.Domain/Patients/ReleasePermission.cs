namespace ClinicNetwork.Domain.Patients;

/// <summary>What anonymised outcomes may be used for.</summary>
[GenerateSerializer, Alias("research-purpose")]
public enum ResearchPurpose
{
    /// <summary>Research; what every consent before 0.6 was given for.</summary>
    Research = 16,

    /// <summary>Comparing and improving care.</summary>
    QualityImprovement = 32,

    /// <summary>Watching the safety of drugs.</summary>
    SafetyMonitoring = 64,

    /// <summary>Making products.</summary>
    ProductDevelopment = 128,
}

/// <summary>What a person permits, as bits: classes of recipients (1 to 8, <see cref="RecipientClass"/>) and purposes (16 to 128, <see cref="ResearchPurpose"/>).</summary>
public static class ReleasePermission
{
    public const int Classes = 0x0F;

    public const int Purposes = 0xF0;

    public static int Of(RecipientClass recipient, ResearchPurpose purpose) => (int)recipient | (int)purpose;

    /// <summary>Whether it permits anybody anything: at least one class and one purpose.</summary>
    public static bool PermitsSome(int permission) => (permission & Classes) != 0 && (permission & Purposes) != 0;

    /// <param name="required">One class and one purpose.</param>
    public static bool Permits(int permission, int required) => (permission & required) == required;
}
