using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Client;

/// <summary>
/// The highest version seen of each patient and clinic, so that a cached read never shows this caller less than it has already seen
/// (<c>ReadOptions.min_version</c>). Bounded; safe for concurrent use.
/// </summary>
internal sealed class SeenVersions(int max)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Resource, long Version)>> byResource = [];
    private readonly LinkedList<(string Resource, long Version)> byUse = [];

    internal int Count
    {
        get
        {
            lock (gate)
                return byResource.Count;
        }
    }

    /// <summary>0 when nothing is remembered.</summary>
    internal long Of(string resource)
    {
        lock (gate)
        {
            if (!byResource.TryGetValue(resource, out var node))
                return 0;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Version;
        }
    }

    internal void Saw(string resource, long version)
    {
        lock (gate)
        {
            if (byResource.TryGetValue(resource, out var node))
            {
                node.Value = (resource, Math.Max(version, node.Value.Version));
                byUse.Remove(node);
                byUse.AddFirst(node);
                return;
            }
            if (byResource.Count == max)
            {
                byResource.Remove(byUse.Last!.Value.Resource);
                byUse.RemoveLast();
            }
            byResource[resource] = byUse.AddFirst((resource, version));
        }
    }

    /// <summary>Raises a read's <c>min_version</c> to what was seen; leaves other messages as they are.</summary>
    internal void AskFor(IMessage request)
    {
        if (request.Descriptor.FindFieldByName("read") is not { FieldType: FieldType.Message } field
            || ResourceOf(request) is not { } resource)
            return;
        var seen = Of(resource);
        if (seen == 0)
            return;
        var read = (ReadOptions?)field.Accessor.GetValue(request) ?? new ReadOptions();
        read.MinVersion = Math.Max(read.MinVersion, seen);
        field.Accessor.SetValue(request, read);
    }

    /// <summary>
    /// Forgets what a read asked for that the store does not have: it was restored to before, and only a read without it can show what there is now.
    /// A higher wish of the caller's own says nothing about what was seen.
    /// </summary>
    internal void Forget(IMessage request)
    {
        if (ValueOf<ReadOptions>(request, "read") is not { MinVersion: var asked } || ResourceOf(request) is not { } resource)
            return;
        lock (gate)
        {
            if (byResource.TryGetValue(resource, out var node) && node.Value.Version == asked)
            {
                byResource.Remove(resource);
                byUse.Remove(node);
            }
        }
    }

    /// <summary>Remembers the version that a receipt or a read answers with.</summary>
    internal void Learn(IMessage request, IMessage response)
    {
        if (ResourceOf(request) is not { } resource)
            return;
        var version = ValueOf<Receipt>(response, "receipt")?.Version ?? ValueOf<Revision>(response, "revision")?.Version ?? 0;
        if (version > 0)
            Saw(resource, version);
    }

    /// <summary><c>patients/{patient}</c> or <c>clinics/{clinic}</c> that a request is about; null for any other.</summary>
    private static string? ResourceOf(IMessage request)
    {
        var name = ValueOf<string>(request, "patient") ?? ValueOf<string>(request, "name") ?? ValueOf<Clinic>(request, "clinic")?.Name;
        if (name is null
            || !(name.StartsWith("patients/", StringComparison.Ordinal) || name.StartsWith("clinics/", StringComparison.Ordinal)))
            return null;
        var second = name.IndexOf('/', name.IndexOf('/') + 1);
        return second < 0 ? name : name[..second];
    }

    private static T? ValueOf<T>(IMessage message, string field)
        where T : class =>
        message.Descriptor.FindFieldByName(field)?.Accessor.GetValue(message) as T;
}
