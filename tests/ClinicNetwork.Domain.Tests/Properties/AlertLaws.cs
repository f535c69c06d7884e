using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>Every fact that meets a rule is the cause of exactly one alert of its kind, and nothing else is one; the rules are written out again here. A retraction withdraws those that meet it no more.</summary>
internal static class AlertLaws
{
    public static void Hold(PatientState before, PatientState after)
    {
        foreach (var kind in Enum.GetValues<AlertKind>())
        {
            var causes = after.Alerts.Where(a => a.Kind == kind).SelectMany(a => a.Causes).ToArray();
            Assert.True(causes.Distinct().Count() == causes.Length, $"{kind}: a fact raised two.");
            var gone = after.Retracted.Length > before.Retracted.Length ? before.Retracted.Length + 1 : 0;
            var withdrawn = after.Alerts.Where(a => a.Kind == kind).SelectMany(a => a.Withdrawn).Where(w => gone > 0 && w.Retraction == gone).Select(w => w.Cause).ToArray();
            Assert.Equal(gone == 0 ? [] : Meeting(before, kind).Except(Meeting(after, kind)).Intersect(before.Alerts.Where(a => a.Kind == kind).SelectMany(a => a.Causes)).Order(StringComparer.Ordinal), withdrawn.Where(Meeting(before, kind).Contains).Order(StringComparer.Ordinal));
            Assert.DoesNotContain(causes, c => FactName.TryParse(c, out var fact) && !Retraction.Stands(after, fact));
            Assert.All(withdrawn, w => Assert.True(Meeting(before, kind).Contains(w) || (FactName.TryParse(w, out var fact) && !Retraction.Stands(after, fact))));
            var expected = before.Alerts.Where(a => a.Kind == kind).SelectMany(a => a.Causes).Union(after.Death is null ? Meeting(after, kind) : []).Except(withdrawn).Order(StringComparer.Ordinal);
            Assert.True(expected.SequenceEqual(causes.Order(StringComparer.Ordinal)), $"{kind} by {string.Join(' ', causes)}, and meeting it are {string.Join(' ', expected)}.");
        }

        Assert.Equal(Enumerable.Range(1, after.Alerts.Length), after.Alerts.Select(a => a.Number));
        foreach (var (was, now) in before.Alerts.Zip(after.Alerts))
        {
            Assert.Equal((was.Kind, was.RuleVersion, was.RaisedAt), (now.Kind, now.RuleVersion, now.RaisedAt));
            var kept = was.Causes.Except(now.Withdrawn.Skip(was.Withdrawn.Length).Select(w => w.Cause)).ToArray();
            Assert.Equal(kept, now.Causes.Take(kept.Length));
            Assert.True(now.IsOpen == now.ClosedAt is null && (now.Causes.Length > 0 || !now.IsOpen), "An alert without a cause is open.");
            Assert.InRange(now.Level - was.Level, 0, now.Historical ? 0 : 1);
            Assert.Equal(was.Historical, now.Historical);
            Assert.True(now.Level <= now.Rule.Levels.Length);
            var again = now.ReopenedBy is { } by && by > before.Retracted.Length;
            Assert.True(was.IsOpen || again || (was.Level == now.Level && was.ClosedAt == now.ClosedAt && was.Answer == now.Answer && was.Actor == now.Actor && was.Done == now.Done));
            Assert.True(!again || (FactName.TryParse(was.Answer, out var answer) && !Retraction.Stands(after, answer)));
            Assert.True(now.IsOpen || now.Causes.IsEmpty || (now.Answer.Length > 0) != (now.Done.Length > 0));
        }
    }

    public static IEnumerable<string> Meeting(PatientState state, AlertKind kind) => kind switch
    {
        AlertKind.RiskScreenDue => state.Assessments.Where(a => a.Items[8] > 0).Select(a => "assessments/" + a.Id.Value),
        AlertKind.HighRisk => state.AnsweredScales.Where(a => a.Triage == RiskTriage.High).Select(a => "assessments/" + a.Id.Value),
        AlertKind.SevereHypertension =>
        [
            .. state.SessionsOfAllCourses().Where(s => IsSevere(s.Before)).Select(s => $"sessions/{s.Id.Value}"),
            .. state.SessionsOfAllCourses().Where(s => IsSevere(s.After)).Select(s => $"sessions/{s.Id.Value}/completion"),
            .. state.Monitoring.SelectMany(m => m.Vitals.Index().Where(v => IsSevere(v.Item.BloodPressure)).Select(v => FactNumbers.At(state, FactKind.Vitals, m.Session.Value, v.Index).ToString())),
        ],
        AlertKind.ClinicalWorsening => OfCourse(state, (baseline, best, total) => total >= baseline + 5 || (IsResponse(baseline, best) && total >= best + 5)),
        AlertKind.LossOfResponse => OfCourse(state, (baseline, best, total) => IsResponse(baseline, best) && 2 * total > baseline),
        AlertKind.AbruptStop => StopLaw.Meeting(state),
        AlertKind.MisusePattern => MisuseLaw.Meeting(state),
        AlertKind.Pregnancy => state.Pregnancies.Where(p => p.Finding is PregnancyFinding.Reported or PregnancyFinding.TestPositive).Select(p => $"pregnancies/{p.Number}"),
        AlertKind.OutsideGates => state.SessionsOfAllCourses()
            .Where(s => s.Report?.OutsideGates.Length > 0 || s.Report?.EmergencyReason.Length > 0 || state.MonitoringOf(s.Id).Overridden.Any(o => o.Gate == GateKind.DosingSite))
            .SelectMany(s => (SessionId[])[s.Id, .. s.Report?.Near ?? []])
            .Where(id => state.SessionsOfAllCourses().Any(s => s.Id == id))
            .Select(id => $"sessions/{id.Value}")
            .Distinct(),
        AlertKind.PlanConflict => state.PlanConflicts.Select(c => $"plan-conflicts/{c.Number}"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static IEnumerable<string> OfCourse(PatientState state, Func<int, int?, int, bool> meets)
    {
        var doses = state.Sessions.Where(s => s.DosedAt is not null).Select(s => s.DosedAt!.Value).ToArray();
        var answers = state.Assessments.OrderBy(a => a.OccurredAt).ToArray();
        if (doses.Length == 0 || answers.LastOrDefault(a => a.OccurredAt < doses.Min()) is not { } baseline
            || state.DayOf(baseline.OccurredAt) < state.DayOf(doses.Min()).AddDays(-30))
        {
            return [];
        }

        var course = answers.Where(a => a.OccurredAt >= doses.Min()).ToArray();
        return course.Where((a, i) => meets(baseline.Total, i == 0 ? null : course.Take(i).Min(b => b.Total), a.Total)).Select(a => "assessments/" + a.Id.Value);
    }

    private static bool IsResponse(int baseline, int? best) => baseline > 0 && 2 * best <= baseline;

    private static bool IsSevere(BloodPressure? pressure) => pressure is { SystolicMmHg: >= 180 } or { DiastolicMmHg: >= 110 };
}
