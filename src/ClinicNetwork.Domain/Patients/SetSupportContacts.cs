using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Names who stands by the patient, and who of them may be called in an emergency; replaces those before. Refused: CONTACTS_INVALID, PHONE_INVALID, CONTACT_NOT_AGREED, TEXT_INVALID,
/// OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Contacts">At most 5; none: there are none any more.</param>
/// <param name="AtHome">The patient says so itself; found on the connection.</param>
[GenerateSerializer, Immutable, Alias("set-support-contacts")]
public sealed record SetSupportContacts(
    [property: Id(0)] ImmutableArray<SupportContact> Contacts, [property: Id(1)] DateTimeOffset OccurredAt, [property: Id(2)] bool AtHome)
{
    private const int ContactsMax = 5;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SetSupportContacts);

    public static Decision<Accepted> Decide(PatientState state, SetSupportContacts command, DateTimeOffset now)
    {
        _ = state;
        if (command.Contacts.Length > ContactsMax)
        {
            return Refusal.Invalid("CONTACTS_INVALID", "contacts", $"Give at most {ContactsMax} contacts.");
        }

        return (command.Contacts.Index().Select(c => Check(c.Item, $"contacts[{c.Index}]")).FirstOrDefault(r => r is not null)
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new SupportContactsSet(command.Contacts, command.AtHome, command.OccurredAt));
    }

    private static Refusal? Check(SupportContact contact, string field) =>
        Texts.Check(contact.Name, 1, 100, field + ".name")
        ?? Texts.Check(contact.Relation, 1, 60, field + ".relation")
        ?? (!IsPhone(contact.Phone) ? Refusal.Invalid("PHONE_INVALID", field + ".phone", "Give 3 to 30 of digits, blanks and + - ( ) / . with at least 3 digits.")
            : contact is { InEmergency: true, Agreed: false } ? Refusal.Invalid("CONTACT_NOT_AGREED", field + ".agreed", "Ask the person first: who did not agree is not called in an emergency.")
            : null);

    private static bool IsPhone(string phone) =>
        phone.Length is >= 3 and <= 30 && phone.Count(char.IsAsciiDigit) >= 3 && phone.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '(' or ')' or '/' or '.');
}
