namespace ClinicNetwork.Domain.Patients;

/// <summary>Who may dose while cut off.</summary>
public sealed partial record PatientState
{
    /// <summary>The right that holds at a time, by the store's clock; null: nobody's does.</summary>
    public DosingRight? DosingAt(DateTimeOffset at) => DosingRights.LastOrDefault(r => r.Holds(at));

    private PatientState WithDosing(DosingRight right)
    {
        if (DosingRights is [.., var last] && last.TakenAt == right.TakenAt && last.Site == right.Site)
        {
            return this with { DosingRights = DosingRights.SetItem(DosingRights.Length - 1, right) };
        }

        var before = WithoutDosing(right.TakenAt);
        return before with { DosingRights = before.DosingRights.Add(right) };
    }

    /// <summary>The last right holds no more from then on.</summary>
    /// <param name="byOthers">The clinic did not end it itself.</param>
    private PatientState WithoutDosing(DateTimeOffset at, bool byOthers = false) =>
        DosingRights is [.., var last] && at < (last.EndedAt ?? last.ExpiresAt)
            ? this with { DosingRights = DosingRights.SetItem(DosingRights.Length - 1, last with { EndedAt = at, IsCutShort = byOthers || last.IsCutShort }) }
            : this;

    /// <summary>A clinic that may not change what dosing needs is no dosing site.</summary>
    private PatientState WithoutDosingOfOthers(DateTimeOffset at) =>
        DosingRights is [.., var last] && !WritableBy(last.Site).HasFlag(DosingRight.Sections) ? WithoutDosing(at, byOthers: true) : this;

    /// <summary>What was reported late is of the course of its time, by the plan that was known there.</summary>
    private PatientState WithReport(SessionReported reported) =>
        this.WithoutSession(reported.Session).WithSessionOf(FindSession(reported.Session)! with { PlanVersion = reported.PlanVersion, Report = reported.Report });
}
