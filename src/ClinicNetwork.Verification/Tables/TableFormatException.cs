namespace ClinicNetwork.Verification.Tables;

/// <summary>A file is no table. The message names row, column and rule, never a value.</summary>
/// <param name="row">Data rows count from 1, the header is row 0; of a file without a header the first row is 1. Null: the whole file.</param>
/// <param name="column">From 1; null: the whole row.</param>
/// <param name="name">The column's name, once the header was accepted.</param>
/// <param name="rule">Which rule, and what to do.</param>
public sealed class TableFormatException(long? row, int? column, string? name, string rule)
    : Exception((row is null ? "" : $"row {row}{(column is null ? "" : $", column {name ?? $"{column}"}")}: ") + rule)
{
    public long? Row { get; } = row;

    public int? Column { get; } = column;
}
