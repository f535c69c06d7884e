using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace ClinicNetwork.Simulation.Tests;

public class DeterminismTests
{
    [Fact]
    public void The_same_spec_draws_the_same_cohort() =>
        Specs.Any.Sample(spec => Print(Cohort.Draw(spec)) == Print(Cohort.Draw(spec)), iter: 50, threads: 2);

    [Fact]
    public void A_longer_cohort_starts_with_the_shorter_one() =>
        Assert.Equal(Print(Cohort.Draw(Specs.Demo with { Patients = 20 })), Print([.. Cohort.Draw(Specs.Demo with { Patients = 60 }).Take(20)]));

    [Fact]
    public void Another_seed_draws_another_cohort() =>
        Assert.NotEqual(Print(Cohort.Draw(Specs.Demo)), Print(Cohort.Draw(Specs.Demo with { Seed = 2 })));

    [Fact]
    public void Thread_and_culture_do_not_matter()
    {
        var here = Print(Cohort.Draw(Specs.Demo));
        var there = new string[4];
        var threads = there.Select((_, i) => new Thread(() =>
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = culture;
            there[i] = Print(Cohort.Draw(Specs.Demo));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(there, print => Assert.Equal(here, print));
    }

    /// <summary>Fails on any change of any draw. If the change is meant, raise CourseModel.Version and take the new value.</summary>
    [Fact]
    public void The_demo_cohort_of_seed_1_is_the_one_of_version_1()
    {
        Assert.Equal(1, Specs.Demo.Course.Version);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(Print(Cohort.Draw(Specs.Demo))));
        Assert.Equal("67c1b64c132c5dbef39808275007e13f79a98d94e9284ce2975b60b788cfa763", Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Who_misses_a_visit_does_not_change_the_course()
    {
        var flattering = CourseModel.McInnes2022Fit with { Visits = new VisitRates { NonResponderMissRatio = 3, LeftInduction = 0.3 } };
        var cohort = Cohort.Draw(Specs.Demo);
        var other = Cohort.Draw(Specs.Demo with { Course = flattering });
        Assert.Equal(cohort.Select(patient => patient.Truth), other.Select(patient => patient.Truth));
        Assert.Equal(cohort.Select(patient => patient.BirthDate), other.Select(patient => patient.BirthDate));
    }

    private static string Print(IReadOnlyList<VirtualPatient> cohort)
    {
        var text = new StringBuilder();
        foreach (var patient in cohort)
        {
            text.Append(JsonSerializer.Serialize(patient with { Events = [] })).Append('\n');
            foreach (var happened in patient.Events)
                text.Append(happened.GetType().Name).Append(JsonSerializer.Serialize(happened, happened.GetType())).Append('\n');
        }
        return text.ToString();
    }
}
