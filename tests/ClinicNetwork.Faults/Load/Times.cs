using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Faults.Load;

/// <summary>When things are said to have happened: whole days before today, so that no run is refused for its clock.</summary>
internal static class Times
{
    /// <summary>Days between a course's beginning and today. The first closes its first follow-up at the coming midnight: whoever is a day ahead closes it early.</summary>
    private static readonly int[] CourseDaysAgo = [59, 70, 100, 130, 160, 300, 500, 20];

    private const int StartHour = 9;

    public static DateOnly Today { get; } = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public static Timestamp Past { get; } = PastBy(0);

    public static Timestamp PastBy(int minutes) => At(Today.AddDays(-510), minutes);

    public static DateOnly FirstDose(int number) => Today.AddDays(-CourseDaysAgo[number % CourseDaysAgo.Length]);

    public static Timestamp At(DateOnly day, int minutes) => day.ToDateTime(new TimeOnly(StartHour, 0), DateTimeKind.Utc).AddMinutes(minutes).ToTimestamp();
}
