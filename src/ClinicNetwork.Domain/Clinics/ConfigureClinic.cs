namespace ClinicNetwork.Domain.Clinics;

/// <summary>
/// Settings of a clinic change; what is not given stays. Refused: CLINIC_NOT_FOUND, CLINIC_KEY_DESTROYED, NOTHING_TO_CHANGE, TEXT_INVALID, CERTIFICATE_DAYS_INVALID,
/// RETENTION_RULE_UNKNOWN, RETENTION_OUT_OF_RANGE.
/// </summary>
/// <param name="Certificate">Of the programme for esketamine; from then on its days decide, not the flag of the registration.</param>
/// <param name="RetentionRule">Id of one of the rules.</param>
/// <param name="RetentionYears">The clinic's own instead of the rule's, 1 to 100; 0 takes the rule's again.</param>
[GenerateSerializer, Immutable, Alias("configure-clinic")]
public sealed record ConfigureClinic(
    [property: Id(0)] RemsCertificate? Certificate = null, [property: Id(1)] string? RetentionRule = null, [property: Id(2)] int? RetentionYears = null)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ConfigureClinic);

    public static Decision<Accepted> Decide(ClinicState state, ConfigureClinic command, DateTimeOffset now)
    {
        _ = now;
        if (!state.Exists)
        {
            return Refusal.NotFound("CLINIC_NOT_FOUND", "clinic", "There is no such clinic; list the clinics.");
        }

        return (state.KeyDestroyed ? ClinicState.RefuseKeyDestroyed("clinic") : Check(command)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new ClinicConfigured(command.Certificate, command.RetentionRule, command.RetentionYears));
    }

    private static Refusal? Check(ConfigureClinic command) =>
        command is { Certificate: null, RetentionRule: null, RetentionYears: null } ? Refusal.Invalid("NOTHING_TO_CHANGE", "clinic", "Give at least one setting.")
        : command.RetentionRule is { } rule && Retention.Find(rule) is null
            ? Refusal.Invalid("RETENTION_RULE_UNKNOWN", "retention_rule", $"Give one of {string.Join(", ", Retention.All.Select(r => r.Id).Distinct())}.")
        : command.RetentionYears is < 0 or > Retention.YearsMax ? Refusal.Invalid("RETENTION_OUT_OF_RANGE", "retention_years", $"Give 1 to {Retention.YearsMax} years, or 0 for the rule's.")
        : command.Certificate is not { } certificate ? null
        : certificate.LastDay < certificate.FirstDay ? Refusal.Invalid("CERTIFICATE_DAYS_INVALID", "rems_certificate.last_day", "Give a last day that is not before the first.")
        : Texts.Check(certificate.Number, 1, 40, "rems_certificate.number");
}

/// <summary>A setting's certificate of the programme for esketamine.</summary>
/// <param name="Number">The programme's own.</param>
/// <param name="FirstDay">In the clinic's days, included.</param>
/// <param name="LastDay">Included; null: until it is said otherwise.</param>
[GenerateSerializer, Immutable, Alias("rems-certificate")]
public sealed record RemsCertificate([property: Id(0)] string Number, [property: Id(1)] DateOnly FirstDay, [property: Id(2)] DateOnly? LastDay)
{
    public bool Holds(DateOnly day) => day >= FirstDay && (LastDay is not { } last || day <= last);
}

/// <summary>What is null was not changed.</summary>
[GenerateSerializer, Immutable, Alias("clinic-configured")]
public sealed record ClinicConfigured(
    [property: Id(0)] RemsCertificate? Certificate, [property: Id(1)] string? RetentionRule, [property: Id(2)] int? RetentionYears) : IEvent;
