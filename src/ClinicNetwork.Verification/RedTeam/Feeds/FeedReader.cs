using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Reads release folders (docs/release-format.md) as an attacker has them. Some 32 bytes a row are kept. Nothing is verified: what cannot be read is refused, what is wrong is attacked.
/// </summary>
internal sealed class FeedReader(IReadOnlyList<string> folders)
{
    private const int CancellationStride = 4096;
    private const int RowBytesMin = 64;
    private const int RekeyBytesMax = 256 * 1024 * 1024;

    private readonly Dictionary<ulong, int> _cells = [];
    private readonly Vocabulary _milestones = new(FeedManifest.Milestones);
    private HashSet<string> _content = [];
    private FeedRegions _regions = new([]);

    /// <exception cref="FeedFormatException">A folder, manifest or row that cannot be read; folders of one recipient, or with other quasi-identifiers.</exception>
    public FeedSet Read(CancellationToken cancellationToken)
    {
        FeedManifest[][] manifests = [.. folders.Select(Manifests)];
        var first = manifests[0][0];
        _regions = new(first.QuasiIdentifiers);
        foreach (var (at, manifest) in manifests.SelectMany((list, f) => list.Select(m => (f, m))))
        {
            if (!manifest.QuasiIdentifiers.SequenceEqual(first.QuasiIdentifiers))
            {
                throw new FeedFormatException(folders[at], "has other quasi-identifiers than the first folder; attack releases of one profile family together");
            }

            _regions.Add(manifest.Hierarchies);
        }

        if (manifests.Select(list => list[0].Recipient).Distinct(StringComparer.Ordinal).Count() < manifests.Length)
        {
            throw new FeedFormatException(folders[^1], "two folders are of one recipient; give each recipient's once");
        }

        string[] known = ["pseudonym", "cell", "milestone", .. first.QuasiIdentifiers];
        _content = first.Columns.Except(known).ToHashSet(StringComparer.Ordinal);
        _content.IntersectWith(manifests.SelectMany(list => list).Select(m => m.Columns.AsEnumerable()).Aggregate((a, b) => a.Intersect(b)));
        return new([.. folders.Select((folder, f) => ReadFeed(folder, manifests[f], cancellationToken))], _regions);
    }

    private static FeedManifest[] Manifests(string folder)
    {
        var manifests = new List<FeedManifest>();
        while (Directory.Exists(BatchFolder(folder, manifests.Count + 1)))
        {
            var file = Path.Combine(BatchFolder(folder, manifests.Count + 1), ReleaseFiles.Manifest);
            manifests.Add(FeedManifest.Read(BoundedFile.Read(file, Limits.ManifestBytesMax, out var fault) ?? throw new FeedFormatException(file, fault), file));
        }

        return manifests.Count > 0 ? [.. manifests] : throw new FeedFormatException(folder, "has no batch; give the folder of a pulled release");
    }

    private static string BatchFolder(string folder, int batch) =>
        Path.Combine(folder, ReleaseFiles.Batches, batch.ToString(ReleaseFiles.BatchFolderFormat, CultureInfo.InvariantCulture));

    private Feed ReadFeed(string folder, FeedManifest[] manifests, CancellationToken cancellationToken)
    {
        var persons = new Dictionary<UInt128, int>();
        var rekeyed = Rekeyed(folder);
        var batches = new FeedBatch[manifests.Length];
        for (var b = 0; b < batches.Length; b++)
        {
            var rows = ReadRows(Path.Combine(BatchFolder(folder, b + 1), ReleaseFiles.Rows), manifests[b], persons, rekeyed, cancellationToken);
            batches[b] = new(manifests[b], rows, manifests[b].Members.ToDictionary(told => FeedRow.SlotOf(IdOf(_cells, told.Key.Cell), told.Key.Milestone), told => told.Value));
        }

        Mark(batches);
        return new(folder, manifests[0].Recipient, batches, persons);
    }

    /// <summary>Says of each row what later manifests say of it.</summary>
    private static void Mark(FeedBatch[] batches)
    {
        foreach (var batch in batches)
        {
            var corrected = batch.Manifest.Corrections.Select(c => (c.Batch, Row: c.Of)).ToHashSet();
            foreach (var (earlier, row) in batch.Manifest.Tombstones)
            {
                if (earlier < 1 || earlier > batches.Length || row < 0 || row >= batches[earlier - 1].Rows.Length)
                {
                    continue;
                }

                ref var told = ref batches[earlier - 1].Rows[row];
                told.State = !told.HasValues ? FeedRowState.Leaf : corrected.Contains((earlier, row)) ? FeedRowState.Superseded : FeedRowState.Withdrawn;
            }

            foreach (var (row, _, _) in batch.Manifest.Corrections)
            {
                if (row >= 0 && row < batch.Rows.Length)
                {
                    batch.Rows[row].Correction = true;
                }
            }
        }
    }

    private FeedRow[] ReadRows(string file, FeedManifest manifest, Dictionary<UInt128, int> persons, Dictionary<UInt128, UInt128> rekeyed, CancellationToken cancellationToken)
    {
        var coder = new RowCoder(this, manifest, persons, rekeyed);
        using var line = new RowLine(manifest.Columns.Length);
        try
        {
            using var stream = BoundedFile.Open(file);
            var rows = new List<FeedRow>((int)Math.Clamp(manifest.Rows, 0, stream.Length / RowBytesMin));
            using var lines = new LineReader(stream);
            for (var number = 1; lines.Next(out var text) is var kind && kind != LineKind.End; number++)
            {
                if (number % CancellationStride == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                var read = kind == LineKind.Line ? line.Read(text) : RowKind.Unreadable;
                var row = default(FeedRow);
                if (read is RowKind.Unreadable or RowKind.WrongWidth || (read == RowKind.Delivered && !coder.TryCode(line, out row)))
                {
                    throw new FeedFormatException(file, $"line {number} is no row of the format; verify the folder first");
                }

                rows.Add(row);
            }

            return [.. rows];
        }
        catch (Exception error) when (BoundedFile.IsFault(error))
        {
            throw new FeedFormatException(file, BoundedFile.FaultOf(error));
        }
    }

    /// <summary>The last pseudonyms by old ones: from the last list back, so that none is followed through a chain as long as who made it likes.</summary>
    private static Dictionary<UInt128, UInt128> Rekeyed(string folder)
    {
        var (pairs, number) = (new Dictionary<UInt128, UInt128>(), 0);
        while (File.Exists(RekeyFile(folder, number + 1)))
        {
            number++;
        }

        for (; number > 0; number--)
        {
            var file = RekeyFile(folder, number);
            var json = BoundedFile.Read(file, RekeyBytesMax, out var fault) ?? throw new FeedFormatException(file, fault);
            try
            {
                using var document = JsonDocument.Parse(json);
                foreach (var pair in document.RootElement.GetProperty("pairs").EnumerateArray())
                {
                    var next = Pseudonym(pair[1]);
                    pairs[Pseudonym(pair[0])] = pairs.GetValueOrDefault(next, next);
                }
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
            {
                throw new FeedFormatException(file, "is no re-key list of docs/release-format.md; verify the folder first");
            }
        }

        return pairs;
    }

    private static int IdOf<T>(Dictionary<T, int> ids, T key)
        where T : notnull
    {
        if (!ids.TryGetValue(key, out var id))
        {
            ids[key] = id = ids.Count;
        }

        return id;
    }

    private static string RekeyFile(string folder, int number) => Path.Combine(folder, "rekeys", $"{number.ToString(ReleaseFiles.BatchFolderFormat, CultureInfo.InvariantCulture)}.json");

    private static UInt128 Pseudonym(JsonElement text) => UInt128.Parse(text.GetString() ?? "", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Codes the rows of one batch.</summary>
    private sealed class RowCoder
    {
        private const int PseudonymBytes = 16;

        private readonly FeedReader _reader;
        private readonly Dictionary<UInt128, int> _persons;
        private readonly Dictionary<UInt128, UInt128> _rekeyed;
        private readonly int _pseudonym, _cell, _milestone, _status, _response, _remission, _worsening;
        private readonly int[] _quasi, _content;
        private readonly Vocabulary[] _labels;
        private readonly string[][] _texts;
        private readonly int[][] _shared;
        private readonly int[] _tuple;
        private readonly Func<int, int, string> _text;

        public RowCoder(FeedReader reader, FeedManifest manifest, Dictionary<UInt128, int> persons, Dictionary<UInt128, UInt128> rekeyed)
        {
            (_reader, _persons, _rekeyed) = (reader, persons, rekeyed);
            int At(string name) => Array.IndexOf(manifest.Columns, name);
            (_pseudonym, _cell, _milestone, _status) = (At("pseudonym"), At("cell"), At("milestone"), At("status"));
            (_response, _remission, _worsening) = (At("response"), At("remission"), At("worsening"));
            _quasi = [.. manifest.QuasiIdentifiers.Select(At)];
            _content = [.. manifest.Columns.Where(reader._content.Contains).Order(StringComparer.Ordinal).Select(At)];
            _texts = [.. manifest.Hierarchies.Select(paths => paths.SelectMany(path => path).Distinct(StringComparer.Ordinal).ToArray())];
            _labels = [.. _texts.Select(labels => new Vocabulary(labels))];
            _shared = [.. _texts.Select((labels, a) => labels.Select(label => reader._regions.LabelId(a, label)).ToArray())];
            _tuple = new int[_quasi.Length];
            _text = (a, label) => _texts[a][Array.IndexOf(_shared[a], label)];
        }

        public bool TryCode(RowLine line, out FeedRow row)
        {
            row = default;
            Span<byte> bytes = stackalloc byte[PseudonymBytes];
            if (_pseudonym < 0 || _cell < 0 || _milestone < 0 || _status < 0
                || !LowerHex.TryDecode(line[_pseudonym], bytes) || !CellId.TryRead(line[_cell], out var cell) || _reader._milestones.CodeOf(line[_milestone]) is not (>= 0 and var milestone))
            {
                return false;
            }

            for (var a = 0; a < _quasi.Length; a++)
            {
                var label = _labels[a].CodeOf(line[_quasi[a]]);
                if (label == Vocabulary.Unknown)
                {
                    return false;
                }

                _tuple[a] = _shared[a][label];
            }

            var content = 0UL;
            foreach (var column in _content)
            {
                content = Mix(content, line[column]);
            }

            row = new(PersonOf(BinaryPrimitives.ReadUInt128BigEndian(bytes)), IdOf(_reader._cells, cell), _reader._regions.IdOf(_tuple, _text), content, (byte)milestone, OutcomeOf(line), FeedRowState.Living, false);
            return true;
        }

        private int PersonOf(UInt128 pseudonym) => IdOf(_persons, _rekeyed.GetValueOrDefault(pseudonym, pseudonym));

        private sbyte OutcomeOf(RowLine line)
        {
            if (_response < 0 || !line[_status].SequenceEqual("MEASURED"u8))
            {
                return -1;
            }

            return (sbyte)(IsYes(line, _worsening) ? 0 : IsYes(line, _remission) ? 1 : IsYes(line, _response) ? 2 : 3);
        }

        private static bool IsYes(RowLine line, int column) => column >= 0 && line[column].SequenceEqual("yes"u8);
    }

    /// <summary>64 bits of a value on top of others: two contents that differ are equal with a chance of 2⁻⁶⁴, which an attacker can afford.</summary>
    private static ulong Mix(ulong content, ReadOnlySpan<byte> value)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        var mixed = BitOperations.RotateLeft(content, 23) ^ (ulong)value.Length;
        foreach (var octet in value)
        {
            mixed = (mixed ^ octet) * Odd;
            mixed ^= mixed >> 29;
        }

        return mixed * Odd;
    }
}
