using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>
/// Folds simulated patients through the domain's use cases in the order of their events, closing milestones as they fall due, in the
/// clinics' own time zones. Refusals are collected, never worked round.
/// </summary>
internal sealed class CohortReplay
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Melbourne", "Africa/Cairo"];

    private readonly Dictionary<(string UseCase, string Reason), int> _refusals = [];

    public int Commands { get; private set; }

    /// <summary>Sessions whose pressure asked for an override, which was given.</summary>
    public int Overrides { get; private set; }

    public IReadOnlyDictionary<(string UseCase, string Reason), int> Refusals => _refusals;

    /// <summary>The patient's state after everything simulated and the first four milestones.</summary>
    public PatientState Replay(VirtualPatient patient)
    {
        var zone = Zones[patient.ClinicIndex % Zones.Length];
        var (state, version) = (PatientState.Empty, 0L);
        foreach (var happened in patient.Events)
        {
            var at = Utc(happened.Day, happened.Time, zone);
            CloseDue(at);
            foreach (var (command, occurred) in VirtualCommands.Of(patient, happened, at, zone, () => state, () => version + 1))
                Do(command, occurred);
        }

        CloseDue(DateTimeOffset.MaxValue.AddDays(-1));
        return state;

        void CloseDue(DateTimeOffset until)
        {
            if (InductionCourse.Of(state) is null)
                return;
            foreach (var milestone in MilestoneSchedule.All.Take(4).Where(m => state.Outcomes.All(o => o.Milestone != m)).ToArray())
            {
                if (CloseMilestone.DueAt(state, milestone) is var due && due <= until)
                    Do(new CloseMilestone(milestone), due);
            }
        }

        void Do(object command, DateTimeOffset now)
        {
            Commands++;
            var attempt = UseCases.Decide(state, command, now);
            if (attempt.Refusal is { Reason: "BLOOD_PRESSURE_HOLD" } && command is StartSession held)
            {
                Overrides++;
                attempt = UseCases.Decide(state, held with { OverrideReason = "Weighed by the clinician" }, now);
            }

            if (attempt.Refusal is { } refusal)
                _refusals[(attempt.UseCase, refusal.Reason)] = _refusals.GetValueOrDefault((attempt.UseCase, refusal.Reason)) + 1;
            else
                (state, version) = (UseCases.Fold(state, attempt), version + 1);
        }
    }

    public static DateTimeOffset Utc(DateOnly day, TimeOnly time, string zone)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(local)).ToUniversalTime();
    }

    public static ClinicId Clinic(int index) => new(string.Create(CultureInfo.InvariantCulture, $"clinic-{index}"));
}
