using System.Collections.Concurrent;
using ClinicNetwork.BlackBox.Tests.Care;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>One command with its id, and what its attempts were told.</summary>
/// <param name="Refusable">True when the state may refuse it (a plan revision on an old etag).</param>
/// <param name="Send">Sends the very same message each time; the answer is the whole response message.</param>
internal sealed record Operation(string RequestId, string Patient, string Command, bool Refusable, Func<Network, Task<(long Version, IMessage Answer)>> Send)
{
    private readonly ConcurrentBag<(long Version, IMessage Answer)> _answers = [];
    private int _unknown;
    private int _refused;

    public bool Acknowledged => !_answers.IsEmpty;

    /// <summary>Some attempt ended without a definite answer, none was acknowledged.</summary>
    public bool Unknown => !Acknowledged && _unknown > 0;

    public bool OnlyRefused => !Acknowledged && _unknown == 0 && _refused > 0;

    public long Version => _answers.First().Version;

    public IReadOnlyCollection<(long Version, IMessage Answer)> Answers => _answers;

    /// <summary>True when acknowledged.</summary>
    public async Task<bool> AttemptAsync(Network network)
    {
        try
        {
            _answers.Add(await Send(network));
            return true;
        }
        catch (RpcException exception) when (IsUnknown(exception))
        {
            Interlocked.Increment(ref _unknown);
        }
        catch (RpcException exception) when (Refusable && exception.StatusCode == StatusCode.Aborted)
        {
            Interlocked.Increment(ref _refused);
        }
        catch (RpcException exception)
        {
            // Nothing in this load is refused, and a duplicate gets its stored answer.
            Assert.Fail($"I5, an attempt of {Command} at {Patient} ({(Acknowledged ? "acknowledged before" : "not acknowledged yet")}) got {exception.StatusCode}: {exception.Status.Detail}");
        }

        return false;
    }

    /// <summary>The connection went, or the server does not know: nothing is said of the command. Any other answer is none that this load may get.</summary>
    private static bool IsUnknown(RpcException exception) =>
        exception.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.DeadlineExceeded
        || (exception.StatusCode == StatusCode.Internal && exception.InnerException is not null)
        || (exception.StatusCode == StatusCode.Unknown && exception.InnerException is not null);
}
