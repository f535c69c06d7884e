using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Patients in every state that a refusal speaks of, and tokens to misuse.</summary>
internal sealed class Cast
{
    public const string Enrolled = "patients/enrolled";
    public const string Unconsented = "patients/unconsented";
    public const string Contraindicated = "patients/contraindicated";
    public const string Consulted = "patients/consulted";
    public const string Planned = "patients/planned";
    public const string NasalPlanned = "patients/nasal-planned";
    public const string NasalAtHill = "patients/nasal-at-hill";
    public const string SessionOpen = "patients/session-open";
    public const string Dosed = "patients/dosed";
    public const string Completed = "patients/completed";
    public const string Ended = "patients/ended";

    /// <summary>By a protocol that asks for a discharge: planned; and dosed, with one side effect that goes on.</summary>
    public const string LaterPlanned = "patients/later-planned";

    /// <inheritdoc cref="LaterPlanned"/>
    public const string LaterDosed = "patients/later-dosed";

    /// <summary>Of the harbour, opened by the hill in an emergency that is not over.</summary>
    public const string Opened = "patients/opened";

    /// <summary>Of the harbour, offered to the hill.</summary>
    public const string Offered = "patients/offered";

    /// <summary>With one alert, acknowledged.</summary>
    public const string Warned = "patients/warned";

    /// <summary>Enrolled in the programme for esketamine, with a dose of it in session s-1.</summary>
    public const string NasalDosed = "patients/nasal-dosed";

    /// <summary>By the administrator, who sends the bad messages: the erasure of <see cref="Planned"/>.</summary>
    public const string Proposed = "approvals/proposed";

    public required string ProposedEtag { get; init; }

    public required string PlanEtag { get; init; }

    public required string NasalEtag { get; init; }

    public required string EndedEtag { get; init; }

    /// <summary>An etag of a plan that has changed since.</summary>
    public required string StaleEtag { get; init; }

    public required string TokenOfProtocols { get; init; }

    public required string HarbourCursor { get; init; }

    /// <summary>Of a draft, which nobody has proposed.</summary>
    public const string Drafted = RegistryPartner.Name + "/agreements/drafted";

    /// <summary>Of <see cref="RegistryPartner"/>, opened by it, without a record.</summary>
    public const string Submitted = RegistryPartner.Name + "/submissions/opened";

    public required string DraftedEtag { get; init; }

    /// <summary><see cref="RegistryPartner"/>, whose agreement is in force, with its own certificate.</summary>
    public Network Partner { get; set; } = null!;

    /// <summary><see cref="Planned"/>, with its own certificate.</summary>
    public Network Own { get; set; } = null!;

    public static async Task<Cast> PlayAsync(Network network)
    {
        var patients = network.Patients;
        foreach (var patient in (string[])[Enrolled, Unconsented, Contraindicated, Consulted])
        {
            await patients.EnrolPatientAsync(Valid.Enrolment(patient));
        }

        await patients.RecordConsultationAsync(Valid.Consultation(Consulted));
        foreach (var patient in (string[])[Planned, SessionOpen, Dosed, Completed, Ended, Opened, Offered, Warned])
        {
            await network.TreatAsync(patient);
        }

        await network.TreatAsync(NasalPlanned, protocol: Valid.Nasal);
        await network.TreatAsync(NasalAtHill, Network.Hill, Valid.Nasal);
        await PlayNasalAsync(network);
        await PlayConsultationsAsync(patients);
        await PlayLaterAsync(network);
        foreach (var patient in (string[])[SessionOpen, Dosed, Completed])
        {
            await patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        }

        await patients.RecordDoseAsync(Valid.Dose(Dosed, "s-1"));
        await patients.RecordDoseAsync(Valid.Dose(Completed, "s-1"));
        await patients.CompleteSessionAsync(Valid.Completion(Completed, "s-1"));
        await patients.RecordAssessmentAsync(Valid.Assessment(Completed, "a-1"));
        await patients.EndTreatmentAsync(Valid.Ending(Ended));
        await network.As(Network.Hill).Patients.BreakGlassAsync(Valid.Emergency(Opened));
        await network.As(Network.Harbour).Transfers.OfferTransferAsync(Valid.Offer(Offered));
        await PlayWarningAsync(patients);
        await network.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(Warned));
        await network.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(Warned));
        await network.Voice.ResolveDiaryEffectAsync(ValidVoice.Over(Warned));
        await network.Approvals.ProposeErasureAsync(Valid.Erasure(Proposed, Planned));
        await network.Approvals.ProposeKeyDestructionAsync(Valid.KeyDestruction("approvals/proposed-2", Network.Meadow));
        // Of another profile than the one in force: two of one are not proposed.
        var drafted = RegistryPartner.Draft(Drafted);
        (drafted.Terms.Profile, drafted.Terms.Finding) = ("profiles/research-outcomes", "finding 17");
        await network.Partners.DraftAgreementAsync(drafted);
        var stale = await network.EtagAsync(Planned);
        await patients.RevisePlanAsync(Valid.Revision(Planned, stale));
        return new()
        {
            ProposedEtag = (await network.Approvals.GetApprovalAsync(new() { Name = Proposed })).Approval.Etag,
            DraftedEtag = (await network.Partners.GetAgreementAsync(new() { Name = Drafted })).Agreement.Etag,
            StaleEtag = stale,
            PlanEtag = await network.EtagAsync(Planned),
            NasalEtag = await network.EtagAsync(NasalPlanned),
            EndedEtag = await network.EtagAsync(Ended),
            TokenOfProtocols = (await network.Clinics.ListProtocolsAsync(new() { PageSize = 1 })).NextPageToken,
            HarbourCursor = (await network.ItemsAsync(Network.Harbour))[^1].Bookmark.Cursor,
        };
    }

    private static async Task PlayLaterAsync(Network network)
    {
        foreach (var patient in (string[])[LaterPlanned, LaterDosed])
        {
            await network.TreatAsync(patient, protocol: "protocols/ketamine-im");
        }

        await network.Patients.StartSessionAsync(Valid.Start(LaterDosed, "s-1").WithChecks());
        await network.Patients.RecordDoseAsync(Valid.Dose(LaterDosed, "s-1"));
        var nausea = Valid.SideEffect(LaterDosed, "s-1");
        nausea.DurationMinutes = 0;
        await network.Patients.RecordSideEffectAsync(nausea);
    }

    private static async Task PlayNasalAsync(Network network)
    {
        await network.TreatAsync(NasalDosed, protocol: Valid.Nasal);
        await network.Patients.RecordRemsEnrolmentAsync(Valid.RemsEnrolment(NasalDosed));
        await network.Patients.StartSessionAsync(Valid.Start(NasalDosed, "s-1"));
        await network.Patients.RecordDoseAsync(Valid.Dose(NasalDosed, "s-1"));
    }

    private static async Task PlayWarningAsync(PatientService.PatientServiceClient patients)
    {
        await patients.RecordAssessmentAsync(Valid.Assessment(Warned, "a-1", total: 27));
        await patients.AcknowledgeAlertAsync(Valid.Acknowledgement(Warned));
        await patients.RecordRequestForDoseAsync(Valid.RequestForDose(Warned, "r-1"));
    }

    /// <summary>What is recorded after the plan replaces what was said before it.</summary>
    private static async Task PlayConsultationsAsync(PatientService.PatientServiceClient patients)
    {
        var unconsented = Valid.Consultation(Unconsented);
        unconsented.Consultation.TreatmentConsent = false;
        await patients.RecordConsultationAsync(unconsented);
        await patients.CreatePlanAsync(Valid.Plan(Unconsented));
        var contraindicated = Valid.Consultation(Contraindicated);
        contraindicated.Consultation.Contraindications.Add("aneurysm");
        await patients.RecordConsultationAsync(contraindicated);
        await patients.CreatePlanAsync(Valid.Plan(Contraindicated));
    }
}
