using System.Diagnostics;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>No identifier and no free text of a patient in the data folder in clear, nor in anything the server prints. Guarantee 7.</summary>
public sealed class SecrecyTests
{
    private const string Patient = "patients/hidden-1";
    private const string CourseNote = "plantedcoursenote";

    /// <summary>Each is sent in one field; none occurs anywhere by chance.</summary>
    private static readonly string[] Planted =
    [
        "Zwentibold", "Quastenflosser", "RN-77-4711-xyz", "1951-04-17", "F33.9", "plantedhistorytext", "plantedearliertreatment", "plantedrisk", "plantedcontra",
        "plantedgoal", "plantedreason", "plantedoverride", "plantednote", "plantedending", "planteddisplayname",
        "plantedsupervision", "plantedtreatmentgiven", "plantedgate", "plantedleaving", "plantedantiemetic", "plantedrequestfordose",
        "plantedfinding", "planteddrug", "plantedallergy", "plantedchecknote", "plantedsubstance",
        "plantedprescriber", "plantedenrolment", "plantedlot", "plantedmonitor", "plantedformreference", "plantedserious",
        "plantedjournaltext", "plantedtag", "plantedowngoal", "planteddiarynote", "plantedcontactname", "plantedrelation", "+49 4711 081599", "plantedexplanation", "plantedprivatetext",
        "plantedproposal", "plantedresolution",
        CourseNote,
        .. PlantedSupport,
    ];

    private static string[] PlantedSupport => ["plantedprovider", "plantedmissedsupport", "plantedadvicereason"];

    [Fact]
    public async Task Nothing_planted_is_found_in_any_file_or_line()
    {
        await using var server = await ServerProcess.StartAsync(
            null, "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"), "--ClinicNetwork:SnapshotEveryVersions", "2", "--ClinicNetwork:SnapshotWhenIdleVersions", "1");
        using (var channel = server.Open())
        {
            await PlantAsync(new Network(channel));
            await PlantVoiceAsync(new Network(channel), server, server.Folder);
        }

        // While it runs: what lies in the write-ahead logs is on the disk too.
        Assert.Contains(AssertHidden([server.Folder], [server]), file => file.EndsWith("journal.db", StringComparison.Ordinal));
        await server.KillAsync();
        AssertHidden([server.Folder], [server]);
        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            var read = await new Network(channel).Patients.GetPatientAsync(new() { Name = Patient });
            Assert.Equal(Planted[0], read.Patient.GivenName);
        }

        await server.StopAsync();
        AssertHidden([server.Folder], [server]);
    }

    /// <summary>Tables, write-ahead log, snapshots, membership, and what PostgreSQL logs when commands are refused.</summary>
    [Fact]
    public async Task Nothing_planted_is_found_in_any_file_of_a_database_its_log_or_the_processes_on_it()
    {
        // It logs every statement with all its parameters, which no operator should have to forbid.
        await using var cluster = await ClusterUnderTest.MigratedAsync("logging_collector=on", "log_directory=log", "log_statement=all", "log_min_error_statement=error", "log_parameter_max_length_on_error=-1");
        var servers = await cluster.StartAsync("all", "all");
        using (var channel = ClusterUnderTest.Open([.. servers]))
        {
            var network = new Network(channel);
            await PlantAsync(network);
            await PlantVoiceAsync(network, servers[0], cluster.Keys);
            await network.Patients.GetPatientAsync(new() { Name = Patient });
        }

        string[] folders = [cluster.Postgres.Folder, .. servers.Select(server => server.Folder)];
        AssertHidden(folders, servers);
        await Task.WhenAll(servers.Select(server => server.StopAsync()));
        // By then snapshots are written and the audit's entries placed; a stop of the database writes every page.
        await cluster.Postgres.StopAsync();
        var files = AssertHidden(folders, servers);
        Assert.Contains(files, file => file.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".log", StringComparison.Ordinal) && new FileInfo(file).Length > 10_000);
    }

    private static async Task PlantAsync(Network network)
    {
        var clinic = Valid.Clinic(Network.Harbour);
        (clinic.Clinic.DisplayName, clinic.Clinic.EsketamineCertified) = (Planted[14], true);
        await network.Clinics.RegisterClinicAsync(clinic);
        var enrolment = Valid.Enrolment(Patient);
        (enrolment.GivenName, enrolment.FamilyName, enrolment.RecordNumber, enrolment.BirthDate) = (Planted[0], Planted[1], Planted[2], Planted[3]);
        await network.Patients.EnrolPatientAsync(enrolment);
        var twin = enrolment.Clone();
        (twin.RequestId, twin.Patient) = (Valid.Id(), "patients/twin");
        await RefusalSeen.AssertAsync(StatusCode.AlreadyExists, "RECORD_NUMBER_IN_USE", async () => await network.Patients.EnrolPatientAsync(twin));
        var consultation = Valid.Consultation(Patient);
        (consultation.Consultation.DiagnosisCode, consultation.Consultation.PsychiatricHistory) = (Planted[4], Planted[5]);
        consultation.Consultation.EarlierTreatments[0].Treatment = Planted[6];
        consultation.Consultation.RisksDiscussed.Add(Planted[7]);
        consultation.Consultation.Findings.Add(new CodedFinding { Code = "psychosis", Note = "plantedfinding" });
        consultation.Consultation.Medication = new() { Medications = { new Medication { Name = "planteddrug", MedicationClass = MedicationClass.Other } } };
        consultation.Consultation.Allergies.Add("plantedallergy");
        await network.Patients.RecordConsultationAsync(consultation);
        var check = Valid.SafetyCheck(Patient, "u-1");
        (check.UrineDrugScreen, check.Note) = (new() { Outcome = ScreenOutcome.Positive, Substances = { "plantedsubstance" } }, "plantedchecknote");
        await network.Patients.RecordSafetyCheckAsync(check);
        var plan = Valid.Plan(Patient);
        (plan.Goals[0].Text, plan.Supervision) = (Planted[9], Planted[15]);
        var made = await network.Patients.CreatePlanAsync(plan);
        var revision = Valid.Revision(Patient, made.Plan.Etag);
        revision.Reason = Planted[10];
        await network.Patients.RevisePlanAsync(revision);
        var proposal = Valid.Proposal(Patient, made.Plan.Etag);
        proposal.Reason = "plantedproposal";
        var found = await network.Patients.ProposeRevisionAsync(proposal);
        Assert.NotNull(found.Conflict);
        var resolution = Valid.PlanResolution(Patient, found.Plan.Etag, PlanChoice.Present);
        resolution.Reason = "plantedresolution";
        await network.Patients.ResolvePlanConflictAsync(resolution);
        var start = Valid.Start(Patient, "s-1");
        (start.BloodPressure.SystolicMmhg, start.OverrideReason) = (150, Planted[11]);
        await network.Patients.StartSessionAsync(start);
        await network.Patients.RecordDoseAsync(Valid.Dose(Patient, "s-1"));
        var effect = Valid.SideEffect(Patient, "s-1");
        (effect.Note, effect.TreatmentGiven) = (Planted[12], Planted[16]);
        await network.Patients.RecordSideEffectAsync(effect);
        await network.Patients.CompleteSessionAsync(Valid.Completion(Patient, "s-1"));
        await PlantLeavingAsync(network);
        await PlantRemsAsync(network);
        await PlantSupportAsync(network);
        await PlantRefusalsAsync(network, consultation);
        var asked = Valid.RequestForDose(Patient, "r-1");
        asked.Reason = "plantedrequestfordose";
        await network.Patients.RecordRequestForDoseAsync(asked);
        var ending = Valid.Ending(Patient);
        ending.Reason = Planted[13];
        await network.Patients.EndTreatmentAsync(ending);
        await PlantCourseAsync(network);
    }

    private static async Task PlantCourseAsync(Network network)
    {
        var (contact, loss, pregnancy, death) = (Valid.Contact(Patient), Valid.Loss(Patient), Valid.Pregnancy(Patient), Valid.Death(Patient));
        foreach (var day in (int[])[0, 7, 14])
        {
            (contact.RequestId, contact.Note, contact.OccurredAt) = (Valid.Id(), CourseNote, Valid.At(TimeSpan.FromDays(day - 14)));
            await network.Patients.RecordContactAsync(contact);
        }

        loss.Note = pregnancy.Note = death.Note = CourseNote;
        await network.Patients.DeclareLostAsync(loss);
        await network.Patients.RecordPregnancyAsync(pregnancy);
        await network.Patients.RecordDeathAsync(death);
    }

    private static async Task PlantVoiceAsync(Network network, ServerProcess server, string keys)
    {
        using var certificates = new TestCertificates(keys);
        using var channel = server.Open(certificates.Good("role:patient", "patient:" + Patient["patients/".Length..]));
        var own = new Network(channel);
        var entry = ValidVoice.Entry(Patient);
        (entry.Text, entry.Tags[0]) = ("plantedjournaltext", "plantedtag");
        await own.Voice.WriteJournalEntryAsync(entry);
        var hidden = ValidVoice.Entry(Patient);
        (hidden.Text, hidden.Private) = ("plantedprivatetext", true);
        await own.Voice.WriteJournalEntryAsync(hidden);
        (hidden.RequestId, hidden.Mood) = (Valid.Id(), 11);
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "MOOD_OUT_OF_RANGE", async () => await own.Voice.WriteJournalEntryAsync(hidden));
        var goals = ValidVoice.Goals(Patient);
        goals.Goals[1].Text = "plantedowngoal";
        await own.Voice.SetOwnGoalsAsync(goals);
        var effect = ValidVoice.Effect(Patient);
        effect.Note = "planteddiarynote";
        await network.Voice.RecordDiaryEffectAsync(effect);
        var contacts = ValidVoice.Contacts(Patient);
        (contacts.Contacts[0].Name, contacts.Contacts[0].Relation, contacts.Contacts[0].Phone) = ("plantedcontactname", "plantedrelation", "+49 4711 081599");
        await own.Voice.SetSupportContactsAsync(contacts);
        var told = ValidVoice.Explanation(Patient);
        told.Note = "plantedexplanation";
        await own.Voice.ExplainVisitAsync(told);
        await own.Patients.GetPatientAsync(new() { Name = Patient });
    }

    private static async Task PlantLeavingAsync(Network network)
    {
        var later = Valid.Past.AddDays(2);
        var start = Valid.Start(Patient, "s-2", later);
        start.BloodPressure.SystolicMmhg = 150;
        start.Overrides.Add(new GateOverride { Gate = GateKind.BloodPressure, Reason = Planted[17] });
        await network.Patients.StartSessionAsync(start);
        await network.Patients.RecordVitalsAsync(Valid.Vitals(Patient, "s-2", later));
        var effect = Valid.SideEffect(Patient, "s-2", later);
        effect.DurationMinutes = 0;
        await network.Patients.RecordSideEffectAsync(effect);
        var resolution = Valid.Resolution(Patient, 2);
        (resolution.TreatmentGiven, resolution.OccurredAt) = (Planted[19], effect.OccurredAt);
        await network.Patients.ResolveSideEffectAsync(resolution);
        var leaving = Valid.Leaving(Patient, "s-2");
        (leaving.Reason, leaving.OccurredAt) = (Planted[18], effect.OccurredAt);
        await network.Patients.RecordLeavingAsync(leaving);
    }

    /// <summary>Of another patient, who gets esketamine.</summary>
    private static async Task PlantRemsAsync(Network network)
    {
        const string Other = "patients/hidden-2";
        await network.TreatAsync(Other, protocol: Valid.Nasal);
        var enrolment = Valid.RemsEnrolment(Other);
        (enrolment.Prescriber, enrolment.Reference) = ("plantedprescriber", "plantedenrolment");
        await network.Patients.RecordRemsEnrolmentAsync(enrolment);
        await network.Patients.StartSessionAsync(Valid.Start(Other, "s-1"));
        await network.Patients.RecordDoseAsync(Valid.Dose(Other, "s-1"));
        var details = Valid.RemsDetails(Other, "s-1");
        (details.LotNumber, details.MonitoredBy) = ("plantedlot", "plantedmonitor");
        await network.Patients.RecordRemsDetailsAsync(details);
        var submission = Valid.RemsSubmission(Other, "s-1");
        submission.Reference = "plantedformreference";
        await network.Patients.RecordRemsSubmissionAsync(submission);
        var serious = Valid.SeriousEvent(Other, "s-1");
        serious.Description = "plantedserious";
        await network.Patients.RecordSeriousEventAsync(serious);
        Assert.Equal("plantedlot", (await network.Patients.GetRemsFormAsync(new() { Name = Other, SessionId = "s-1" })).Entries.Single(e => e.Field == RemsField.LotNumber).Value);
    }

    private static async Task PlantSupportAsync(Network network)
    {
        var revision = Valid.Revision(Patient, await network.EtagAsync(Patient));
        revision.Support.Add(new PlannedSupport { Kind = SupportKind.SupportGroup, Provider = PlantedSupport[0], EveryDays = 7, FromDay = "2025-07-01" });
        await network.Patients.RevisePlanAsync(revision);
        var missed = Valid.Support(Patient, "t-1");
        missed.MissedReason = PlantedSupport[1];
        await network.Patients.RecordSupportSessionAsync(missed);
        var decision = Valid.AdviceDecision(Patient, "add-anti-nausea/1@side-effects/1");
        decision.Reason = PlantedSupport[2];
        await network.Patients.RecordAdviceDecisionAsync(decision);
    }

    /// <summary>What was refused must not be found either.</summary>
    private static async Task PlantRefusalsAsync(Network network, RecordConsultationRequest accepted)
    {
        var contraindicated = accepted.Clone();
        contraindicated.RequestId = Valid.Id();
        contraindicated.Consultation.Contraindications.Add(Planted[8] + "\u0001");
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "TEXT_INVALID", async () => await network.Patients.RecordConsultationAsync(contraindicated));
        contraindicated.Consultation.Contraindications[0] = Planted[8];
        await network.Patients.RecordConsultationAsync(contraindicated);
        contraindicated.RequestId = Valid.Id();
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await network.As(Network.Hill).Patients.RecordConsultationAsync(contraindicated));
    }

    /// <returns>The files that were looked at.</returns>
    private static string[] AssertHidden(IEnumerable<string> folders, IEnumerable<ServerProcess> servers)
    {
        string[] files = [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Where(file => Path.GetFileName(file) != "lock")];
        foreach (var server in servers)
        {
            Assert.DoesNotContain(Planted, planted => server.Log.Text.Contains(planted, StringComparison.OrdinalIgnoreCase));
        }

        (string Planted, byte[] Pattern)[] patterns = [.. Planted.SelectMany(planted => Encodings(planted).Select(pattern => (planted, pattern)))];
        foreach (var file in files)
        {
            var bytes = ReadShared(file);
            foreach (var (planted, pattern) in patterns)
            {
                Assert.False(bytes.AsSpan().IndexOf(pattern) >= 0, $"{planted} is in {Path.GetFileName(file)} in clear");
            }
        }

        return files;
    }

    private static IEnumerable<byte[]> Encodings(string text) =>
        [Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text), Encoding.UTF8.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text))), Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)))];

    /// <summary>The audit's spool is locked as long as its server runs; that binds who asks for it, so it is copied by a program that does not.</summary>
    private static byte[] ReadShared(string file)
    {
        if (Path.GetFileName(file).StartsWith("audit-spool", StringComparison.Ordinal))
        {
            using var copy = new TempFolder();
            using var copying = Process.Start("cp", [file, copy.Sub("spool")]);
            copying.WaitForExit();
            return File.ReadAllBytes(copy.Sub("spool"));
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
