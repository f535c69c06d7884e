using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal.Tests.Model;

/// <summary>What an append does to the reference: a verdict in words, and the next state when it was appended.</summary>
internal static class ReferenceRules
{
    public const string Appended = "appended";

    public static (string Verdict, ReferenceState Next) Apply(ReferenceState state, Append append)
    {
        var rows = state.Streams.GetValueOrDefault(append.Stream) ?? [];
        if (rows.Find(row => row.Origin.RequestId == append.Origin.RequestId) is { } earlier)
        {
            return ($"already at {earlier.Version}, same payload {earlier.Origin.PayloadHash.SequenceEqual(append.Origin.PayloadHash)}", state);
        }

        if (append.Version != rows.Count + 1 || !append.BaseHash.SequenceEqual(state.HashAt(append.Stream, rows.Count)))
        {
            return ($"conflict with {rows.Count}", state);
        }

        var next = state with { Streams = state.Streams.SetItem(append.Stream, rows.Add(append)) };
        foreach (var projection in append.Projections)
        {
            (var taken, next) = Project(next, append, projection);
            if (taken is not null)
            {
                return ($"taken: {taken}", state);
            }
        }

        return (Appended, next);
    }

    public static string Describe(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Appended => Appended,
        AppendOutcome.AlreadyAppended already => $"already at {already.Request.Row.Version}, same payload {already.Request.SamePayload}",
        AppendOutcome.VersionConflict conflict => $"conflict with {conflict.Head}",
        AppendOutcome.KeyTaken taken => $"taken: {taken.Key}",
        _ => throw new NotSupportedException(),
    };

    private static (string? Taken, ReferenceState Next) Project(ReferenceState s, Append append, Projection projection)
    {
        var (stream, version) = (append.Stream, append.Version);
        switch (projection)
        {
            case Projection.PatientIndexed p:
                var taken = s.Patients.Any(other => other.Key != stream && (other.Value.HomeClinic, other.Value.RecordNumber) == (p.HomeClinic, p.RecordNumber));
                return (taken ? "record_number" : null, s with
                {
                    Patients = s.Patients.SetItem(stream, p),
                    Consent = s.Consent.ContainsKey(stream) ? s.Consent : s.Consent.Add(stream, 0),
                });
            case Projection.SitesSet p:
                return (null, s with { Sites = s.Sites.SetItem(stream, [.. p.Sites]) });
            case Projection.FeedReference p:
                return (null, s with { Feed = s.Feed.Add((stream, version, p)) });
            case Projection.DueSet p:
                var due = new DueRow(stream, p.Kind, p.At);
                var inTime = due.At <= ModelStep.Start && s.Due.TryGetValue(due, out var doneBy) && doneBy != version;
                return (null, inTime ? s : s with { Due = s.Due.SetItem(due, 0) });
            case Projection.DueDone p:
                return (null, s with { Due = s.Due.SetItems(s.Due.Where(d => d.Key.Stream == stream && d.Key.Kind == p.Kind && d.Value == 0).Select(d => KeyValuePair.Create(d.Key, version))) });
            case Projection.FollowUpSet p:
                return (null, s with { Visits = s.Visits.SetItem((stream, p.Milestone), (p, false)) });
            case Projection.FollowUpDone p:
                return (null, s.Visits.TryGetValue((stream, p.Milestone), out var visit) ? s with { Visits = s.Visits.SetItem((stream, p.Milestone), (visit.Visit, true)) } : s);
            case Projection.ConsentSet p:
                var formedWith = s.Cells.Values.FirstOrDefault(cell => cell.Members.Contains(stream))?.Recipients ?? 0;
                s = s with
                {
                    Consent = s.Consent.SetItem(stream, p.Recipients),
                    Lost = s.Lost.SetItem(stream, s.Lost.GetValueOrDefault(stream) | (formedWith & ~p.Recipients)),
                };
                var mayHave = ReleasePermission.PermitsSome(formedWith & s.PermittedBy(stream));
                return (null, mayHave ? s : s with { Released = s.Released.RemoveRange(s.Released.Keys.Where(row => row.Person == stream && row.Publication > s.Published)) });
            case Projection.PoolEntered p:
                return (null, s.IsMember(stream) ? s : s with { Pool = s.Pool.SetItem(stream, p) });
            case Projection.OutcomeReady p:
                return (null, s with { Outcomes = s.Outcomes.SetItem((stream, p.Milestone), (p.Values[0], false)) });
            case Projection.OutcomeRevised p:
                return (null, Revise(s, stream, p));
            case Projection.PublicationPrepared p:
                return Prepare(s, p.Step);
            case Projection.RowsSealed:
                return (null, s); // Given in one command with the commit.
            case Projection.PublicationCommitted p:
                return Commit(s, append.Projections.OfType<Projection.RowsSealed>().Single().Rows, p.Commit);
            default:
                throw new NotSupportedException();
        }
    }

    private static ReferenceState Revise(ReferenceState s, string person, Projection.OutcomeRevised p)
    {
        var isReleased = s.Released.Keys.Any(row => (row.Person, row.Milestone) == (person, p.Milestone) && !s.Superseded.ContainsKey(row));
        var waits = s.Outcomes.TryGetValue((person, p.Milestone), out var outcome);
        return waits || isReleased ? s with { Outcomes = s.Outcomes.SetItem((person, p.Milestone), (p.Values[0], !isReleased && outcome.Used)) } : s;
    }

    private static (string? Taken, ReferenceState Next) Prepare(ReferenceState s, PreparedStep p)
    {
        int PermittedBy(string cell) => (p.Cells.FirstOrDefault(c => c.Cell == cell) ?? s.Cells.GetValueOrDefault(cell))?.Recipients ?? 0;
        if (p.Cells.Any(cell => !ReleasePermission.PermitsSome(cell.Recipients) || cell.Members.Any(member => s.ConsentOf(member) != cell.Recipients))
            || p.Rows.Any(row => !ReleasePermission.PermitsSome(s.PermittedBy(row.Person) & PermittedBy(row.Cell))))
        {
            return ("consent", s);
        }

        if (p.Publication != s.Published + 1)
        {
            return ("publication", s);
        }

        foreach (var cell in p.Dissolved)
        {
            if (s.FormedBy.GetValueOrDefault(cell) != p.Publication)
            {
                return ("cell", s);
            }

            s = Dissolve(s, s.Cells[cell]);
        }

        foreach (var cell in p.Cells)
        {
            if (s.Cells.ContainsKey(cell.Cell))
            {
                return ("cell", s);
            }

            if (cell.Members.Distinct().Count() < cell.Members.Count || cell.Members.Any(member => !s.Pool.ContainsKey(member) || s.IsMember(member)))
            {
                return ("cell_member", s);
            }

            s = s with { Cells = s.Cells.Add(cell.Cell, cell), FormedBy = s.FormedBy.Add(cell.Cell, p.Publication) };
        }

        foreach (var settled in p.Settled)
        {
            if (!s.Cells.TryGetValue(settled.Cell, out var cell))
            {
                return ("cell", s);
            }

            var key = (settled.Cell, settled.Milestone);
            if (s.Settled.TryGetValue(key, out var before) && (before.Status, settled.Status) != ("RELEASED", "WITHHELD"))
            {
                return ("milestone", s);
            }

            s = Use(s with { Settled = s.Settled.SetItem(key, (settled.Status, p.Publication)) }, cell.Members.Select(member => (member, settled.Milestone)));
            var old = before.Status is null ? [] : s.Released.Keys.Where(row => cell.Members.Contains(row.Person) && row.Milestone == settled.Milestone).ToList();
            s = Supersede(s, old.Where(row => row.Publication < p.Publication), p.Publication) with { Released = s.Released.RemoveRange(old.Where(row => row.Publication == p.Publication)) };
        }

        foreach (var row in p.Rows)
        {
            if (s.Retired.Contains(row.Cell) || p.Retired.Contains(row.Cell) || !s.Cells[row.Cell].Members.Contains(row.Person))
            {
                return ("cell_member", s);
            }

            if (s.Released.ContainsKey((row.Person, row.Milestone, p.Publication)))
            {
                return ("milestone", s);
            }

            s = Supersede(s, s.Released.Keys.Where(one => (one.Person, one.Milestone) == (row.Person, row.Milestone)), p.Publication);
            s = Use(s with { Released = s.Released.Add((row.Person, row.Milestone, p.Publication), row) }, [(row.Person, row.Milestone)]);
        }

        foreach (var cell in p.Retired.Where(s.Cells.ContainsKey))
        {
            s = s with
            {
                Retired = s.Retired.Add(cell),
                Settled = s.Settled.SetItems(s.Settled.Where(one => one.Key.Cell == cell && one.Value.Publication == p.Publication)
                    .Select(one => KeyValuePair.Create(one.Key, ("RETIRED", p.Publication)))),
                Released = s.Released.RemoveRange(s.Released.Keys.Where(row => row.Publication == p.Publication && s.Cells[cell].Members.Contains(row.Person))),
            };
        }

        return (null, s);
    }

    private static ReferenceState Dissolve(ReferenceState s, NewReleaseCell cell) => s with
    {
        Cells = s.Cells.Remove(cell.Cell),
        FormedBy = s.FormedBy.Remove(cell.Cell),
        Retired = s.Retired.Remove(cell.Cell),
        Lost = s.Lost.RemoveRange(cell.Members),
        Settled = s.Settled.RemoveRange(s.Settled.Keys.Where(one => one.Cell == cell.Cell)),
        Released = s.Released.RemoveRange(s.Released.Keys.Where(row => cell.Members.Contains(row.Person))),
        Outcomes = s.Outcomes.SetItems(s.Outcomes.Where(one => cell.Members.Contains(one.Key.Person)).Select(one => KeyValuePair.Create(one.Key, (one.Value.Value, false)))),
    };

    private static ReferenceState Use(ReferenceState s, IEnumerable<(string Person, string Milestone)> outcomes) =>
        s with { Outcomes = s.Outcomes.SetItems(outcomes.Where(s.Outcomes.ContainsKey).Select(one => KeyValuePair.Create(one, (s.Outcomes[one].Value, true)))) };

    private static ReferenceState Supersede(ReferenceState s, IEnumerable<(string, string, int)> rows, int publication) =>
        s with { Superseded = s.Superseded.AddRange(rows.Where(row => !s.Superseded.ContainsKey(row)).Select(row => KeyValuePair.Create(row, publication))) };

    private static (string? Taken, ReferenceState Next) Commit(ReferenceState s, SealedRows rows, PublicationCommit p)
    {
        if (p.Publication != s.Published + 1)
        {
            return ("publication", s);
        }

        return p.Prepared != s.Prepared.Count() ? ("prepared", s)
            : p.Batches[0].Number != s.Batches.Count + 1 ? ("batch", s)
            : (null, s with { Published = p.Publication, Batches = s.Batches.Add([.. rows.Rows]) });
    }
}
