using System.Collections.Frozen;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using Grpc.Core;
using static ClinicNetwork.Gateway.Identity.Roles;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>
/// Who may call what: the one table of the gateway, a row for each rpc (docs/security/authorisation.csv is the same for people). Which of a site's
/// patients a caller may see is decided by the grains, for the site that the caller acts for.
/// </summary>
internal static class Access
{
    private const Roles Care = Clinician | Nurse | Coordinator;
    private const Roles Everybody = Care | Patient | SiteAdmin | NetworkAdmin | Registry | Auditor | Operator;
    private const Roles Released = Registry | Auditor | NetworkAdmin;

    /// <summary>Health and reflection tell nothing of patients: any certificate will do.</summary>
    private const string Infrastructure = "/grpc.";

    private static readonly Refusal NotAllowed =
        Refusal.Denied("ROLE_NOT_ALLOWED", "", "None of your certificate's roles may do this; ask the network's administrator for one that may.");

    private static readonly Refusal NotYours =
        Refusal.Denied("SITE_NOT_YOURS", Origins.SiteEntry, "Act for a site that your certificate names.");

    public static readonly FrozenDictionary<string, Roles> Rows = new Dictionary<string, Roles>
    {
        ["/clinicnetwork.admin.v1.NetworkService/GetStatus"] = Everybody,
        ["/clinicnetwork.admin.v1.NetworkService/AdvanceClock"] = Operator,
        ["/clinicnetwork.care.v1.ClinicService/RegisterClinic"] = NetworkAdmin,
        ["/clinicnetwork.care.v1.ClinicService/GetClinic"] = Care | SiteAdmin | NetworkAdmin | Auditor,
        ["/clinicnetwork.care.v1.ClinicService/ListClinics"] = Care | SiteAdmin | NetworkAdmin | Auditor,
        ["/clinicnetwork.care.v1.ClinicService/ListProtocols"] = Care | SiteAdmin | NetworkAdmin | Auditor,
        ["/clinicnetwork.care.v1.ClinicService/ListRoster"] = Care | SiteAdmin,
        ["/clinicnetwork.care.v1.ClinicService/ListWorklist"] = Care | SiteAdmin,
        ["/clinicnetwork.care.v1.FactService/IngestFacts"] = Care,
        ["/clinicnetwork.care.v1.PatientService/EnrolPatient"] = Clinician | Coordinator,
        ["/clinicnetwork.care.v1.PatientService/RecordConsultation"] = Clinician,
        ["/clinicnetwork.care.v1.PatientService/CreatePlan"] = Clinician,
        ["/clinicnetwork.care.v1.PatientService/RevisePlan"] = Clinician,
        ["/clinicnetwork.care.v1.PatientService/SetSharing"] = Clinician | Coordinator,
        ["/clinicnetwork.care.v1.PatientService/SetResearchConsent"] = Clinician | Coordinator,
        ["/clinicnetwork.care.v1.PatientService/StartSession"] = Clinician | Nurse,
        ["/clinicnetwork.care.v1.PatientService/RecordDose"] = Clinician | Nurse,
        ["/clinicnetwork.care.v1.PatientService/RecordSideEffect"] = Clinician | Nurse,
        ["/clinicnetwork.care.v1.PatientService/CompleteSession"] = Clinician | Nurse,
        ["/clinicnetwork.care.v1.PatientService/RecordAssessment"] = Care,
        ["/clinicnetwork.care.v1.PatientService/RecordMissedVisit"] = Care,
        ["/clinicnetwork.care.v1.PatientService/EndTreatment"] = Clinician,
        ["/clinicnetwork.care.v1.PatientService/GetPatient"] = Care,
        ["/clinicnetwork.care.v1.PatientService/GetPlan"] = Care,
        ["/clinicnetwork.care.v1.PatientService/ListHistory"] = Clinician | Nurse,
        ["/clinicnetwork.exchange.v1.ReleaseService/ListBatches"] = Released,
        ["/clinicnetwork.exchange.v1.ReleaseService/GetManifest"] = Released,
        ["/clinicnetwork.exchange.v1.ReleaseService/GetReleaseKey"] = Released,
        ["/clinicnetwork.exchange.v1.ReleaseService/StreamBatch"] = Released,
        ["/clinicnetwork.sync.v1.PlanFeedService/WatchPlans"] = Care,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Before anything of the message is looked at.</summary>
    /// <exception cref="RefusedException">PERMISSION_DENIED, with the reason.</exception>
    public static void Check(ServerCallContext context)
    {
        if (context.Method.StartsWith(Infrastructure, StringComparison.Ordinal))
        {
            return;
        }

        var caller = Caller.Of(context);
        CheckRole(caller, context.Method);
        if (!caller.MayActFor(Origins.SiteOf(context)))
        {
            throw new RefusedException(NotYours);
        }
    }

    /// <param name="method"><c>/service/rpc</c>, also of a command that came in on a stream.</param>
    public static void CheckRole(Caller caller, string method)
    {
        if ((caller.Roles & Rows[method]) == None)
        {
            throw new RefusedException(NotAllowed);
        }
    }
}
