using System.Security.Cryptography;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal;

/// <summary>The store's own row.</summary>
internal sealed record StoreRow(string Incarnation, int SchemaVersion, int MinReader, int WriteLevel, ClockMode ClockMode, long? ManualNow, byte[] KeyCheck)
{
    /// <summary>
    /// The keys that arbitrate, in every kind of store. Without one of them wrong rows would be accepted, so a store that lacks one is refused.
    /// </summary>
    public static readonly (string Table, string Columns)[] UniqueKeys =
    [
        ("journal", "stream,version"),
        ("journal", "stream,request_id"),
        ("data_key", "stream"),
        ("data_key", "key_id"),
        ("holder_key", "holder,key_id"),
        ("key_wrap", "stream,holder"),
        ("key_gone", "name"),
        ("clinic", "stream"),
        ("clinic", "clinic"),
        ("patient", "stream"),
        ("patient", "home_clinic,record_number"),
        ("patient_access", "site,stream"),
        ("patient_match", "stream"),
        ("probable_double", "double"),
        ("probable_double", "one,other"),
        ("feed_trimmed", "site"),
        ("due", "stream,kind,at"),
        ("follow_up", "stream,milestone"),
        ("consent", "person"),
        ("pool", "person"),
        ("outcome", "person,milestone"),
        ("cell", "cell"),
        ("cell_member", "person"),
        ("settled", "cell,milestone"),
        ("release_profile", "stream"),
        ("released", "person,milestone,publication"),
        ("delivery_batch", "recipient,number"),
        ("delivery_row", "recipient,batch,row"),
        ("delivery_row", "person,recipient,milestone,publication"),
        ("delivery_cell", "recipient,cell,batch"),
        ("delivery_use", "recipient,day"),
        ("agreement", "agreement"),
        ("exchange_document", "kind,name,number"),
        ("submission_record", "stream,record"),
        ("audit_node", "level,position"),
        ("used_assertion", "id"),
    ];

    /// <summary>Refuses another store's key file and another kind of clock.</summary>
    /// <param name="place">What the messages call the store, for example <c>The store in ./data</c>.</param>
    public void Refuse(MasterKey master, string keyFile, ClockMode asked, string place)
    {
        if (!CryptographicOperations.FixedTimeEquals(KeyCheck, master.Check()))
        {
            throw new StoreRefusedException($"The key file {keyFile} is of another store; restore the right one from its backup.");
        }

        if (ClockMode != asked)
        {
            throw new StoreRefusedException(ClockMode == ClockMode.Manual
                ? $"{place} is a test store with a manual clock; start with the manual clock or choose another store."
                : $"{place} runs by the machine's clock; a manual clock is only for stores created with one.");
        }
    }
}
