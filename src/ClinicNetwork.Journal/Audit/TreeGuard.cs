using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Audit;

/// <summary>The row of <c>audit_tree</c>.</summary>
/// <param name="Placed">Up to where everything is placed, as the store counts it.</param>
internal sealed record TreeRow(long Size, byte[] Frontier, byte[] Mac, params ulong[] Placed);

/// <summary>
/// Tells a tree's row that this network wrote from one that was written by whoever may write to the database: it carries a MAC under a key derived from
/// the master key. An older row that was put back carries a good one; it is found by the newest head, and by what this process has seen.
/// </summary>
internal sealed class TreeGuard(MasterKey master, string incarnation)
{
    private const string WhatToDo = "Nothing is placed or signed until the database is restored from a backup";

    private readonly byte[] _key = master.DeriveSecret("audit-tree");
    private long _seen;
    private volatile bool _isConsistent;

    /// <summary>The largest tree this process has seen: asked before a row is read, for <see cref="ProblemOf"/>.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>The MAC that belongs into the row; 32 bytes.</summary>
    public byte[] MacOf(TreeRow row)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(incarnation + "\n"));
        Append(mac, (ulong)row.Size);
        Append(mac, (ulong)row.Frontier.Length);
        mac.AppendData(row.Frontier);
        foreach (var placed in row.Placed)
        {
            Append(mac, placed);
        }

        return mac.GetHashAndReset();
    }

    /// <summary>Null: what lies there may be built on.</summary>
    /// <param name="newest">Read at one moment with the row.</param>
    /// <param name="seen">See <see cref="Seen"/>.</param>
    public string? ProblemOf(TreeRow row, SignedHead? newest, long seen) =>
        !CryptographicOperations.FixedTimeEquals(row.Mac, MacOf(row)) ? $"its row was not written by a server of this network. {WhatToDo}"
        : row.Size < Math.Max(seen, newest?.Size ?? 0) ? $"its row is older than what was signed or seen: it was put back. {WhatToDo}"
        : row.Size == newest?.Size && !IsRoot(new MerkleFrontier(row.Size, row.Frontier).Root(), newest) ? $"its newest head is another tree's. {WhatToDo}"
        : null;

    /// <summary>As <see cref="ProblemOf"/>; the first time also whether the stored hashes give the row and the newest head, of which it may be older.</summary>
    public async Task<string?> ProblemOfAsync(IAuditLog log, TreeRow row, SignedHead? newest, long seen, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(row, newest, seen);
        if (problem is null && !_isConsistent && row.Size > 0)
        {
            problem = await InconsistencyAsync(log, row, newest, cancellationToken).ConfigureAwait(false);
        }

        if (problem is null)
        {
            _isConsistent = true;
            for (var before = Seen; row.Size > before && Interlocked.CompareExchange(ref _seen, row.Size, before) != before; before = Seen)
            {
            }
        }

        return problem;
    }

    private static async Task<string?> InconsistencyAsync(IAuditLog log, TreeRow row, SignedHead? newest, CancellationToken cancellationToken)
    {
        var proofs = new MerkleProofs(log);
        try
        {
            return !(await proofs.RootAsync(row.Size, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(new MerkleFrontier(row.Size, row.Frontier).Root())
                ? $"its hashes are not those of its row. {WhatToDo}"
                : newest is not null && !IsRoot(await proofs.RootAsync(newest.Size, cancellationToken).ConfigureAwait(false), newest)
                    ? $"it does not begin with the tree of its newest head. {WhatToDo}"
                    : null;
        }
        catch (StoreDamagedException)
        {
            return $"hashes are missing. {WhatToDo}";
        }
    }

    private static bool IsRoot(byte[] root, SignedHead head) => head.Note.Split('\n') is [_, _, var told, ..] && told == Convert.ToBase64String(root);

    private static void Append(IncrementalHash mac, ulong number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        mac.AppendData(bytes);
    }
}
