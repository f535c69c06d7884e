using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>What goes on between clinics: sharing, emergencies, transfer, the right to dose.</summary>
internal static partial class Valid
{
    public static SetSharingRequest Sharing(string patient, SiteAccess access, params IEnumerable<string> sites) => new()
    {
        RequestId = Id(),
        Patient = patient,
        Sites = { sites.Select(s => new SiteGrant { Site = s, Access = access }) },
        OccurredAt = At(default),
    };

    public static BreakGlassRequest Emergency(string patient) => new() { RequestId = Id(), Patient = patient, Reason = "found unconscious" };

    public static OfferTransferRequest Offer(string patient, string to = Network.Hill) => new() { RequestId = Id(), Patient = patient, ToClinic = to, Reason = "moves there in June" };

    public static TakeDosingRequest Dosing(string patient) => new() { RequestId = Id(), Patient = patient };

    public static PassDosingRequest Passing(string patient, string to = Network.Hill) => new() { RequestId = Id(), Patient = patient, ToSite = to };

    public static EndDosingRequest DosingEnd(string patient) => new() { RequestId = Id(), Patient = patient };

    /// <summary>A session of the past, told of now; its id and patient are the report's.</summary>
    public static ReportSessionRequest Report(string patient, string session, DateTimeOffset? at = null, string clinic = Network.Harbour)
    {
        var start = Start(patient, session, at, clinic);
        (start.RequestId, start.Patient) = ("", "");
        return new() { RequestId = Id(), Patient = patient, Session = start };
    }

    public static AcceptTransferRequest Acceptance(string patient, string record = "H-1") => new() { RequestId = Id(), Patient = patient, Number = 1, RecordNumber = record };

    public static ReviewEmergencyAccessRequest Review(string patient, int access = 1) =>
        new() { RequestId = Id(), Patient = patient, EmergencyAccess = access, Finding = "justified by what was found" };
}
