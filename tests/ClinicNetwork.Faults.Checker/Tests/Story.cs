using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>A tiny history, told event by event; each event is one millisecond after the one before.</summary>
public sealed class Story
{
    public const string Anna = "patients/anna";
    public const string Harbour = "clinics/harbour";

    private readonly List<HistoryEvent> _events = [];

    public double NowMs { get; private set; } = 1000;

    /// <summary>A good history in which every verdict has something to look at.</summary>
    public static Story Good() => new Story()
        .Add(new RunBegan(1, "Short", 0.1, "", 1))
        .Sampled("before", 100, 20, 150)
        .Accepted("enrol", "EnrolPatient", 1, site: Harbour)
        .Accepted("plan", "CreatePlan", 2, plan: 1).With<Told>(t => t.Op == "plan", t => t with { Plan = "6: phq9" })
        .Accepted("start", "StartSession", 3, session: "s-0")
        .Accepted("dose", "RecordDose", 4, session: "s-0", firstDose: new DateOnly(2026, 1, 1))
        .Accepted("end", "CompleteSession", 5, session: "s-0")
        .Read(5, confirmed: true, plan: 1, sessions: 1)
        .Struck()
        .Accepted("probe", "RecordMissedVisit", 6, fault: 1)
        .Healed()
        .Accepted("revise", "RevisePlan", 7, plan: 2, baseVersion: 2, refusable: true).With<Invoked>(i => i.Op == "revise", i => i with { Sessions = 6 })
        .Read(7, confirmed: false, plan: 2, sessions: 1, min: 7)
        .Sampled("after", 100, 20, 150)
        .Entries(("enrol", "EnrolPatient"), ("plan", "CreatePlan"), ("start", "StartSession"), ("dose", "RecordDose"), ("end", "CompleteSession"), ("probe", "RecordMissedVisit"), ("revise", "RevisePlan"))
        .Feed("live", "start", complete: false, 1, 2, 3)
        .Feed("live", "bookmark", complete: true, 4, 5, 6, 7)
        .Feed("whole", "start", complete: true, 1, 2, 3, 4, 5, 6, 7)
        .Audited(1, 2, 3, 4, 5, 6, 7)
        .Add(new Scanned("pg", 1000)).Add(new Scanned("keys", 100)).Add(new Scanned("logs", 100))
        .Add(new RunEnded(1000, new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)));

    public Story Add(HistoryEvent entry)
    {
        _events.Add(entry with { AtMs = ++NowMs });
        return this;
    }

    /// <summary>Takes out every event that fits.</summary>
    public Story Without(Func<HistoryEvent, bool> what)
    {
        Assert.NotEqual(0, _events.RemoveAll(e => what(e)));
        return this;
    }

    /// <summary>Changes every event of a kind that fits.</summary>
    public Story With<T>(Func<T, bool> which, Func<T, T> change)
        where T : HistoryEvent
    {
        var changed = 0;
        for (var i = 0; i < _events.Count; i++)
        {
            if (_events[i] is T entry && which(entry))
            {
                _events[i] = change(entry);
                changed++;
            }
        }

        Assert.NotEqual(0, changed);
        return this;
    }

    public Story Invoked(
        string op, string command, bool refusable = false, long? baseVersion = null, string? site = null, string? session = null, DateOnly? firstDose = null, int? fault = null) =>
        Add(new Invoked(op, Anna, command, refusable, baseVersion, site, session, firstDose, fault));

    public Story Attempt(string op, Outcome outcome, long version = 0, string? answer = null, int? plan = null, string? reason = null, int attempt = 1) =>
        Add(new Sent(op, attempt, "a1")).Add(new Told(op, attempt, outcome, version, answer, plan, reason));

    public Story Accepted(
        string op,
        string command,
        long version,
        int? plan = null,
        bool refusable = false,
        long? baseVersion = null,
        string? site = null,
        string? session = null,
        DateOnly? firstDose = null,
        int? fault = null) =>
        Invoked(op, command, refusable, baseVersion, site, session, firstDose, fault).Attempt(op, Outcome.Ok, version, "answer of " + op, plan);

    /// <summary>A change of the plan, decided elsewhere or over a conflict, that was answered.</summary>
    public Story Proposed(string op, string command, long version, string plan, Func<Invoked, Invoked> said, string? became = null, int? revision = null) =>
        Add(said(new Invoked(op, Anna, command, command == "ResolvePlanConflict"))).Add(new Sent(op, 1, "a1"))
            .Add(new Told(op, 1, Outcome.Ok, version, "answer of " + op, revision) { Plan = plan, Became = became });

    public Story Read(long version, bool confirmed, int plan, int sessions, long min = 0, int assessments = 0, double? beganMs = null, bool? isConfirmed = null, string? content = null) =>
        Add(new StateRead(beganMs ?? NowMs + 0.5, Anna, "a1", confirmed, min, version, isConfirmed ?? confirmed, plan, assessments, sessions, content ?? $"content {version}"));

    public Story Struck() => Add(new FaultBegan(1, "F1 kill -9 one", "a1"));

    public Story Healed() => Add(new FaultHealed(1)).Add(new GraceChecked(1, Anna, true, 900)).Add(new GraceChecked(1, Harbour, true, 50));

    public Story Sampled(string when, int handles, int connections, double mebibytes) =>
        Add(new Sampled("a1", when, handles, mebibytes, 0)).Add(new Sampled("postgres", when, 0, 0, connections));

    public Story Entries(params (string Op, string Command)[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            Entry(i + 1, entries[i].Op, entries[i].Command);
        }

        return Add(new HistoryComplete(Anna, entries.Length));
    }

    public Story Entry(long version, string op, string command, DateTimeOffset? recordedAt = null) =>
        Add(new HistoryEntry(Anna, version, op, command, recordedAt ?? new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)));

    public Story Feed(string reader, string from, bool complete, params long[] versions)
    {
        Add(new FeedBegan(Harbour, reader, from, complete));
        foreach (var version in versions)
        {
            var command = _events.OfType<HistoryEntry>().FirstOrDefault(e => e.Version == version)?.Command ?? "?";
            Add(new FeedEntry(Harbour, reader, Anna, version, command));
        }

        return Add(new FeedBookmark(Harbour, reader)).Add(new FeedEnded(Harbour, reader, complete));
    }

    public Story Audited(params long[] versions)
    {
        foreach (var (version, i) in versions.Select((version, i) => (version, i)))
        {
            Add(new AuditPlaced(2 * i, Anna, version));
        }

        return Add(new AuditRead(20, 15, null));
    }

    public CheckedRun Check() => RunChecker.Check(_events);

    /// <summary>The verdict is broken, and says so of this thing.</summary>
    public void Breaks(string verdict, string about)
    {
        var judged = Check().Verdicts.Single(v => v.Name == verdict);
        Assert.True(judged.Standing == Standing.Broken, $"{verdict} found nothing wrong");
        Assert.Contains(judged.Broken, b => b.Contains(about, StringComparison.Ordinal));
    }
}
