using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains;

/// <summary>One line when something begins to fail and one when it works again, not one for each try. For one thread at a time.</summary>
/// <param name="waits">Said before the problem, for example <c>What is due waits</c>.</param>
/// <param name="again">Said when it is over.</param>
public sealed class TroubleLine(ILogger log, string waits, string again)
{
    private bool _failing;

    /// <param name="problem">Null: this try went well.</param>
    public void Tell(string? problem)
    {
        if (problem is not null && !_failing)
        {
            log.LogWarning("{What}: {Problem}", waits, problem);
        }
        else if (problem is null && _failing)
        {
            log.LogInformation("{What}", again);
        }

        _failing = problem is not null;
    }
}
