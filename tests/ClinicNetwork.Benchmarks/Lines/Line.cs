using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>One line of the benchmark: a question, and how it is measured.</summary>
/// <param name="Name">As <c>--only</c> takes it.</param>
internal sealed record Line(string Name, string Question, Func<Bench, CancellationToken, Task<Result>> MeasureAsync)
{
    /// <summary>In the order they run: those that share a network follow each other.</summary>
    public static readonly IReadOnlyList<Line> All =
    [
        new("record", "RecordAssessment, durable, against pgbench's single-row insert and a hand-written service, at 1, 32 and 256 callers", RecordLine.MeasureAsync),
        new("plan", "GetPlan, cached and confirmed, against a gRPC echo and pgbench -S", PlanLine.MeasureAsync),
        new("intake", "IngestFacts, several streams, against pgbench's single-row insert", IntakeLine.MeasureAsync),
        new("audit", "RecordAssessment with the audit against the same without it, at 256 callers", AuditLine.MeasureAsync),
        new("feed", "WatchPlans of a site from the start until caught up", FeedLine.MeasureAsync),
        new("cold", "first read of a patient after a restart, with and without snapshots", ColdLine.MeasureAsync),
        new("memory", "memory of an active patient beyond its encoded state", MemoryLine.MeasureAsync),
        new("scale", "RecordAssessment's p99 in a large network against a small one", ScaleLine.MeasureAsync),
        new("start", "process start to first answer", StartLine.MeasureAsync),
    ];
}
