namespace ClinicNetwork.Verification.Tables;

/// <summary>Each class by itself, and the measures over all of them.</summary>
internal sealed class ClassRules
{
    /// <summary>By how much a distance may exceed t: it is a sum of rounded shares.</summary>
    private const double Rounding = 1e-9;

    private readonly PublishedRows _rows;
    private readonly TableVerification _about;
    private readonly TablePromise _promise;
    private readonly ClassIndex _classes;
    private readonly VerifiedColumn? _persons;
    private readonly int[] _seenIn;

    public ClassRules(PublishedRows rows, TableVerification about, TablePromise promise)
    {
        (_rows, _about, _promise) = (rows, about, promise);
        _classes = new(rows.Columns, rows.BatchOf, rows.Batches, rows.Released);
        _persons = about.Person is null ? null : rows.Original?.Find(about.Person) ?? rows.Data.Find(about.Person);
        _seenIn = new int[_persons?.Distinct ?? 0];
        Array.Fill(_seenIn, -1);
    }

    public VerifiedMeasures Check(TableFindings findings, CancellationToken cancellationToken)
    {
        var (n, s, m) = (_rows.Data.Rows, _rows.Suppressed, _classes.Count);
        var (least, leastRows, squares) = (m == 0 ? 0 : int.MaxValue, int.MaxValue, 0.0);
        for (var c = 0; c < m; c++)
        {
            var rows = _classes.RowsOf(c);
            var persons = PersonsOf(rows, c);
            (least, leastRows, squares) = (Math.Min(least, persons), Math.Min(leastRows, rows.Length), squares + ((double)rows.Length * rows.Length));
            if (persons < _promise.K)
            {
                _rows.Add(TableRules.K, TableFile.Data, rows[0], null, $"the row's class has fewer than {_promise.K} persons.");
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if ((double)s / n > _promise.SuppressionLimit)
        {
            findings.Add(TableRules.SuppressionLimit, () => new(
                TableRules.SuppressionLimit, TableFile.Data, 0, null, null, FormattableString.Invariant($"{s} of {n} rows are suppressed, at most the share {_promise.SuppressionLimit} may be.")));
        }

        CheckRegions();
        var (loss, level) = Losses();
        var (distinct, entropy, distance) = CheckSensitive(cancellationToken);
        return new(
            n, _promise.K, CountPersons(), _rows.Batches, m, least, s, _rows.Withheld, loss, level, squares + ((double)n * s),
            m == 0 ? 0 : (double)(n - s) / m / _promise.K,
            m == 0 ? 0 : 1.0 / leastRows,
            m == 0 ? 0 : (double)m / (n - s),
            distinct, entropy, distance);
    }

    private int PersonsOf(ReadOnlySpan<int> rows, int c)
    {
        if (_persons is null)
        {
            return rows.Length;
        }

        var persons = 0;
        var codes = _persons.Codes;
        foreach (var row in rows)
        {
            persons += _seenIn[codes[row]] == c ? 0 : 1;
            _seenIn[codes[row]] = c;
        }

        return persons;
    }

    private int? CountPersons() =>
        _persons is null ? _rows.Data.Rows : _rows.Withheld > 0 && _rows.Original?.Find(_persons.Name) is null ? null : _persons.Distinct;

    /// <summary>A published tuple that no region has.</summary>
    private void CheckRegions()
    {
        if (_about.Regions is not { } regions)
        {
            return;
        }

        VerifiedColumn[] columns = [.. _rows.Columns.Select(column => regions.Find(column.Name)!)];
        var codes = _rows.Columns.Zip(columns, (published, region) => region.CodesOf(published)).ToArray();
        var known = new HashSet<Tuple>(regions.Rows);
        for (var region = 0; region < regions.Rows; region++)
        {
            known.Add(new([.. columns.Select(column => column.Codes[region])]));
        }

        for (var c = 0; c < _classes.Count; c++)
        {
            var row = _classes.RowsOf(c)[0];
            if (!known.Contains(new([.. codes.Select((map, a) => map[_rows.Columns[a].Codes[row]])])))
            {
                _rows.Add(TableRules.Region, TableFile.Data, row, null, "the row's class is no region of the grid.");
            }
        }
    }

    /// <summary>NCP and GI; null without hierarchies.</summary>
    private (double? Ncp, double? Gi) Losses()
    {
        if (_about.Hierarchies.Count == 0)
        {
            return (null, null);
        }

        var released = _rows.Data.Rows - _rows.Suppressed;
        var (loss, level, columns) = (0.0, 0.0, _rows.Columns.Count);
        foreach (var column in _rows.Columns)
        {
            // Counts of a column's values suffice: both are sums over cells.
            var (counts, hierarchy) = (new int[column.Distinct], _about.Hierarchies[column.Name]);
            var codes = column.Codes;
            for (var row = 0; row < codes.Length; row++)
            {
                counts[codes[row]] += _rows.Released[row] ? 1 : 0;
            }

            for (var code = 0; code < counts.Length; code++)
            {
                if (counts[code] == 0)
                {
                    continue;
                }

                // What is no label tells nothing; nor does the root of a single leaf.
                var label = hierarchy.FindLabel(column.ValueOf(code));
                loss += counts[code] * (label < 0 || label == hierarchy.LabelAt(hierarchy.Height, 0) ? 1 : hierarchy.LeafCount == 1 ? 0 : (hierarchy.Covered(label) - 1.0) / (hierarchy.LeafCount - 1.0));
                level += counts[code] * (label < 0 ? 1 : hierarchy.Height == 0 ? 0 : (double)hierarchy.LevelOf(label) / hierarchy.Height);
            }
        }

        var (cells, hidden) = ((double)_rows.Data.Rows * columns, (double)(_rows.Data.Rows - released) * columns);
        return ((loss + hidden) / cells, (level + hidden) / cells);
    }

    private (int? Distinct, double? Entropy, double? Distance) CheckSensitive(CancellationToken cancellationToken)
    {
        if (_about.Sensitive is null || _classes.Count == 0 || !TryRanks(_rows.Data.Find(_about.Sensitive)!, out var ranks))
        {
            return (null, null, null);
        }

        var rule = new SensitiveRule(_rows.Data.Find(_about.Sensitive)!, ranks);
        var (distinct, entropy, distance) = (int.MaxValue, double.MaxValue, 0.0);
        var batchOf = new int[_classes.Count];
        for (var c = 0; c < batchOf.Length; c++)
        {
            batchOf[c] = _rows.BatchOf?[_classes.RowsOf(c)[0]] ?? 0;
        }

        var (classes, starts) = ClassIndex.ByGroup(batchOf, _rows.Batches);
        for (var batch = 0; batch < _rows.Batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ofBatch = classes.AsSpan(starts[batch]..starts[batch + 1]);
            rule.CompareWith(_classes, ofBatch);
            foreach (var c in ofBatch)
            {
                var judged = rule.Judge(_classes.RowsOf(c));
                Refuse(c, judged.Distinct, judged.Distance);
                (distinct, entropy, distance) = (Math.Min(distinct, judged.Distinct), Math.Min(entropy, judged.Entropy), Math.Max(distance, judged.Distance));
            }
        }

        return (distinct, entropy, distance);
    }

    private void Refuse(int c, int distinct, double distance)
    {
        if (distinct < _promise.DistinctL)
        {
            _rows.Add(TableRules.DistinctL, TableFile.Data, _classes.RowsOf(c)[0], _about.Sensitive, $"the row's class has fewer than {_promise.DistinctL} values.");
        }

        if (distance > _promise.T + Rounding)
        {
            _rows.Add(
                TableRules.T, TableFile.Data, _classes.RowsOf(c)[0], _about.Sensitive, FormattableString.Invariant($"the row's class is further than {_promise.T} from the released table."));
        }
    }

    /// <summary>False: a released value is no number, and the ordered distance was asked for.</summary>
    private bool TryRanks(VerifiedColumn sensitive, out int[]? ranks)
    {
        ranks = null;
        if (!_promise.OrderedT)
        {
            return true;
        }

        var firstRow = new int[sensitive.Distinct];
        for (var row = sensitive.Rows - 1; row >= 0; row--)
        {
            firstRow[sensitive.Codes[row]] = _rows.Released[row] ? row + 1 : firstRow[sensitive.Codes[row]];
        }

        ranks = SensitiveRule.RanksOf(sensitive, code => firstRow[code] > 0, out var wrong);
        if (ranks is null)
        {
            _rows.Add(TableRules.SensitiveNumber, TableFile.Data, firstRow[wrong] - 1, sensitive.Name, "the value is no number; the ordered distance needs numbers.");
        }

        return ranks is not null;
    }

    /// <summary>Codes of a tuple, equal by content.</summary>
    private readonly struct Tuple(int[] codes) : IEquatable<Tuple>
    {
        private readonly int[] _codes = codes;

        public bool Equals(Tuple other) => _codes.AsSpan().SequenceEqual(other._codes);

        public override bool Equals(object? obj) => obj is Tuple other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var code in _codes)
            {
                hash.Add(code);
            }

            return hash.ToHashCode();
        }
    }
}
