using System.Collections.Concurrent;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Client;

/// <summary>
/// Descriptors of messages, built by one thread at a time. Google.Protobuf builds them at first use, with a cache that is not safe for concurrent
/// use (protocolbuffers/protobuf#29696): of two first calls at one moment one can leave a message type unusable until the process ends.
/// </summary>
internal static class Descriptors
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<Type, MessageDescriptor?> Known = new();

    static Descriptors()
    {
        // What refusals are read with.
        Build(typeof(Google.Rpc.Status));
        Build(typeof(Google.Rpc.ErrorInfo));
    }

    internal static bool Knows(Type message) => Known.ContainsKey(message);

    /// <summary>That of a message's type, with all that its file imports; before anything else is done with it. Nothing for a type that is no message.</summary>
    internal static void Build(Type message)
    {
        if (Known.ContainsKey(message))
            return;
        lock (Gate)
            Known[message] = (MessageDescriptor?)message.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
    }
}
