using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>From canonical values to the row that one recipient gets: used when a batch is sealed and each time it is delivered.</summary>
/// <param name="columns">Those of the agreement, in canonical order, the pseudonym first.</param>
public sealed class RecipientForm(ReleaseSecrets secrets, string recipient, IReadOnlyList<string> columns)
{
    /// <summary>Canonical values lack the pseudonym.</summary>
    private readonly int[] _places = [.. columns.Skip(1).Select(c => ReleaseProfiles.Canonical.IndexOf(c) - 1)];

    public string Recipient => recipient;

    public IReadOnlyList<string> Columns => columns;

    /// <summary>Of who was connected before there were agreements: <see cref="IExchangeStore.LocalRecipient"/>.</summary>
    public static RecipientForm Local(ReleaseSecrets secrets) => new(secrets, IExchangeStore.LocalRecipient, PublicOutcomes.ColumnsBefore06);

    public static RecipientForm Of(ReleaseSecrets secrets, AgreementRecord agreement) => new(secrets, agreement.Agreement, agreement.Fields);

    /// <summary>The row as this recipient gets it, with its salt (16 bytes) and its leaf (32 bytes).</summary>
    /// <param name="batch">Number of the recipient's batch that has the row.</param>
    /// <param name="values">In canonical order without the pseudonym; those of rows released before 0.6 are fewer, and what they lack is empty.</param>
    public SealedValues Seal(int batch, int epoch, string person, string milestone, IReadOnlyList<string> values)
    {
        var full = new string[columns.Count];
        full[0] = secrets.Pseudonym(recipient, epoch, person);
        for (var i = 0; i < _places.Length; i++)
        {
            full[i + 1] = _places[i] < values.Count ? values[_places[i]] : "";
        }

        var salt = secrets.Salt(recipient, batch, person, milestone);
        return new(salt, full, MerkleTree.Leaf(salt, full));
    }
}

/// <param name="Salt">16 bytes.</param>
/// <param name="Values">One for each column.</param>
/// <param name="Leaf">SHA-256 over both, 32 bytes.</param>
public readonly record struct SealedValues(byte[] Salt, IReadOnlyList<string> Values, byte[] Leaf);
