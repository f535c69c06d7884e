using System.Net;
using System.Net.Sockets;

namespace ClinicNetwork.Server;

/// <summary>Ports for who has to know its own before it listens: free a moment ago, and below those that outgoing connections are given (Linux: from 32,768 on), one of which would take it in between.</summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();

    /// <summary>One that nobody listens on at any address; none twice in this process.</summary>
    /// <exception cref="IOException">All are taken.</exception>
    public static int Next()
    {
        var from = Random.Shared.Next(Count);
        for (var i = 0; i < Count; i++)
        {
            var port = First + ((from + i) % Count);
            if (IsFree(port) && Give(port))
            {
                return port;
            }
        }

        throw new IOException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool Give(int port)
    {
        lock (Gate)
        {
            return Given.Add(port);
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
