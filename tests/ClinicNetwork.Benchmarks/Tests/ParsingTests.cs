using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Tests;

public class ParsingTests
{
    [Fact]
    public void Cpu_ticks_are_the_fields_14_to_17_whatever_the_name_holds() =>
        Assert.Equal(11 + 22 + 33 + 44, CpuMeter.TicksOf("4242 (a) name (1 2) S 1 4242 4242 0 -1 4194304 1 2 3 4 11 22 33 44 20 0 1 0 99"));

    [Fact]
    public void Our_own_cpu_grows_when_we_work()
    {
        var meter = new CpuMeter(Environment.ProcessId);
        var before = meter.Read();

        while (meter.Read() == before)
        {
        }

        Assert.True(meter.Read() > before);
    }

    [Fact]
    public void Idle_and_waiting_for_a_disk_is_not_busy() =>
        Assert.Equal((10 + 1 + 20 + 2 + 3 + 4, 36 + 4 + 1000 + 50 + 0), MachineFacts.BusyTicks("cpu  10 1 20 1000 50 2 3 4 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0") is var (busy, all) ? (busy, all) : default);

    [Fact]
    public void Resident_memory_is_told_in_bytes() => Assert.Equal(123_456L * 1024, ProcessMemory.Parse("Name:\tx\nVmRSS:\t  123456 kB\nThreads:\t3\n"));

    [Fact]
    public void Pgbenchs_rate_is_the_one_without_connecting() =>
        Assert.Equal(14321.5, Pgbench.Rate("latency average = 2.2 ms\ninitial connection time = 40.1 ms\ntps = 14321.500000 (without initial connection time)\n"));

    [Fact]
    public void Pgbenchs_log_has_the_latency_in_microseconds() => Assert.Equal(2.345f, Pgbench.LatencyMs("0 199 2345 0 1175850568 995598"));

    [Theory]
    [InlineData("ClinicNetwork 0.1.0 serves http://127.0.0.1:5070 on /data/a", "http://127.0.0.1:5070")]
    [InlineData("ClinicNetwork 0.1.0 silo 127.0.0.1:11111 on /data/a", "127.0.0.1:11111")]
    [InlineData("12:00:00 info: ClinicNetwork starts", null)]
    public void A_server_is_ready_when_it_says_so(string line, string? address) => Assert.Equal(address, Programs.ServerReady(line));
}
