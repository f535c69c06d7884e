using System.Numerics;

namespace ClinicNetwork.Journal.Audit;

/// <summary>Proofs as RFC 9162, sections 2.1.3 and 2.1.4, from the stored nodes: a few reads of at most 256 hashes, however large the tree.</summary>
public sealed class MerkleProofs(IAuditLog log)
{
    /// <summary>That the leaf at a position is under the root of a size: the siblings from the leaf upwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is not below the size.</exception>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long position, long size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, size);
        var path = new List<byte[]>();
        var (start, count) = (0L, size);
        while (count > 1)
        {
            var left = LargestPowerBelow(count);
            if (position - start < left)
            {
                path.Add(await RootAsync(start + left, count - left, cancellationToken).ConfigureAwait(false));
                count = left;
            }
            else
            {
                path.Add(await RootAsync(start, left, cancellationToken).ConfigureAwait(false));
                (start, count) = (start + left, count - left);
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>That the tree of a size is the beginning of the tree of another.</summary>
    /// <param name="first">1 or more.</param>
    /// <param name="second"><paramref name="first"/> or more.</param>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long first, long second, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var path = new List<byte[]>();
        var (start, count, whole) = (0L, second, true);
        while (first - start < count)
        {
            var left = LargestPowerBelow(count);
            if (first - start <= left)
            {
                path.Add(await RootAsync(start + left, count - left, cancellationToken).ConfigureAwait(false));
                count = left;
            }
            else
            {
                path.Add(await RootAsync(start, left, cancellationToken).ConfigureAwait(false));
                (start, count, whole) = (start + left, count - left, false);
            }
        }

        // Only when it is not the whole of the first tree, whose root the verifier knows.
        if (!whole)
        {
            path.Add(await RootAsync(start, count, cancellationToken).ConfigureAwait(false));
        }

        path.Reverse();
        return path;
    }

    /// <summary>Of the first leaves.</summary>
    /// <param name="size">1 or more.</param>
    public Task<byte[]> RootAsync(long size, CancellationToken cancellationToken) => RootAsync(0, size, cancellationToken);

    private static long LargestPowerBelow(long count) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(count - 1)));

    /// <summary>Start is a multiple of the largest power of two that is not above the count.</summary>
    private async Task<byte[]> RootAsync(long start, long count, CancellationToken cancellationToken)
    {
        byte[]? root = null;
        var parts = new Stack<byte[]>();
        for (var rest = count; rest > 0;)
        {
            var level = 63 - BitOperations.LeadingZeroCount((ulong)rest);
            parts.Push(await CompleteAsync(level, start >> level, cancellationToken).ConfigureAwait(false));
            (start, rest) = (start + (1L << level), rest - (1L << level));
        }

        while (parts.TryPop(out var left))
        {
            root = root is null ? left : MerkleFrontier.Join(left, root);
        }

        return root!;
    }

    private async Task<byte[]> CompleteAsync(int level, long index, CancellationToken cancellationToken)
    {
        var above = level % MerkleFrontier.StoredLevels;
        var count = 1 << above;
        var nodes = (await log.ReadNodesAsync(level - above, index << above, count, cancellationToken).ConfigureAwait(false)).ToArray();
        if (nodes.Length != count)
        {
            throw new StoreDamagedException($"The audit tree lacks {count - nodes.Length} of {count} hashes at level {level - above} from {index << above} on.");
        }

        for (; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
            {
                nodes[i] = MerkleFrontier.Join(nodes[2 * i], nodes[2 * i + 1]);
            }
        }

        return nodes[0];
    }
}
