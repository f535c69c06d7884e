using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// The projections of a group as statements: one per kind, over all commands that have it. All rows are keyed by stream, so commands do not
/// meet; within one command the order given counts, so what would come out differently goes into a further statement of the same kind.
/// </summary>
internal static class ProjectionSteps
{
    private const int Families = 9;

    /// <summary>Projections of one family touch the same table.</summary>
    private enum Family
    {
        Clinic,
        Patient,
        Sites,
        Feed,
        Due,
        FollowUp,
        Consent,
        Pool,
        Outcome,
    }

    public static IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<PendingAppend> appends, BlindIndex index)
    {
        var steps = new SortedDictionary<(Family Family, int Pass, int Kind), List<ProjectionRow>>();
        foreach (var append in appends)
        {
            Place(append, steps);
        }

        if (LockConsent(steps) is { } consent)
        {
            yield return consent;
        }

        foreach (var (place, rows) in steps)
        {
            foreach (var step in Step(place.Family, place.Kind, rows, index))
            {
                yield return step;
            }
        }
    }

    /// <summary>
    /// A publication takes its members' consent rows in share mode, so who enters the pool beside it waits here, and then sees that the
    /// person is in a cell. In one order with <see cref="Family.Consent"/>, which locks the same rows.
    /// </summary>
    private static NpgsqlBatchCommand? LockConsent(IReadOnlyDictionary<(Family Family, int Pass, int Kind), List<ProjectionRow>> steps)
    {
        if (!steps.Keys.Any(place => place.Family == Family.Pool))
        {
            return null;
        }

        var persons = steps.Where(step => step.Key.Family is Family.Pool or Family.Consent).SelectMany(step => step.Value)
            .Select(row => row.Stream).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Query.Step(ProjectionStatements.LockConsent, Query.Texts(persons, person => person));
    }

    private static void Place(PendingAppend append, SortedDictionary<(Family Family, int Pass, int Kind), List<ProjectionRow>> steps)
    {
        Span<int> pass = stackalloc int[Families];
        Span<int> kindBefore = stackalloc int[Families];
        HashSet<(Family, int, int, string)> taken = [];
        foreach (var projection in append.Append.Projections)
        {
            if (PlaceOf(projection) is not { } place)
            {
                continue;
            }

            ref var current = ref pass[(int)place.Family];
            ref var before = ref kindBefore[(int)place.Family];
            if (place.Kind < before || (place.Key is not null && !taken.Add((place.Family, current, place.Kind, place.Key))))
            {
                current++;
                taken.Add((place.Family, current, place.Kind, place.Key ?? ""));
            }

            before = place.Kind;
            if (!steps.TryGetValue((place.Family, current, place.Kind), out var rows))
            {
                steps.Add((place.Family, current, place.Kind), rows = []);
            }

            rows.Add(new ProjectionRow(append, projection));
        }
    }

    /// <summary>Kind: place among the statements of one pass. Key: what one statement may hold once per command. Null: written elsewhere.</summary>
    private static (Family Family, int Kind, string? Key)? PlaceOf(Projection projection) => projection switch
    {
        Projection.ClinicIndexed => (Family.Clinic, 0, ""),
        Projection.PatientIndexed => (Family.Patient, 0, ""),
        Projection.SitesSet => (Family.Sites, 0, ""),
        Projection.FeedReference => (Family.Feed, 0, null),
        Projection.DueDone done => (Family.Due, 0, done.Kind),
        Projection.DueSet due => (Family.Due, 1, $"{StoredTime.ToStored(due.At)} {due.Kind}"),
        Projection.FollowUpDone done => (Family.FollowUp, 0, done.Milestone),
        Projection.FollowUpSet visit => (Family.FollowUp, 1, visit.Milestone),
        Projection.ConsentSet => (Family.Consent, 0, ""),
        Projection.PoolEntered => (Family.Pool, 0, ""),
        Projection.OutcomeReady outcome => (Family.Outcome, 0, outcome.Milestone),
        Projection.OutcomeRevised outcome => (Family.Outcome, 1, outcome.Milestone),
        Projection.Published or Projection.HolderAdded or Projection.Erased or Projection.HolderDestroyed => null,
        _ => throw new NotSupportedException($"{projection}"),
    };

    private static NpgsqlBatchCommand[] Step(Family family, int kind, IReadOnlyList<ProjectionRow> rows, BlindIndex index) => (family, kind) switch
    {
        (Family.Clinic, _) => [Own(ProjectionStatements.Clinic, rows, Query.Texts(rows, row => row.As<Projection.ClinicIndexed>().Clinic))],
        (Family.Patient, _) => Patients(rows, index),
        (Family.Sites, _) => Sites(rows),
        (Family.Feed, _) =>
        [
            Own(
                ProjectionStatements.Feed,
                rows,
                Query.Texts(rows, row => row.As<Projection.FeedReference>().Site),
                Query.Ints(rows, row => (int)row.As<Projection.FeedReference>().Kind),
                Query.Flags(rows, row => row.As<Projection.FeedReference>().PlanChanged),
                Query.Texts(rows, row => row.Append.Append.Command),
                Query.Longs(rows, row => row.Append.RecordedAt)),
        ],
        (Family.Due, 0) =>
        [
            Own(
                ProjectionStatements.DueDone,
                rows,
                Query.Texts(rows, row => row.As<Projection.DueDone>().Kind),
                Query.Longs(rows, row => row.Append.RecordedAt)),
        ],
        (Family.Due, _) =>
        [
            Own(
                ProjectionStatements.DueSet,
                rows,
                Query.Texts(rows, row => row.As<Projection.DueSet>().Kind),
                Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.DueSet>().At))),
        ],
        (Family.FollowUp, 0) => [Own(ProjectionStatements.FollowUpDone, rows, Query.Texts(rows, row => row.As<Projection.FollowUpDone>().Milestone))],
        (Family.FollowUp, _) =>
        [
            Own(
                ProjectionStatements.FollowUpSet,
                rows,
                Query.Texts(rows, row => row.As<Projection.FollowUpSet>().Milestone),
                Query.Texts(rows, row => row.As<Projection.FollowUpSet>().Clinic),
                Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.FollowUpSet>().OpensAt)),
                Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.FollowUpSet>().ClosesAt)),
                Query.Longs(rows, row => row.As<Projection.FollowUpSet>().EndsAt is { } ends ? StoredTime.ToStored(ends) : long.MaxValue)),
        ],
        (Family.Consent, _) =>
        [
            Own(ProjectionStatements.ConsentSet, rows, Query.Ints(rows, row => row.As<Projection.ConsentSet>().Recipients)),
            Own(ProjectionStatements.ConsentLost, rows, Query.Ints(rows, row => row.As<Projection.ConsentSet>().Recipients)),
        ],
        (Family.Pool, _) => [Own(ProjectionStatements.Pool, rows, Query.Blobs(rows, SealPool))],
        (Family.Outcome, 0) =>
        [
            Own(
                ProjectionStatements.Outcome,
                rows,
                Query.Texts(rows, row => row.As<Projection.OutcomeReady>().Milestone),
                Query.Blobs(rows, row => SealOutcome(row, row.As<Projection.OutcomeReady>().Milestone, row.As<Projection.OutcomeReady>().Values))),
        ],
        (Family.Outcome, _) =>
        [
            Own(
                ProjectionStatements.OutcomeRevised,
                rows,
                Query.Texts(rows, row => row.As<Projection.OutcomeRevised>().Milestone),
                Query.Blobs(rows, row => SealOutcome(row, row.As<Projection.OutcomeRevised>().Milestone, row.As<Projection.OutcomeRevised>().Values))),
        ],
        _ => throw new NotSupportedException($"{family}"),
    };

    private static NpgsqlBatchCommand[] Patients(IReadOnlyList<ProjectionRow> rows, BlindIndex index) =>
    [
        Own(
            ProjectionStatements.Patient,
            rows,
            Query.Texts(rows, row => row.As<Projection.PatientIndexed>().HomeClinic),
            Query.Blobs(rows, row => index.RecordNumber(row.As<Projection.PatientIndexed>().HomeClinic, row.As<Projection.PatientIndexed>().RecordNumber)),
            Query.Blobs(rows, row => index.Name("given-name", row.As<Projection.PatientIndexed>().GivenName)),
            Query.Blobs(rows, row => index.Name("family-name", row.As<Projection.PatientIndexed>().FamilyName)),
            Query.Blobs(rows, row => index.BirthDate(row.As<Projection.PatientIndexed>().BirthDate))),
        Own(ProjectionStatements.PatientConsent, rows),
    ];

    private static NpgsqlBatchCommand[] Sites(IReadOnlyList<ProjectionRow> rows)
    {
        var pairs = rows.SelectMany(row => row.As<Projection.SitesSet>().Sites.Select(site => (Row: row, Site: site))).ToList();
        return
        [
            Own(ProjectionStatements.SitesClear, rows),
            Query.Step(
                ProjectionStatements.SitesSet,
                Query.Texts(pairs, pair => pair.Row.Stream),
                Query.Longs(pairs, pair => pair.Row.Append.Version),
                Query.Texts(pairs, pair => pair.Site)),
        ];
    }

    private static byte[] SealPool(ProjectionRow row)
    {
        var entry = row.As<Projection.PoolEntered>();
        return Envelope.Seal(
            row.Append.Key, ReleasePlaces.Pool(row.Stream, row.Append.Version), PayloadCodec.EncodeValues([entry.Quarter, .. entry.QuasiIdentifiers]));
    }

    private static byte[] SealOutcome(ProjectionRow row, string milestone, IReadOnlyList<string> values) =>
        Envelope.Seal(row.Append.Key, ReleasePlaces.Outcome(row.Stream, row.Append.Version, milestone), PayloadCodec.EncodeValues(values));

    /// <summary>$1 and $2 are stream and version of each row, by which the statement knows whether the command was inserted.</summary>
    private static NpgsqlBatchCommand Own(string sql, IReadOnlyList<ProjectionRow> rows, params ReadOnlySpan<NpgsqlParameter> further) =>
        Query.Step(sql, [Query.Texts(rows, row => row.Stream), Query.Longs(rows, row => row.Append.Version), .. further]);

    private readonly record struct ProjectionRow(PendingAppend Append, Projection Projection)
    {
        public string Stream => Append.Stream;

        public T As<T>()
            where T : Projection => (T)Projection;
    }
}
