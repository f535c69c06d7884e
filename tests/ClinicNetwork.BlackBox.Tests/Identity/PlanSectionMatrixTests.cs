using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>
/// Sites that may read, or read and change, each section of a plan, the whole of it or nothing × roles × what can be read and done, over real connections. Each section holds a word that stands
/// nowhere else: where it is told is looked for in the bytes of the answers, whatever their fields are.
/// </summary>
public sealed class PlanSectionMatrixTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Patient = "patients/sections";
    private const string Session = "s-1";

    private static readonly PlanSection[] Sections = [.. Enum.GetValues<PlanSection>().Where(s => s != PlanSection.Unspecified)];

    private static readonly string[] Roles = ["clinician", "nurse", "coordinator"];

    /// <summary>Who may see what: by name of the site.</summary>
    private static readonly Site[] Sites =
    [
        .. Sections.SelectMany(s => (Site[])[new($"clinics/{s.ToString().ToLowerInvariant()}-read", [s], []), new($"clinics/{s.ToString().ToLowerInvariant()}-full", [s], [s])]),
        new("clinics/two-sections", [PlanSection.Goals, PlanSection.Psychotherapy], [PlanSection.Psychotherapy]),
        new("clinics/whole-read", Sections, []),
        new("clinics/whole-full", Sections, Sections),
        new("clinics/nothing", [], []),
    ];

    /// <summary>Roles, the sections that who does it must be able to change; null: the whole plan's, or the home clinic's alone.</summary>
    private static readonly (string Name, string[] Roles, PlanSection[]? Sections, Func<Network, Task<object>> Do)[] Acts =
    [
        ("SetSharing", ["clinician", "coordinator"], null, async n => await n.Patients.SetSharingAsync(Valid.Sharing(Patient, SiteAccess.Read, "clinics/nothing"))),
        ("RecordConsultation", ["clinician"], Sections, async n => await n.Patients.RecordConsultationAsync(Valid.Consultation(Patient))),
        ("SetResearchConsent", ["clinician", "coordinator"], Sections, async n => await n.Patients.SetResearchConsentAsync(Valid.Consent(Patient))),
        ("RecordContact", Roles, [PlanSection.Sessions], async n => await n.Patients.RecordContactAsync(Valid.Contact(Patient))),
        ("RecordVitals", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Patients.RecordVitalsAsync(Valid.Vitals(Patient, Session))),
        ("RecordSideEffect", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Patients.RecordSideEffectAsync(Valid.SideEffect(Patient, Session))),
        ("RecordSafetyCheck", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(Patient, "c-" + Valid.Id()[..8]))),
        ("RecordMissedVisit", Roles, [PlanSection.Sessions], async n => await n.Patients.RecordMissedVisitAsync(Valid.MissedVisit(Patient))),
        ("RescheduleVisit", Roles, [PlanSection.Sessions], async n => await n.Patients.RescheduleVisitAsync(Valid.Rescheduling(Patient))),
        ("RecordDose", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Patients.RecordDoseAsync(Valid.Dose(Patient, Session))),
        ("TakeDosing", ["clinician", "nurse"], [PlanSection.Medication, PlanSection.Sessions], async n => await n.Dosing.TakeDosingAsync(Valid.Dosing(Patient))),
        ("EndDosing", ["clinician", "nurse"], [PlanSection.Medication, PlanSection.Sessions], async n => await n.Dosing.EndDosingAsync(Valid.DosingEnd(Patient))),
        ("ReportSession", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Push.ReportSessionAsync(Valid.Report(Patient, "r-" + Valid.Id()[..8], clinic: Network.Harbour))),
        ("RecordAssessment", Roles, [PlanSection.Scales], async n => await n.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, "a-" + Valid.Id()[..8]))),
        ("RecordScale", Roles, [PlanSection.Scales], async n => await n.Patients.RecordScaleAsync(Valid.Scale(Patient, "q-" + Valid.Id()[..8]))),
        ("RecordSupportSession", Roles, [PlanSection.Psychotherapy], async n => await n.Patients.RecordSupportSessionAsync(Valid.Support(Patient, "t-" + Valid.Id()[..8]))),
        ("RecordDiaryEffect", Roles, [PlanSection.Journal], async n => await n.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(Patient))),
        ("SetSupportContacts", Roles, [PlanSection.Journal], async n => await n.Voice.SetSupportContactsAsync(ValidVoice.Contacts(Patient))),
        ("RecordPregnancy", ["clinician", "nurse"], [PlanSection.Medication], async n => await n.Patients.RecordPregnancyAsync(Valid.Pregnancy(Patient))),
        ("RecordRequestForDose", Roles, [PlanSection.Medication], async n => await n.Patients.RecordRequestForDoseAsync(Valid.RequestForDose(Patient, "r-" + Valid.Id()[..8]))),
        ("MarkEnteredInError of an answer", ["clinician", "nurse"], [PlanSection.Scales], async n => await n.Patients.MarkEnteredInErrorAsync(Valid.Mistake(Patient, "assessments/none"))),
        ("MarkEnteredInError of a dose", ["clinician", "nurse"], [PlanSection.Sessions], async n => await n.Patients.MarkEnteredInErrorAsync(Valid.Mistake(Patient, "sessions/none/dose"))),
        ("RevisePlan of the dose", ["clinician"], [PlanSection.Medication], n => ReviseAsync(n, r => r.InductionSessions = 8)),
        ("RevisePlan of goals", ["clinician"], [PlanSection.Goals], n => ReviseAsync(n, r => Goals(r, "WORDGOALS"))),
        ("RevisePlan of both", ["clinician"], [PlanSection.Goals, PlanSection.Medication], n => ReviseAsync(n, r =>
        {
            r.InductionSessions = 9;
            Goals(r, "WORDGOALS");
        })),
        ("EndTreatment", ["clinician"], [PlanSection.Medication], async n => await n.Patients.EndTreatmentAsync(Valid.Ending(Patient))),
    ];

    [Fact]
    public async Task A_site_is_told_and_may_change_its_sections_and_nothing_else()
    {
        var words = await PlayAsync();
        using var certificates = new TestCertificates(fixture.Server);
        var wrong = new List<string>();
        foreach (var site in Sites)
        {
            foreach (var role in Roles)
            {
                using var channel = fixture.Server.Open(certificates.Good("role:" + role, "site:" + site.Name["clinics/".Length..]));
                await LookAsync(new(channel, site.Name), site, role, words, wrong);
            }
        }

        // Then what changes: each act was permitted, or is refused by its section, whatever else is said of it.
        foreach (var (name, roles, sections, act) in Acts)
        {
            foreach (var site in Sites.Where(s => name != "SetSharing" || s.Full.Length < Sections.Length || s.Read.Length > 0))
            {
                foreach (var role in roles)
                {
                    using var channel = fixture.Server.Open(certificates.Good("role:" + role, "site:" + site.Name["clinics/".Length..]));
                    var refused = await RefusalOf(() => act(new(channel, site.Name)));
                    var expected = site.Read.Length == 0 ? "PATIENT_NOT_FOUND"
                        : sections is null ? site.Full.Length == Sections.Length ? "SITE_NOT_HOME" : site.Full.Length == 0 ? "SITE_READ_ONLY" : "SECTION_NOT_SHARED"
                        : sections.All(site.Full.Contains) ? null
                        : site.Full.Length == 0 ? "SITE_READ_ONLY" : "SECTION_NOT_SHARED";
                    var barred = refused is "PATIENT_NOT_FOUND" or "SITE_READ_ONLY" or "SECTION_NOT_SHARED" or "SITE_NOT_HOME" or "ROLE_NOT_ALLOWED" or "SITE_NOT_YOURS" ? refused : null;
                    if (barred != expected)
                    {
                        wrong.Add($"{site.Name} as {role}: {name}: {refused} instead of {expected ?? "an act"}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_is_taken_back_is_told_no_more_and_the_feed_tells_of_ones_sections_alone()
    {
        const string Other = "patients/sections-feed";
        await fixture.Network.TreatAsync(Other);
        const string Scales = "clinics/hill";
        await ShareAsync(Other, Grant(Scales, SiteAccess.Read, PlanSection.Scales));
        var cursor = (await fixture.Network.ItemsAsync(Scales))[^1].Bookmark.Cursor;
        await fixture.Network.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(Other));
        var etag = await fixture.Network.EtagAsync(Other);
        await fixture.Network.Patients.RevisePlanAsync(Valid.Revision(Other, etag));
        await fixture.Network.Patients.RecordAssessmentAsync(Valid.Assessment(Other, "a-1"));
        var told = await fixture.Network.FeedAsync(Scales, cursor);
        Assert.Equal(["RecordAssessment"], told.Select(c => c.Command));
        Assert.All(told, c => Assert.False(c.PlanChanged));

        var hill = fixture.Network.As(Scales);
        var seen = (await hill.Patients.GetPatientAsync(new() { Name = Other })).Patient;
        Assert.Equal((1, null, 0, Scales), (seen.Assessments.Count, seen.Consultation, seen.Plan.Goals.Count, seen.Sites.Single().Site));
        await ShareAsync(Other, Grant(Scales, SiteAccess.Read, PlanSection.Journal));
        seen = (await hill.Patients.GetPatientAsync(new() { Name = Other })).Patient;
        Assert.Empty(seen.Assessments);
        await ShareAsync(Other);
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await hill.Patients.GetPatientAsync(new() { Name = Other }));
    }

    private static async Task LookAsync(Network network, Site site, string role, Dictionary<PlanSection, string> words, List<string> wrong)
    {
        void Find(string what, IMessage answer)
        {
            var bytes = System.Text.Encoding.UTF8.GetString(answer.ToByteArray());
            foreach (var (section, word) in words)
            {
                var (told, may) = (bytes.Contains(word, StringComparison.Ordinal), site.Read.Contains(section));
                if (told && !may)
                {
                    wrong.Add($"{site.Name} as {role}: {what} tells {section}");
                }

                if (!told && may && what == "GetPatient")
                {
                    wrong.Add($"{site.Name} as {role}: {what} does not tell {section}");
                }
            }
        }

        async Task SeeAsync(string what, bool may, string reason, Func<Task<IMessage>> read)
        {
            var refused = await RefusalOf(async () =>
            {
                Find(what, await read());
                return "";
            });
            if (refused != (site.Read.Length == 0 ? "PATIENT_NOT_FOUND" : may ? null : reason))
            {
                wrong.Add($"{site.Name} as {role}: {what}: {refused}");
            }
        }

        bool Reads(params PlanSection[] sections) => sections.All(site.Read.Contains);
        await SeeAsync("GetPatient", true, "", async () => await network.Patients.GetPatientAsync(new() { Name = Patient }));
        await SeeAsync("GetPlan", true, "", async () => await network.Patients.GetPlanAsync(new() { Name = Patient + "/plan" }));
        await SeeAsync("ListJournal", Reads(PlanSection.Journal), "SECTION_NOT_SHARED", async () => await network.Voice.ListJournalAsync(new() { Parent = Patient }));
        await SeeAsync("GetEligibility", Reads(Sections), "SECTION_NOT_SHARED", async () => await network.Patients.GetEligibilityAsync(Valid.Eligibility(Patient)));
        await SeeAsync("GetAdvice", Reads(Sections), "SECTION_NOT_SHARED", async () => await network.Patients.GetAdviceAsync(new() { Name = Patient }));
        Find("ListSitePatients", await network.Feed.ListSitePatientsAsync(new() { Site = site.Name, IncludePlans = true }));
        Find("GetPlanChanges", await network.Feed.GetPlanChangesAsync(new() { Site = site.Name, IncludePlans = true }));
        var replicated = await network.Feed.ListSitePatientsAsync(new() { Site = site.Name, IncludeReplicas = true });
        foreach (var replica in replicated.Patients.Where(p => p.Replica is not null).Select(p => p.Replica))
        {
            replica.State = Google.Protobuf.ByteString.CopyFromUtf8(Feed.ReplicaTests.StateOf(replica));
        }

        Find("ListSitePatients with replicas", replicated);
        if (replicated.Patients.Any(p => p.Replica is not null) != Reads(Sections))
        {
            wrong.Add($"{site.Name} as {role}: a replica");
        }
        if (role != "coordinator")
        {
            await SeeAsync("ListHistory", true, "", async () =>
            {
                var history = await network.Patients.ListHistoryAsync(new() { Parent = Patient });
                var named = history.Entries.Select(e => e.Command).ToHashSet();
                foreach (var (command, section) in ((string, PlanSection)[])
                    [("RecordAssessment", PlanSection.Scales), ("StartSession", PlanSection.Sessions), ("RecordSupportSession", PlanSection.Psychotherapy), ("RecordDiaryEffect", PlanSection.Journal)])
                {
                    if (named.Contains(command) != Reads(section))
                    {
                        wrong.Add($"{site.Name} as {role}: ListHistory of {command}");
                    }
                }

                return history;
            });
        }

        if (role != "nurse")
        {
            await SeeAsync("ExportPatient", Reads(Sections), "SECTION_NOT_SHARED", async () =>
            {
                var all = new ExportPatientResponse();
                using var call = network.Records.ExportPatient(new() { Name = Patient });
                while (await call.ResponseStream.MoveNext().Within())
                {
                    all.MergeFrom(call.ResponseStream.Current);
                }

                return all;
            });
        }
    }

    /// <summary>A patient with something in each section; returns the word in each.</summary>
    private async Task<Dictionary<PlanSection, string>> PlayAsync()
    {
        var network = fixture.Network;
        foreach (var site in Sites)
        {
            await network.RegisterAsync(site.Name);
        }

        await network.Patients.EnrolPatientAsync(Valid.Enrolment(Patient));
        var consultation = Valid.Consultation(Patient);
        consultation.Consultation.PsychiatricHistory = "WORDMEDICATION";
        await network.Patients.RecordConsultationAsync(consultation);
        var plan = Valid.Plan(Patient);
        plan.Goals[0].Text = "WORDGOALS";
        await network.Patients.CreatePlanAsync(plan);
        await network.Patients.StartSessionAsync(Valid.Start(Patient, Session));
        await network.Patients.RecordDoseAsync(Valid.Dose(Patient, Session));
        var effect = Valid.SideEffect(Patient, Session);
        effect.Note = "WORDSESSIONS";
        await network.Patients.RecordSideEffectAsync(effect);
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, "wordscales"));
        var support = Valid.Support(Patient, "t-1");
        support.MissedReason = "WORDPSYCHOTHERAPY";
        await network.Patients.RecordSupportSessionAsync(support);
        var diary = ValidVoice.Effect(Patient);
        diary.Note = "WORDJOURNAL";
        await network.Voice.RecordDiaryEffectAsync(diary);
        await ShareAsync(Patient, [.. Sites.Where(s => s.Read.Length > 0).Select(s => s.Read.Length == Sections.Length
            ? new SiteGrant { Site = s.Name, Access = s.Full.Length > 0 ? SiteAccess.Write : SiteAccess.Read }
            : new SiteGrant { Site = s.Name, Sections = { s.Read.Select(one => new SectionGrant { Section = one, Access = s.Full.Contains(one) ? SiteAccess.Write : SiteAccess.Read }) } })]);
        return Sections.ToDictionary(s => s, s => s == PlanSection.Scales ? "wordscales" : "WORD" + s.ToString().ToUpperInvariant());
    }

    private async Task ShareAsync(string patient, params SiteGrant[] grants) => await fixture.Network.Patients.SetSharingAsync(
        new() { RequestId = Valid.Id(), Patient = patient, Sites = { grants }, OccurredAt = Valid.At(default) });

    private static SiteGrant Grant(string site, SiteAccess access, params PlanSection[] sections) =>
        new() { Site = site, Sections = { sections.Select(s => new SectionGrant { Section = s, Access = access }) } };

    private static async Task<object> ReviseAsync(Network network, Action<RevisePlanRequest> change)
    {
        var request = Valid.Revision(Patient, await network.EtagAsync(Patient));
        request.ClearInductionSessions();
        change(request);
        return await network.Patients.RevisePlanAsync(request);
    }

    private static void Goals(RevisePlanRequest request, string text) => request.Goals.Add(new Goal { Text = text, TargetPhq9 = 9, TargetDate = "2025-12-01" });

    private static async Task<string?> RefusalOf<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException refused)
        {
            return RefusalSeen.Of(refused).Reason;
        }
    }

    private sealed record Site(string Name, PlanSection[] Read, PlanSection[] Full);
}
