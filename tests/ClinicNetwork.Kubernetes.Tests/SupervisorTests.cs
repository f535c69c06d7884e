using ClinicNetwork.Cli.Servers;

namespace ClinicNetwork.Kubernetes.Tests;

public class SupervisorTests
{
    [Fact]
    public void The_command_line_waits_for_a_server_as_long_as_the_server_names_to_supervisors() =>
        Assert.Equal(ServerFacts.GraceSeconds, StopPatience.Seconds);

    [Fact]
    public void A_supervisor_waits_longer_than_the_longest_stop() => Assert.True(StopPatience.Seconds > ServerFacts.ShutdownSecondsMax);
}
