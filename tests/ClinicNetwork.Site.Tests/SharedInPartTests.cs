using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;

namespace ClinicNetwork.Site.Tests;

/// <summary>A patient of whom a site sees some sections: it is told which, and what becomes of its changes.</summary>
public sealed class SharedInPartTests
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";
    private const string Patient = "patients/in-part";

    [Fact]
    public async Task The_site_is_told_which_sections_it_may_see_and_change_and_its_conflict_until_it_is_resolved()
    {
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync(Patient, Home, Far);
        var far = network.Site(Far);
        await far.MeetAsync();
        Assert.Null(far.Record(Patient, new ProposeRevisionRequest { DoseMgPerKg = 0.6, Reason = "little effect" }).Refusal);
        await network.AskAsync(async n =>
        {
            var revision = Valid.Revision(Patient, await n.EtagAsync(Patient));
            revision.DoseMgPerKg = 0.8;
            return await n.As(Home).Patients.RevisePlanAsync(revision);
        });
        Assert.Equal(1, (await far.MeetAsync()).Conflicts);
        var whole = await RunAsync($"site conflicts --folder {far.Folder}");

        await network.AskAsync(async n => await n.As(Home).Patients.SetSharingAsync(new()
        {
            RequestId = Valid.Id(),
            Patient = Patient,
            Sites = { new SiteGrant { Site = Far, Sections = { Grant(PlanSection.Medication, SiteAccess.Write), Grant(PlanSection.Goals, SiteAccess.Read) } } },
            OccurredAt = Valid.At(default),
        }));
        await far.MeetAsync();
        Assert.Contains("  shared    full: medication; read: goals; none: sessions, scales, psychotherapy, journal", await RunAsync($"site show {Patient} --folder {far.Folder}"), StringComparison.Ordinal);
        Assert.Equal("SECTION_NOT_SHARED", far.Record(Patient, new ProposeRevisionRequest { DoseMgPerKg = 0.7, Reason = "still little" }).Refusal!.Reason);
        var shown = await network.AskAsync(async n => (await n.As(Home).Patients.GetPatientAsync(new() { Name = Patient })).Patient);
        Assert.Empty(shown.Plan.Sections);
        Assert.Equal([PlanSection.Goals, PlanSection.Medication], shown.Sites.Single().Sections.Select(s => s.Section).Order());

        // Its own conflict is shown as before, from the answer that it got.
        Assert.Equal(0.6, Assert.Single(far.Replica.Find(Patient)!.OpenConflicts).Proposed.DoseMgPerKg);
        Assert.Equal(whole, await RunAsync($"site conflicts --folder {far.Folder}"));

        async Task<string> RunAsync(string line)
        {
            var (code, answer, error) = await Clinicnet.RunAsync(network.Folder, line.Split(' '));
            Assert.True(code == 0, error);
            return answer;
        }
    }

    private static SectionGrant Grant(PlanSection section, SiteAccess access) => new() { Section = section, Access = access };
}
