using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// Keyed hashes by which names, birth dates and record numbers can be searched for equality without being stored. Each field has its own
/// prefix, so that equal values of different fields do not show. Limit: equal values of one field do show as equal.
/// </summary>
internal sealed class BlindIndex(MasterKey master)
{
    private readonly byte[] _key = master.DeriveSecret("blind-index");

    /// <summary>Record numbers mean something only within the clinic that gave them; outer blanks do not count, letter case does.</summary>
    public byte[] RecordNumber(string homeClinic, string recordNumber) => Hash("record-number", homeClinic, recordNumber.Trim());

    /// <summary>Outer blanks and letter case do not count.</summary>
    public byte[] Name(string part, string name) => Hash(part, name.Trim().ToUpperInvariant());

    public byte[] BirthDate(DateOnly date) => Hash("birth-date", date.ToString("O"));

    /// <summary>Of birth date and names together, so that records show as equal in all three or not at all; names as <see cref="MatchForm"/> has them.</summary>
    public byte[] Person(DateOnly birthDate, string familyName, string givenName) => Hash("person", birthDate.ToString("O"), familyName, givenName);

    /// <inheritdoc cref="Person"/>
    /// <param name="firstGivenName">The first of several.</param>
    public byte[] PersonByFirstName(DateOnly birthDate, string familyName, string firstGivenName) => Hash("person-first", birthDate.ToString("O"), familyName, firstGivenName);

    /// <summary>What is kept as an access' subject when there is no such stream: of a refused one a hash, since a caller may have typed anything.</summary>
    public string SubjectIfUnknown(AccessRecord access) => access.Outcome == "OK" || access.Subject.Length == 0
        ? access.Subject
        : UnknownStream(access.Subject);

    /// <summary>Equal for equal streams, and no way back.</summary>
    public string UnknownStream(string stream) => "unknown-" + Convert.ToHexStringLower(Hash("unknown-stream", stream).AsSpan(0, 16));

    private byte[] Hash(params ReadOnlySpan<string> parts) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Join('\0', parts)));
}
