using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Site;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands.Sites;

/// <summary>How the copy stands, whom it has, and one of them.</summary>
internal static class ShowSite
{
    internal static CliCommand BuildStatus()
    {
        var folder = new SiteFolder();
        return new CliCommand("status", "Show how a site's copy stands.", "site status --folder hillside").With(folder.Options).Runs(run =>
        {
            using var replica = folder.Open(run);
            var status = replica.Status();
            run.Terminal.Line($"{status.Clinic}  {Show.Count(status.Patients, "patient")}");
            run.Terminal.Line($"  network   {(status.LastContact is { } last ? $"last met {Instant(last)}" : "never met: clinicnet site run")}");
            run.Terminal.Line($"  clock     {(status.ClockBehind.Duration() < TimeSpan.FromSeconds(2) ? "right" : $"{Math.Abs(status.ClockBehind.TotalMinutes):0.0} min {(status.ClockBehind > TimeSpan.Zero ? "behind" : "ahead")}, corrected")}");
            run.Terminal.Line($"  waiting   {status.Waiting}");
            run.Terminal.Line($"  conflicts {status.Conflicts}");
            run.Terminal.Line($"  refused   {status.Refused}{(status.Refused > 0 ? ": see 'site outbox', and close what was dealt with" : "")}");
            return Task.CompletedTask;
        });
    }

    internal static CliCommand BuildPatients()
    {
        var folder = new SiteFolder();
        return new CliCommand("patients", "List the patients of whom this site has a copy.", "site patients --folder hillside").With(folder.Options).Runs(run =>
        {
            using var replica = folder.Open(run);
            var sheet = new Sheet("!patient", "name", "home", ">version", "told", ">not confirmed");
            foreach (var name in replica.Patients())
            {
                if (replica.Find(name) is { } view)
                    sheet.Row(name, view.State is { } s ? $"{s.GivenName} {s.FamilyName}" : "sections alone", view.State?.HomeClinic.Name ?? "-", $"{view.Version}", Instant(view.ReadAt), $"{view.Unconfirmed.Count}");
            }
            sheet.WriteTo(run.Terminal);
            return Task.CompletedTask;
        });
    }

    internal static CliCommand BuildPatient()
    {
        var (patient, folder) = (Given.Patient(), new SiteFolder());
        return new CliCommand("show", "Show a patient as this site knows it, with what is not confirmed yet.", "site show patients/p-1 --folder hillside").With(patient).With(folder.Options).Runs(run =>
        {
            using var replica = folder.Open(run);
            Write(run.Terminal, SiteFolder.Find(replica, run.Of(patient)), replica.Now, replica.Latest);
            return Task.CompletedTask;
        });
    }

    private static void Write(Terminal terminal, SiteView view, DateTimeOffset now, DateTimeOffset latest)
    {
        if (view.State is { } state)
        {
            terminal.Line($"{view.Patient}  {state.GivenName} {state.FamilyName}, born {state.BirthDate:yyyy-MM-dd}");
            terminal.Line($"  home      {state.HomeClinic.Name}, record {state.RecordNumber}");
            if (state.Plan is { } plan)
            {
                terminal.Line($"  plan      revision {plan.Revision}: {Dose(plan)}, {plan.InductionSessions} induction sessions{(plan.RevisionReason.Length > 0 ? $": {plan.RevisionReason}" : "")}");
                foreach (var goal in plan.Goals)
                    terminal.Line($"  goal      {goal.Text}");
            }
            foreach (var answer in state.Assessments.OrderBy(a => a.OccurredAt).TakeLast(5))
                terminal.Line($"  PHQ-9     {Instant(answer.OccurredAt)}  {answer.Total}, {Show.Words(answer.Severity)}");
            foreach (var session in state.Sessions.TakeLast(3))
                terminal.Line($"  session   {session.Id.Value}, {Instant(session.StartedAt)} at {session.Clinic.Name}, {(session.DoseMg is { } mg ? $"{Show.Number(mg)} mg" : "no dose")}{(session.CompletedAt is null ? ", open" : "")}");
            terminal.Line($"  dosing    {(state.DosingAt(latest) is { } right ? $"{right.Site.Name} until {Instant(right.ExpiresAt)}" : "by nobody without the network")}");
            foreach (var conflict in state.PlanConflicts.Where(c => c.IsOpen))
                terminal.Line($"  conflict  {conflict.Number} of the plan, about {string.Join(", ", conflict.Fields.Select(f => Show.Words(f)))}: see 'site conflicts'");
        }
        else
        {
            terminal.Line($"{view.Patient}  not all of it is shared with this site; no session starts here without the network");
            if (view.Plan?.Sections.Count > 0)
                terminal.Line($"  shared    {Show.Sections(view.Plan.Sections)}");
            if (view.Plan is { Protocol.Length: > 0 } plan)
                terminal.Line($"  plan      revision {plan.Revision}: {Show.Plan(plan)}");
            foreach (var goal in view.Plan?.Goals ?? [])
                terminal.Line($"  goal      {goal.Text}");
        }
        terminal.Line($"  based on  version {view.Version}, told {Instant(view.ReadAt)}, {Age(now - view.ReadAt)} ago");
        foreach (var item in view.Unconfirmed)
        {
            var aside = view.Aside.FirstOrDefault(a => a.Item.Number == item.Number).Reason;
            terminal.Line($"  not confirmed  {SiteOutbox.Describe(item)}{(aside is null ? "" : $", not in what is shown: {aside}")}");
        }
    }

    private static string Dose(Domain.Patients.Plan plan) => plan.DoseMgPerKg is { } perKg ? $"{Show.Number(perKg)} mg/kg" : $"{Show.Number(plan.DoseMg ?? 0)} mg";

    private static string Age(TimeSpan age) =>
        age < TimeSpan.FromMinutes(1) ? "moments" : age < TimeSpan.FromHours(2) ? Show.Count((long)age.TotalMinutes, "minute") : age < TimeSpan.FromDays(2) ? Show.Count((long)age.TotalHours, "hour") : Show.Count((long)age.TotalDays, "day");

    private static string Instant(DateTimeOffset time) => Show.Instant(time.ToTimestamp());
}
