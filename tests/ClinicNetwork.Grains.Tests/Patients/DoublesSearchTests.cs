using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

public sealed class DoublesSearchTests
{
    [Fact]
    public void A_silo_that_finds_nobody_to_compare_looks_less_and_less_often_and_each_second_while_there_is_somebody()
    {
        var (pause, seconds) = (TimeSpan.FromSeconds(1), new List<double>());
        foreach (var compared in (int[])[0, 0, 0, 0, 3, 200, 0])
            seconds.Add((pause = DoublesSearch.PauseAfter(pause, compared)).TotalSeconds);
        Assert.Equal([2, 4, 5, 5, 1, 1, 2], seconds);
    }
}
