using System.Globalization;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Time;

/// <summary>Clinical days in the clinic's zone, over clock changes (IANA time zone database).</summary>
public sealed class ClinicDayTests
{
    /// <summary>Both directions, both hemispheres, half-hour changes, midnights that are skipped (São Paulo, Cairo, Beirut, Santiago) or come twice (Havana, Azores, St John's until 2011).</summary>
    private static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "Australia/Melbourne", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "America/Havana",
        "Atlantic/Azores", "America/St_Johns", "America/Santiago", "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu", "Pacific/Auckland", "Etc/UTC",
    ];

    [Theory]
    [InlineData("Europe/Berlin", "2025-03-30", "2025-03-29T23:00", 23)]
    [InlineData("Europe/Berlin", "2025-10-26", "2025-10-25T22:00", 25)]
    [InlineData("America/New_York", "2025-03-09", "2025-03-09T05:00", 23)]
    [InlineData("America/New_York", "2025-11-02", "2025-11-02T04:00", 25)]
    [InlineData("Australia/Melbourne", "2025-04-06", "2025-04-05T13:00", 25)]
    [InlineData("Australia/Melbourne", "2025-10-05", "2025-10-04T14:00", 23)]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", 23)] // 00:00 became 01:00
    [InlineData("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", 25)] // 24:00 became 23:00
    [InlineData("Africa/Cairo", "2023-04-28", "2023-04-27T22:00", 23)] // 00:00 became 01:00
    [InlineData("America/Havana", "2023-11-05", "2023-11-05T04:00", 25)] // 01:00 became 00:00: midnight twice
    [InlineData("Atlantic/Azores", "2025-10-26", "2025-10-26T00:00", 25)]
    [InlineData("Asia/Kathmandu", "2025-01-01", "2024-12-31T18:15", 24)]
    public void A_day_starts_at_its_first_instant_and_lasts_23_24_or_25_hours(string zone, string day, string startUtc, int hours)
    {
        var date = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        var start = DateTimeOffset.Parse(startUtc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        Assert.Equal(start, ClinicTime.StartOf(date, zone));
        Assert.Equal(TimeSpan.Zero, ClinicTime.StartOf(date, zone).Offset);
        Assert.Equal(TimeSpan.FromHours(hours), ClinicTime.StartOf(date.AddDays(1), zone) - start);
    }

    /// <summary>In zones that later gave up summer time, .NET's IsInvalidTime says that a skipped midnight exists.</summary>
    [Theory]
    [InlineData("America/Asuncion", "2022-10-02", "2022-10-02T04:00")] // 00:00 became 01:00
    [InlineData("Asia/Amman", "2022-02-25", "2022-02-24T22:00")] // 00:00 became 01:00
    public void A_skipped_midnight_is_found_also_where_summer_time_was_given_up_later(string zone, string day, string startUtc)
    {
        var date = DateOnly.Parse(day, CultureInfo.InvariantCulture);

        Assert.Equal(DateTimeOffset.Parse(startUtc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), ClinicTime.StartOf(date, zone));
    }

    [Fact]
    public void The_first_instant_belongs_to_the_day_and_the_one_before_does_not() =>
        Gen.Select(Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]), Gen.Int[new DateOnly(1990, 1, 1).DayNumber, new DateOnly(2040, 12, 31).DayNumber])
            .Sample(
                (zone, number) =>
                {
                    var day = DateOnly.FromDayNumber(number);
                    var start = ClinicTime.StartOf(day, zone);
                    Assert.Equal(day, ClinicTime.DayOf(start, zone));
                    Assert.Equal(day.AddDays(-1), ClinicTime.DayOf(start.AddTicks(-1), zone));
                },
                iter: 20_000,
                threads: 1);

    /// <summary>Also in the hour that comes again before a midnight, of which the first one counts: each instant is in the day that began last.</summary>
    [Fact]
    public void Each_instant_is_between_the_beginnings_of_its_day_and_of_the_next() =>
        Gen.Select(Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]), Gen.Long[0, 55L * 365 * 24 * 60])
            .Sample(
                (zone, minute) =>
                {
                    var instant = new DateTimeOffset(1975, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
                    var day = ClinicTime.DayOf(instant, zone);
                    Assert.True(ClinicTime.StartOf(day, zone) <= instant && instant < ClinicTime.StartOf(day.AddDays(1), zone));
                },
                iter: 20_000,
                threads: 1);

    /// <summary>What is kept of a zone says what the zone says; Apia has no 30 December 2011.</summary>
    [Fact]
    public void The_day_is_the_calendars_in_the_zone() =>
        Gen.Select(Gen.Int[0, 9].Select(i => i < 7 ? Zones[i] : ((string[])["Pacific/Apia", "America/Asuncion", "Asia/Amman"])[i - 7]), Gen.Long[0, 200L * 365 * 24 * 60])
            .Sample(
                (zone, minute) =>
                {
                    var instant = new DateTimeOffset(1920, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
                    Assert.Equal(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime), ClinicTime.DayOf(instant, zone));
                },
                iter: 20_000,
                threads: 1);

    [Fact]
    public void Days_of_instants_never_run_backwards() =>
        Gen.Select(Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]), Gen.Long[0, 20L * 365 * 24 * 60], Gen.Int[0, 3000])
            .Sample(
                (zone, minute, later) =>
                {
                    var instant = new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
                    Assert.True(ClinicTime.DayOf(instant, zone) <= ClinicTime.DayOf(instant.AddMinutes(later), zone));
                },
                iter: 5_000,
                threads: 1);

    [Theory]
    [InlineData("2025-03-30T21:59:59", 30)] // CEST since 01:00 UTC
    [InlineData("2025-03-30T22:00:00", 31)]
    [InlineData("2025-03-29T22:59:59", 29)]
    [InlineData("2025-03-29T23:00:00", 30)]
    public void An_instant_near_midnight_falls_on_the_clinics_day(string utc, int day)
    {
        var instant = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        Assert.Equal(day, ClinicTime.DayOf(instant, "Europe/Berlin").Day);
        Assert.Equal(day, ClinicTime.DayOf(instant.ToOffset(TimeSpan.FromHours(-8)), "Europe/Berlin").Day);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_callers_clock_may_be_two_seconds_ahead(int seconds, bool accepted)
    {
        var now = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(accepted, ClinicTime.CheckOccurred(now.AddSeconds(seconds), now) is null);
    }

    [Fact]
    public void Every_zone_of_these_tests_is_an_IANA_zone() => Assert.All(Zones, zone => Assert.True(ClinicTime.IsTimeZone(zone)));

    [Theory]
    [InlineData("Europe/../Europe/Berlin")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData("Europe/Berlin ")]
    [InlineData("Europe/")]
    [InlineData("UTC")]
    public void What_is_no_IANA_name_is_no_time_zone(string zone) => Assert.False(ClinicTime.IsTimeZone(zone));
}
