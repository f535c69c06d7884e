using ClinicNetwork.Benchmarks.Machine;
using Grpc.Core;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>Calls that prepare a measurement: on a busy machine the server may have to say "come back". Measured calls are never repeated.</summary>
internal static class Insistently
{
    private const int AttemptsMax = 50;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    public static async Task CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable && attempt < AttemptsMax)
            {
                await Pause.ForAsync(Wait, cancellationToken);
            }
        }
    }
}
