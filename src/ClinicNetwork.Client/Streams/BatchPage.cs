namespace ClinicNetwork.Client;

/// <summary>Consecutive rows of a batch, checked against the page's checksum.</summary>
/// <param name="FirstRow">Number of the first row, from 0.</param>
/// <param name="Rows">At least one.</param>
public sealed record BatchPage(long FirstRow, IReadOnlyList<BatchRow> Rows);

/// <summary>One row of a batch.</summary>
/// <param name="Row">From 0, without gap.</param>
/// <param name="Salt">16 bytes; empty when withdrawn.</param>
/// <param name="Values">One for each of the manifest's columns; empty when withdrawn.</param>
/// <param name="Leaf">32 bytes: computed from salt and values, or as sent for a withdrawn row.</param>
public sealed record BatchRow(long Row, ReadOnlyMemory<byte> Salt, IReadOnlyList<string> Values, ReadOnlyMemory<byte> Leaf)
{
    /// <summary>True when only the row's hash was delivered.</summary>
    public bool Withdrawn => Values.Count == 0;

    /// <summary>What the leaf was computed over behind the salt: the values, UTF-8, joined by TAB; empty when withdrawn.</summary>
    internal ReadOnlyMemory<byte> Joined { get; init; }
}
