using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Verification.Audit;

/// <summary>
/// Verifies an audit from its beginning: every entry against its leaf, the tree against every signed head and against what earlier verifications have
/// seen. Shares no code with the network. Give it the entries in the order in which they come, then ask for the report.
/// </summary>
public sealed class AuditVerifier : IDisposable
{
    private readonly MerkleTree _tree = new();
    private readonly AuditLeafHash _leaf = new();
    private readonly List<ReadHead> _heads = [];
    private readonly Queue<SeenRoot> _seen;
    private readonly string _origin = "";
    private AuditFinding? _finding;
    private PlacedLeaf? _doubtful;
    private AuditFinding? _otherRoot;
    private int _nextHead;
    private long _size;
    private SeenRoot? _good;

    /// <param name="publicKeyPem">That signs heads now.</param>
    /// <param name="knownKeyPem">As an earlier verification knew it; null: there was none.</param>
    /// <param name="heads">All, in the order of their numbers.</param>
    /// <param name="seen">By earlier verifications.</param>
    public AuditVerifier(string publicKeyPem, string? knownKeyPem, IEnumerable<AuditHead> heads, IEnumerable<SeenRoot> seen)
    {
        _seen = new(seen.OrderBy(root => root.Size));
        using var key = ReleaseKey.Read(publicKeyPem);
        if (key is null || (knownKeyPem is not null && knownKeyPem.Trim() != publicKeyPem.Trim()))
        {
            _finding = new(AuditRules.Key, null, key is null
                ? "what should be the network's key is no ECDSA P-256 public key"
                : "heads are signed by another key than before; ask the network, by another way, why");
            return;
        }

        foreach (var head in heads)
        {
            if (ReadHead.Of(head, key) is not { } read || !read.Follows(_heads.LastOrDefault()))
            {
                _finding = new(AuditRules.Head, null, $"head {head.Number} is not signed by the network's key, or does not follow the head before it");
                return;
            }

            _heads.Add(read);
        }

        _origin = _heads.LastOrDefault()?.Origin ?? "";
    }

    /// <summary>Something is wrong already; more entries change nothing.</summary>
    public bool IsRefused => _finding is not null;

    public void Add(PlacedLeaf placed)
    {
        if (_finding is not null)
        {
            return;
        }

        if (_otherRoot is not null)
        {
            // Where an entry was put in just before a head, the one that it displaced tells.
            _finding = placed.Entry is not null && placed.Position == _size && !Is(placed, _size) && OwnPosition(placed) == _size - 1 ? Inserted(_size - 1) : _otherRoot;
        }
        else if (_doubtful is { } before)
        {
            Explain(before, placed);
        }
        else if (placed.Position != _size)
        {
            _finding = new(AuditRules.Gone, _size, $"position {_size} has no leaf, {placed.Position} comes next");
        }
        else if (placed.Entry is null)
        {
            _finding = new(AuditRules.Gone, _size, $"what leaf {_size} was made from is gone");
        }
        else if (placed.Leaf.Length != MerkleTree.HashBytes || !Is(placed, placed.Position))
        {
            // The next one tells whether two were swapped.
            _doubtful = placed;
        }
        else
        {
            _tree.Append(placed.Leaf.Span);
            _size++;
            CheckRoots();
        }
    }

    public AuditReport Finish()
    {
        _finding ??= _otherRoot;
        if (_finding is null && _doubtful is { } last)
        {
            Explain(last, null);
        }

        if (_finding is null && (_nextHead < _heads.Count || _seen.Count > 0))
        {
            var most = Math.Max(_nextHead < _heads.Count ? _heads[^1].Size : 0, _seen.Count > 0 ? _seen.Max(root => root.Size) : 0);
            _finding = new(AuditRules.Truncated, _size, $"the tree ends before position {_size}, but had {most} entries{(_seen.Count > 0 ? Renewed(_seen.Last()) : "")}");
        }

        if (_finding is null && _size > 0 && _heads.Count == 0)
        {
            _finding = new(AuditRules.Unsigned, 0, "there are entries and no head: the first ones are signed with the entries they are over");
        }

        return new(_finding, _size, _good?.Size ?? 0, _nextHead, _origin, _good?.Root ?? "");
    }

    public void Dispose()
    {
        _tree.Dispose();
        _leaf.Dispose();
    }

    private bool Is(PlacedLeaf placed, long position) => _leaf.Of(placed.Entry!, position).SequenceEqual(placed.Leaf.Span);

    /// <summary>A restored store says so itself; whether that is true, only the network can tell.</summary>
    private string Renewed(SeenRoot earlier) => earlier.Origin == _origin ? "" : " (the store says that it was restored from a backup since: ask the network)";

    private void CheckRoots()
    {
        if ((_nextHead >= _heads.Count || _heads[_nextHead].Size != _size) && (_seen.Count == 0 || _seen.Peek().Size != _size))
        {
            return;
        }

        Span<byte> hash = stackalloc byte[MerkleTree.HashBytes];
        _tree.WriteRoot(hash);
        var root = Convert.ToBase64String(hash);
        while (_seen.Count > 0 && _seen.Peek().Size == _size)
        {
            var earlier = _seen.Dequeue();
            if (earlier.Root != root)
            {
                _otherRoot = new(
                    earlier.Origin == _origin ? AuditRules.Forked : AuditRules.Origin,
                    null,
                    $"the first {_size} entries are not those that an earlier verification saw{Renewed(earlier)}; the first that differs is one of {_good?.Size ?? 0} to {_size - 1}");
                return;
            }
        }

        for (; _nextHead < _heads.Count && _heads[_nextHead].Size == _size; _nextHead++)
        {
            if (_heads[_nextHead].Root != root)
            {
                _otherRoot = new(AuditRules.Root, null,
                    $"the first {_size} entries are not those under head {_heads[_nextHead].Number}; the first that differs is one of {_good?.Size ?? 0} to {_size - 1}");
                return;
            }
        }

        _good = new(_origin, _size, root);
    }

    /// <summary>Why the entry at a position does not give its leaf.</summary>
    private void Explain(PlacedLeaf bad, PlacedLeaf? next)
    {
        var position = bad.Position;
        var rightAt = OwnPosition(bad);
        _finding = rightAt switch
        {
            null => new(AuditRules.Altered, position, $"entry {position} is not what its leaf was made from"),
            _ when rightAt == position - 1 => Inserted(position - 1),
            _ when rightAt == position + 1 && !(next is { Entry: not null } follower && Is(follower, position)) =>
                new(AuditRules.Removed, position, $"the entry of position {position} was taken out: the next one lies in its place"),
            _ => new(AuditRules.Swapped, position, $"at {position} lies the entry of position {rightAt}"),
        };
    }

    private static AuditFinding Inserted(long position) =>
        new(AuditRules.Inserted, position, $"an entry was put in at {position}: the one at {position + 1} was there before");

    /// <summary>The position whose leaf it is.</summary>
    private long? OwnPosition(PlacedLeaf placed)
    {
        if (placed.Leaf.Length != MerkleTree.HashBytes)
        {
            return null;
        }

        var end = Math.Max(placed.Position + 2, _heads.Count == 0 ? 0 : _heads[^1].Size);
        for (var position = 0L; position < end; position++)
        {
            if (Is(placed, position))
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>A head that holds.</summary>
    private sealed record ReadHead(long Number, string Origin, long Size, string Root, long At)
    {
        private const string OriginPrefix = "clinicnetwork-audit/";

        public static ReadHead? Of(AuditHead head, ReleaseKey key)
        {
            if (!key.Signed(head.Note, Encoding.ASCII.GetBytes(Convert.ToBase64String(head.Signature))))
            {
                return null;
            }

            var lines = Encoding.UTF8.GetString(head.Note).Split('\n');
            return lines is [var origin, var size, var root, var at, ""] && origin.StartsWith(OriginPrefix, StringComparison.Ordinal)
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var entries) && entries > 0
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                ? new(head.Number, origin, entries, root, milliseconds)
                : null;
        }

        /// <summary>A restored store has heads of its tree's earlier origins, which are heads of the same entries.</summary>
        public bool Follows(ReadHead? before) => before is null ? Number == 1 : Number == before.Number + 1 && Size >= before.Size && At >= before.At;
    }
}

/// <summary>Leaf of an entry, as docs/audit.md says. For one thread.</summary>
internal sealed class AuditLeafHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _result = new byte[MerkleTree.HashBytes];
    private byte[] _buffer = new byte[1_024];
    private int _length;

    public ReadOnlySpan<byte> Of(AuditedEntry entry, long position)
    {
        _length = 0;
        Take(1)[0] = MerkleTree.LeafPrefix;
        Number(position);
        Number(entry.AtMilliseconds);
        Number(entry.Version);
        Number(entry.Count);
        Text(entry.Action);
        Text(entry.Actor);
        Text(entry.Site);
        Text(entry.Subject);
        Text(entry.Purpose);
        Text(entry.Outcome);
        entry.Content.Span.CopyTo(Take(entry.Content.Length));
        _hash.AppendData(_buffer.AsSpan(0, _length));
        _hash.GetHashAndReset(_result);
        return _result;
    }

    public void Dispose() => _hash.Dispose();

    private void Number(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), unchecked((ushort)bytes));
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    private Span<byte> Take(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * (_length + bytes));
        }

        var taken = _buffer.AsSpan(_length, bytes);
        _length += bytes;
        return taken;
    }
}
