namespace ClinicNetwork.Cli.Demo;

/// <summary>A made-up clinic.</summary>
internal sealed record DemoClinic(string Name, string DisplayName, string TimeZone)
{
    internal static IReadOnlyList<DemoClinic> All { get; } =
    [
        new("clinics/harbour", "Harbour Clinic, Hamburg", "Europe/Berlin"),
        new("clinics/hillside", "Hillside Clinic, New York", "America/New_York"),
        new("clinics/riverside", "Riverside Clinic, London", "Europe/London"),
        new("clinics/southgate", "Southgate Clinic, Melbourne", "Australia/Melbourne"),
    ];

    internal TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    internal DateTimeOffset Instant(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
