using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>A session that was started without the network, from the wire.</summary>
internal static class ReportedSessionMessages
{
    /// <param name="planVersion">That the request's etag stands for; 0: none that is known.</param>
    public static ReportSession Of(ReportSessionRequest r, long planVersion) => new(PatientCommands.Of(Fields.Required(r.Session, "session")), planVersion, r.EmergencyReason);
}
