using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>
/// Sites that read, or read and change, one section, all or nothing × roles × what a site may push and what the feed tells. A twin of the patient has nothing but a plan: what a site is refused
/// of one and not of the other would tell it what it may not see.
/// </summary>
public sealed class SectionLeakTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Full = "patients/full";
    private const string Bare = "patients/bare";

    private static readonly PlanSection[] Sections = [.. Enum.GetValues<PlanSection>().Where(s => s != PlanSection.Unspecified)];

    private static readonly Site[] Sites =
    [
        .. Sections.SelectMany(s => (Site[])[new($"clinics/leak-{s.ToString().ToLowerInvariant()}-read", [s], []), new($"clinics/leak-{s.ToString().ToLowerInvariant()}-full", [s], [s])]),
        new("clinics/leak-all-but-goals", [.. Sections.Where(s => s != PlanSection.Goals)], [.. Sections.Where(s => s != PlanSection.Goals)]),
        new("clinics/leak-whole-read", Sections, []),
        new("clinics/leak-whole-full", Sections, Sections),
        new("clinics/leak-nothing", [], []),
    ];

    /// <summary>Each of something that the patient has already and its twin does not.</summary>
    private static readonly (PlanSection[] Sections, Func<string, string, IMessage> Make)[] Pushed =
    [
        ([PlanSection.Scales], (p, _) => Valid.Assessment(p, "a-1")),
        ([PlanSection.Scales], (p, _) => Valid.Scale(p, "q-1")),
        ([PlanSection.Sessions], (p, _) => Valid.Dose(p, "s-1")),
        ([PlanSection.Sessions], (p, _) => Valid.Vitals(p, "s-1")),
        ([PlanSection.Sessions], (p, _) => Valid.SideEffect(p, "s-1")),
        ([PlanSection.Sessions], (p, _) => Valid.Resolution(p)),
        ([PlanSection.Sessions], (p, _) => Valid.Leaving(p, "s-1")),
        ([PlanSection.Sessions], (p, _) => Valid.Completion(p, "s-1")),
        ([PlanSection.Sessions], (p, _) => Valid.SafetyCheck(p, "c-1")),
        ([PlanSection.Sessions], (p, _) => Valid.MissedVisit(p)),
        ([PlanSection.Sessions], (p, _) => Valid.Report(p, "s-1")),
        (Sections, (p, _) => Valid.Consultation(p)),
        (Sections, (p, etag) => Valid.Proposal(p, etag)),
        (Sections, (p, etag) => Valid.PlanResolution(p, etag)),
    ];

    private static readonly (string Command, PlanSection Section, Func<Network, Task> Do)[] Acts =
    [
        ("RecordAssessment", PlanSection.Scales, async n => await n.Patients.RecordAssessmentAsync(Valid.Assessment(Full, "a-2"))),
        ("RecordMissedVisit", PlanSection.Sessions, async n => await n.Patients.RecordMissedVisitAsync(Valid.MissedVisit(Full))),
        ("RecordPregnancy", PlanSection.Medication, async n => await n.Patients.RecordPregnancyAsync(Valid.Pregnancy(Full))),
        ("RecordSupportSession", PlanSection.Psychotherapy, async n => await n.Patients.RecordSupportSessionAsync(Valid.Support(Full, "t-2"))),
        ("RecordDiaryEffect", PlanSection.Journal, async n => await n.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(Full))),
    ];

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Refusals_of_what_is_pushed_feed_and_conflicts_tell_a_site_nothing_of_other_sections()
    {
        var words = await PlayAsync();
        using var certificates = new TestCertificates(fixture.Server);
        var (wrong, refusals) = (new List<string>(), 0);
        foreach (var site in Sites)
        {
            foreach (var role in (string[])["clinician", "nurse", "coordinator"])
            {
                using var channel = fixture.Server.Open(certificates.Good("role:" + role, "site:" + site.Name["clinics/".Length..]));
                var network = new Network(channel, site.Name);
                await PushAsync(network, site, role);
                await LookAsync(network, site, role);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(refusals > 300, $"{refusals} refusals were compared");
        await AssertFeedAsync();

        async Task PushAsync(Network network, Site site, string role)
        {
            var may = Pushed.Where(p => !p.Sections.All(site.Full.Contains)).ToList();
            var (of, twin) = (await ResultsAsync(Full), await ResultsAsync(Bare));
            for (var i = 0; i < may.Count; i++)
            {
                refusals++;
                if (of[i].Refused is null || !of[i].Refused.Equals(twin[i].Refused))
                {
                    wrong.Add($"{site.Name} as {role}: {i}: {of[i].Refused} of the one, {twin[i].Refused} of the other");
                }

                Find(site, role, "a refusal", of[i]);
            }

            async Task<List<PushChangesResponse>> ResultsAsync(string patient)
            {
                var etag = await _network.EtagAsync(patient);
                var results = (await network.Push.SendAsync(may.Select(p => PushCalls.Item(p.Make(patient, etag))))).OrderBy(r => r.Item).ToList();
                Assert.Equal(may.Count, results.Count);
                return results;
            }
        }

        async Task LookAsync(Network network, Site site, string role)
        {
            if (site.Read.Length == 0)
            {
                return;
            }

            var (told, plan) = (await network.Patients.GetPatientAsync(new() { Name = Full }), await network.Patients.GetPlanAsync(new() { Name = Full + "/plan" }));
            Find(site, role, "GetPatient", told);
            Find(site, role, "GetPlan", plan);
            var conflicts = site.Read.Length == Sections.Length ? 1 : 0;
            if ((told.PlanConflicts.Count, plan.OpenConflicts.Count) != (conflicts, conflicts))
            {
                wrong.Add($"{site.Name} as {role}: {told.PlanConflicts.Count} conflicts of the patient, {plan.OpenConflicts.Count} of the plan");
            }

            if (role == "clinician")
            {
                Find(site, role, "ListHistory", await network.Patients.ListHistoryAsync(new() { Parent = Full }));
            }
        }

        void Find(Site site, string role, string what, IMessage answer)
        {
            var text = Encoding.UTF8.GetString(answer.ToByteArray());
            wrong.AddRange(words.Where(w => text.Contains(w.Key, StringComparison.Ordinal) && !w.Value.All(site.Read.Contains)).Select(w => $"{site.Name} as {role}: {what} tells {w.Key}"));
        }
    }

    /// <summary>By page and by stream, each act to who may read its section, and to nobody else.</summary>
    private async Task AssertFeedAsync()
    {
        var cursors = new Dictionary<string, string>();
        foreach (var site in Sites)
        {
            cursors[site.Name] = (await _network.ItemsAsync(site.Name))[^1].Bookmark.Cursor;
        }

        foreach (var (_, _, act) in Acts)
        {
            await act(_network);
        }

        foreach (var site in Sites)
        {
            var expected = Acts.Where(a => site.Read.Contains(a.Section)).Select(a => a.Command).ToList();
            Assert.Equal(expected, (await _network.FeedAsync(site.Name, cursors[site.Name])).Select(c => c.Command));
            Assert.Equal(expected, (await _network.Feed.GetPlanChangesAsync(new() { Site = site.Name, Cursor = cursors[site.Name] })).Changes.Select(c => c.Command));
        }
    }

    /// <summary>A patient with something in each section and a plan in conflict; returns words, each with the sections that it is told in.</summary>
    private async Task<Dictionary<string, PlanSection[]>> PlayAsync()
    {
        foreach (var site in Sites)
        {
            await _network.RegisterAsync(site.Name);
        }

        await _network.TreatAsync(Bare);
        await _network.TreatAsync(Full);
        await _network.Patients.StartSessionAsync(Valid.Start(Full, "s-1"));
        await _network.Patients.RecordDoseAsync(Valid.Dose(Full, "s-1"));
        var effect = Valid.SideEffect(Full, "s-1");
        effect.Note = "WORDSESSIONS";
        await _network.Patients.RecordSideEffectAsync(effect);
        await _network.Patients.CompleteSessionAsync(Valid.Completion(Full, "s-1"));
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(Full, "a-1"));
        await _network.Patients.RecordScaleAsync(Valid.Scale(Full, "q-1"));
        await _network.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(Full, "c-1"));
        var etag = await _network.EtagAsync(Full);
        foreach (var (dose, provider) in ((double, string)[])[(0.6, "WORDPRESENT"), (0.7, "WORDPROPOSED")])
        {
            var proposal = Valid.Proposal(Full, etag, dose);
            proposal.Reason = "WORDREASON" + provider;
            proposal.Support.Add(new PlannedSupport { Kind = SupportKind.Psychotherapy, Provider = provider, EveryDays = 7, FromDay = "2025-07-01" });
            await _network.Patients.ProposeRevisionAsync(proposal);
        }

        SiteGrant[] grants = [.. Sites.Where(s => s.Read.Length > 0).Select(s => new SiteGrant
        {
            Site = s.Name,
            Sections = { s.Read.Select(one => new SectionGrant { Section = one, Access = s.Full.Contains(one) ? SiteAccess.Write : SiteAccess.Read }) },
        })];
        foreach (var patient in (string[])[Full, Bare])
        {
            await _network.Patients.SetSharingAsync(new() { RequestId = Valid.Id(), Patient = patient, Sites = { grants }, OccurredAt = Valid.At(default) });
        }

        return new()
        {
            ["WORDSESSIONS"] = [PlanSection.Sessions],
            ["WORDPRESENT"] = [PlanSection.Psychotherapy],
            ["WORDPROPOSED"] = Sections,
            ["WORDREASON"] = Sections,
            ["sleep through"] = [PlanSection.Goals],
            ["mg/kg"] = Sections,
        };
    }

    private sealed record Site(string Name, PlanSection[] Read, PlanSection[] Full);
}
