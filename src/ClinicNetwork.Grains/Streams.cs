using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Submissions;

namespace ClinicNetwork.Grains;

/// <summary>
/// Grain keys, which are the journal's stream names. A letter prefix outside a-f and a dash, because the ADO.NET provider stores keys that
/// parse as hexadecimal numbers or GUIDs as numbers and so mixes up look-alikes.
/// </summary>
public static class Streams
{
    private const string PatientPrefix = "pt-";
    private const string ClinicPrefix = "cl-";
    private const string ReleasePrefix = "rl-";
    private const string ApprovalPrefix = "ap-";
    private const string PartnerPrefix = "pa-";
    private const string RatePrefix = "rt-";
    private const string SubmissionPrefix = "sb-";

    /// <summary>In no id.</summary>
    private const char SubmissionInfix = '.';

    /// <summary>Of a hash; enough to tell all clients apart.</summary>
    private const int RateHashBytes = 16;

    public static string Of(PatientId patient) => PatientPrefix + patient.Value;

    public static string Of(ClinicId clinic) => ClinicPrefix + clinic.Value;

    public static string Of(ApprovalId approval) => ApprovalPrefix + approval.Value;

    public static string Of(SubmissionId submission) => SubmissionPrefix + submission.Partner + SubmissionInfix + submission.Value;

    public static string Of(PartnerId partner) => PartnerPrefix + partner.Value;

    public static string OfProfile(string profile) => ReleasePrefix + profile;

    /// <summary>No stream: a client's rate is not stored. Hashed, because Orleans logs keys and a client's name may be a person's.</summary>
    public static string OfRate(string client) => RatePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client))[..RateHashBytes]);

    public static bool IsPatient(string stream) => stream.StartsWith(PatientPrefix, StringComparison.Ordinal);

    public static bool IsRelease(string stream) => stream.StartsWith(ReleasePrefix, StringComparison.Ordinal);

    public static bool IsApproval(string stream) => stream.StartsWith(ApprovalPrefix, StringComparison.Ordinal);

    public static bool IsSubmission(string stream) => stream.StartsWith(SubmissionPrefix, StringComparison.Ordinal);

    public static SubmissionId SubmissionOf(string stream)
    {
        var parts = stream[SubmissionPrefix.Length..].Split(SubmissionInfix);
        return new(parts[0], parts[1]);
    }

    public static bool IsPartner(string stream) => stream.StartsWith(PartnerPrefix, StringComparison.Ordinal);

    public static ApprovalId ApprovalOf(string stream) => new(stream[ApprovalPrefix.Length..]);

    public static PatientId PatientOf(string stream) => new(stream[PatientPrefix.Length..]);
}
