using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>The rule of patterns of misuse, written out again; of a plan in a clinic.</summary>
internal static class MisuseLaw
{
    public static IEnumerable<string> Meeting(PatientState state)
    {
        var asked = state.DoseRequests.Where(r => r.Kind is not (DoseRequestKind.Higher or DoseRequestKind.OtherClinic)).Select(r => (Name: "dose-requests/" + r.Id.Value, Day: state.DayOf(r.OccurredAt))).ToArray();
        (string Name, DateOnly Day)[] missed =
        [
            .. state.SessionsOfAllCourses().Where(s => state.MonitoringOf(s.Id).Left == LeavingKind.AgainstAdvice).Select(s => ("sessions/" + s.Id.Value, state.DayOf(s.CompletedAt!.Value))),
            .. Unanswered(state),
        ];
        return
        [
            .. state.DoseRequests.Where(r => r.Kind == DoseRequestKind.OtherClinic).Select(r => "dose-requests/" + r.Id.Value),
            .. state.AnsweredScales.Where(a => a.Scale == ScaleKind.LongTermSafety && a.Items.Any(i => i.Key == "other-use" && i.Value == 1)).Select(a => "assessments/" + a.Id.Value),
            .. asked.Where(a => asked.Count(b => AreNear(a.Day, b.Day)) > 1 || missed.Any(m => AreNear(a.Day, m.Day))).Select(a => a.Name),
            .. missed.Where(m => asked.Any(a => AreNear(a.Day, m.Day))).Select(m => m.Name),
        ];
    }

    /// <summary>Long-term safety items: days 21 to 35 after the first dose and every 28 days after that, missed a week later.</summary>
    private static IEnumerable<(string Name, DateOnly Day)> Unanswered(PatientState state)
    {
        if (state.Sessions.Min(s => s.DosedAt) is not { } dose || state.NoticedUntil is not { } noticed)
        {
            yield break;
        }

        for (var (n, opens) = (1, state.DayOf(dose).AddDays(21)); opens.AddDays(22) <= state.DayOf(noticed) && !(state.EndedAt is { } ended && state.DayOf(ended) < opens.AddDays(15)); (n, opens) = (n + 1, opens.AddDays(28)))
        {
            if (!state.AnsweredScales.Any(a => a.Scale == ScaleKind.LongTermSafety && state.DayOf(a.OccurredAt) >= opens && state.DayOf(a.OccurredAt) < opens.AddDays(22)))
            {
                yield return ($"follow-ups/long-term-safety/{n}", opens.AddDays(15));
            }
        }
    }

    private static bool AreNear(DateOnly one, DateOnly other) => Math.Abs(one.DayNumber - other.DayNumber) <= 28;
}
