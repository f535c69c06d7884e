using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal.Keys;

/// <summary>Keyed hashes by which one patient is found to look like another.</summary>
/// <param name="Whole">Of birth date and both names.</param>
/// <param name="Swapped">The <paramref name="Whole"/> of somebody with the names exchanged.</param>
/// <param name="FirstGiven">Of birth date, family name and the first given name.</param>
internal sealed record MatchKeys(string Stream, byte[] Whole, byte[] Swapped, byte[] FirstGiven)
{
    public static MatchKeys Of(ComparedPatient patient, BlindIndex index)
    {
        var (born, family, given) = (patient.BirthDate, MatchForm.Of(patient.FamilyName), MatchForm.Of(patient.GivenName));
        return new(patient.Stream, index.Person(born, family, given), index.Person(born, given, family), index.PersonByFirstName(born, family, MatchForm.OfFirst(patient.GivenName)));
    }
}
