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
    private const int Families = 14;

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
        Agreement,
        Acknowledgement,
        Document,
        Submission,
        Double,
    }

    public static IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<PendingAppend> appends, BlindIndex index)
    {
        var steps = new SortedDictionary<(Family Family, int Pass, int Kind), List<ProjectionRow>>();
        foreach (var append in appends)
        {
            Place(append, steps);
        }

        foreach (var held in Lock(appends, steps))
        {
            yield return held;
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
    /// The profile before consent, and consent of all persons in one order, as a publication does. Who takes something away shares the profile with other such commands
    /// and with preparation: a commit has counted before, or counts after. Who enters the pool, or gets other values, beside a preparation waits, and then sees that the person
    /// is in a cell, or the values are released.
    /// </summary>
    private static IEnumerable<NpgsqlBatchCommand> Lock(IReadOnlyList<PendingAppend> appends, IReadOnlyDictionary<(Family Family, int Pass, int Kind), List<ProjectionRow>> steps)
    {
        var rows = steps.Where(step => step.Key.Family == Family.Consent).SelectMany(step => step.Value).ToList();
        if (appends.Any(append => append.Append.Projections.Any(p => p is Projection.Erased or Projection.HolderDestroyed)))
        {
            yield return Query.Step(ProjectionStatements.LockProfile);
        }
        else if (rows.Count > 0)
        {
            yield return Query.Step(
                ProjectionStatements.LockProfileToWithdraw,
                Query.Texts(rows, row => row.Stream),
                Query.Ints(rows, row => row.As<Projection.ConsentSet>().Recipients),
                Query.Longs(rows, row => UntilOf(row.As<Projection.ConsentSet>())),
                Query.Longs(rows, row => row.Append.RecordedAt));
        }

        var persons = steps.Where(step => step.Key.Family is Family.Pool or Family.Consent or Family.Outcome).SelectMany(step => step.Value)
            .Select(row => row.Stream).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (persons.Count > 0)
        {
            yield return Query.Step(ProjectionStatements.LockConsent, Query.Texts(persons, person => person));
        }
    }

    private static long UntilOf(Projection.ConsentSet consent) => consent.Until == DateTimeOffset.MaxValue ? long.MaxValue : StoredTime.ToStored(consent.Until);

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
        Projection.AgreementSet set => (Family.Agreement, 0, set.Agreement.Agreement),
        Projection.BatchAcknowledged => (Family.Acknowledgement, 0, null),
        Projection.DocumentSigned => (Family.Document, 0, null),
        Projection.DoubleDismissed => (Family.Double, 0, null),
        Projection.DoubleReopened => (Family.Double, 1, null),
        Projection.RecordsSubmitted => (Family.Submission, 0, ""),
        Projection.RecordsDropped => (Family.Submission, 1, ""),
        _ when PublicationWriter.IsOf(projection) => null,
        Projection.HolderAdded or Projection.Erased or Projection.HolderDestroyed => null,
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
            Own(ProjectionStatements.ConsentLost, rows, Consents(rows)),
            Own(ProjectionStatements.ConsentSet, rows, Consents(rows)),
            Own(ProjectionStatements.ClearPrepared, rows),
            Own(ProjectionStatements.ClearSealed, rows),
        ],
        (Family.Pool, _) => [Own(ProjectionStatements.Pool, rows, Query.Blobs(rows, SealPool), Query.Longs(rows, row => row.Append.RecordedAt))],
        (Family.Agreement, _) => [Agreements(rows)],
        (Family.Acknowledgement, _) =>
        [
            Own(
                ProjectionStatements.Acknowledged,
                rows,
                Query.Texts(rows, row => row.As<Projection.BatchAcknowledged>().Recipient),
                Query.Ints(rows, row => row.As<Projection.BatchAcknowledged>().Number),
                Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.BatchAcknowledged>().At))),
        ],
        (Family.Document, _) =>
        [
            Own(
                ProjectionStatements.Document,
                rows,
                Query.Texts(rows, row => row.As<Projection.DocumentSigned>().Document.Kind),
                Query.Texts(rows, row => row.As<Projection.DocumentSigned>().Document.Name),
                Query.Ints(rows, row => row.As<Projection.DocumentSigned>().Document.Number),
                Query.Blobs(rows, row => row.As<Projection.DocumentSigned>().Document.Document),
                Query.Blobs(rows, row => row.As<Projection.DocumentSigned>().Document.Signature)),
        ],
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
        (Family.Double, 1) => [Own(ProjectionStatements.DoubleReopened, rows, Query.Texts(rows, row => row.As<Projection.DoubleReopened>().Double))],
        (Family.Double, _) => [Own(ProjectionStatements.DoubleDismissed, rows, Query.Texts(rows, row => row.As<Projection.DoubleDismissed>().Double))],
        (Family.Submission, 0) => [SubmissionSteps.Write(rows.SelectMany(row => row.As<Projection.RecordsSubmitted>().Rows.Select(one => (row.Append, one))).ToList())],
        (Family.Submission, _) => [Own(SubmissionSteps.Drop, rows)],
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

    private static NpgsqlParameter[] Consents(IReadOnlyList<ProjectionRow> rows) =>
    [
        Query.Ints(rows, row => row.As<Projection.ConsentSet>().Recipients),
        Query.Longs(rows, row => UntilOf(row.As<Projection.ConsentSet>())),
        Query.Longs(rows, row => row.Append.RecordedAt),
    ];

    private static NpgsqlBatchCommand Agreements(IReadOnlyList<ProjectionRow> rows) => Own(
        ProjectionStatements.Agreement,
        rows,
        Query.Texts(rows, row => row.As<Projection.AgreementSet>().Agreement.Agreement),
        Query.Texts(rows, row => row.As<Projection.AgreementSet>().Agreement.Partner),
        Query.Texts(rows, row => row.As<Projection.AgreementSet>().Agreement.Profile),
        Query.Ints(rows, row => row.As<Projection.AgreementSet>().Agreement.Required),
        Query.Texts(rows, row => string.Join(',', row.As<Projection.AgreementSet>().Agreement.Fields)),
        Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.AgreementSet>().Agreement.ValidFrom)),
        Query.Longs(rows, row => StoredTime.ToStored(row.As<Projection.AgreementSet>().Agreement.ValidTo)),
        Query.Longs(rows, row => row.As<Projection.AgreementSet>().Agreement.Quota),
        Query.Ints(rows, row => row.As<Projection.AgreementSet>().Agreement.Epoch),
        Query.Texts(rows, row => row.As<Projection.AgreementSet>().Agreement.Status));

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
