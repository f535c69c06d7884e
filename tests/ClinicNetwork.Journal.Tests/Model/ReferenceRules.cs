using System.Collections.Immutable;

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
                return (null, s with
                {
                    Consent = s.Consent.SetItem(stream, p.Recipients),
                    Lost = s.Lost.SetItem(stream, s.Lost.GetValueOrDefault(stream) | (formedWith & ~p.Recipients)),
                });
            case Projection.PoolEntered p:
                return (null, s.IsMember(stream) ? s : s with { Pool = s.Pool.SetItem(stream, p) });
            case Projection.OutcomeReady p:
                return (null, s with { Outcomes = s.Outcomes.SetItem((stream, p.Milestone), p.Values[0]) });
            case Projection.Published p:
                return Publish(s, p.Publication);
            default:
                throw new NotSupportedException();
        }
    }

    private static (string? Taken, ReferenceState Next) Publish(ReferenceState s, Publication p)
    {
        int PermittedBy(string cell) => (p.Cells.FirstOrDefault(c => c.Cell == cell) ?? s.Cells.GetValueOrDefault(cell))?.Recipients ?? 0;
        if (p.Cells.Any(cell => cell.Recipients == 0 || cell.Members.Any(member => s.ConsentOf(member) != cell.Recipients))
            || p.Rows.Any(row => (s.PermittedBy(row.Person) & PermittedBy(row.Cell)) == 0))
        {
            return ("consent", s);
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

            s = s with { Cells = s.Cells.Add(cell.Cell, cell), Pool = s.Pool.RemoveRange(cell.Members) };
        }

        foreach (var settled in p.Settled)
        {
            if (!s.Cells.TryGetValue(settled.Cell, out var cell))
            {
                return ("cell", s);
            }

            if (s.Settled.Contains((settled.Cell, settled.Milestone)))
            {
                return ("milestone", s);
            }

            s = s with { Settled = s.Settled.Add((settled.Cell, settled.Milestone)), Outcomes = s.Outcomes.RemoveRange(cell.Members.Select(m => (m, settled.Milestone))) };
        }

        if (p.Batch is { } batch)
        {
            if (batch.Number != s.Batches.Count + 1)
            {
                return ("batch", s);
            }

            var released = s.Batches.SelectMany(b => b.Rows).Select(row => (row.Person, row.Milestone)).ToHashSet();
            foreach (var row in p.Rows)
            {
                if (s.Retired.Contains(row.Cell) || !s.Cells[row.Cell].Members.Contains(row.Person))
                {
                    return ("cell_member", s);
                }

                if (!released.Add((row.Person, row.Milestone)))
                {
                    return ("milestone", s);
                }
            }

            s = s with { Batches = s.Batches.Add((batch, p.Rows)) };
        }

        return (null, s with { Retired = s.Retired.Union(p.RetiredCells.Where(s.Cells.ContainsKey)) });
    }
}
