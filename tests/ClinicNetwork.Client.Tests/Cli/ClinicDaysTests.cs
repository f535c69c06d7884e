using ClinicNetwork.Cli.Demo;
using CsCheck;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class ClinicDaysTests
{
    private static readonly DateTimeOffset Start = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ClinicDay[]> Days = Gen.Select(Gen.Int[0, 400], Gen.Int[1, 14])
        .Select((hour, rest) => new ClinicDay(Start.AddHours(hour), Start.AddHours(hour + rest))).Array[0, 60];

    [Fact]
    public void Every_clinics_day_has_a_stop_between_its_last_event_and_its_midnight() =>
        Days.Sample(days =>
        {
            var stops = ClinicDays.Stops(days);
            Assert.All(days, day => Assert.Contains(stops, stop => stop >= day.LastEvent && stop < day.Midnight));
            Assert.Equal(stops.Order(), stops);
        });

    [Fact]
    public void Days_of_four_time_zones_need_two_stops()
    {
        var day = new DateOnly(2025, 7, 2);
        var days = DemoClinic.All.Select(
            clinic => new ClinicDay(clinic.Instant(day, new(16, 30)), clinic.Instant(day.AddDays(1), TimeOnly.MinValue)));

        Assert.Equal(2, ClinicDays.Stops(days).Count);
    }
}
