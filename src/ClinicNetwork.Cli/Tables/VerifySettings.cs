using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Cli.Tables;

/// <summary>Which files are verified against which, and for what; all is read by the verifier's own parser.</summary>
internal sealed record VerifySettings(
    IReadOnlyList<string> Data, IReadOnlyList<string> Originals, string? Hierarchies, ColumnNames Columns, TablePromise Promise, string? Regions, string? Report, char Delimiter)
{
    /// <exception cref="Input.InputException">A file is no table, no hierarchy or no report.</exception>
    internal TableVerdict Verify(CancellationToken cancellationToken)
    {
        VerifiedTable Table(string path, Func<string, bool>? wanted) => InputFile.Read(path, stream => VerifiedTable.Read(stream, Delimiter, wanted, cancellationToken));

        VerifiedTable[] data = [.. Data.Select(path => Table(path, null))];
        var compared = data[0].Header.Concat(Columns.Quasi).Concat(Columns.Person is { } person ? [person] : []).ToHashSet(StringComparer.Ordinal);
        return TableVerifier.Verify(
            new(data, Columns.Quasi)
            {
                Originals = [.. Originals.Select(path => Table(path, compared.Contains))],
                Hierarchies = Hierarchies is null
                    ? new Dictionary<string, TableHierarchy>()
                    : Columns.Quasi.ToDictionary(name => name, name => InputFile.Hierarchy(Hierarchies, name, Delimiter, cancellationToken)),
                Person = Columns.Person,
                Sensitive = Columns.Sensitive,
                Regions = Regions is null ? null : Table(Regions, name => Columns.Quasi.Contains(name, StringComparer.Ordinal)),
                Report = Report is null ? null : InputFile.Read(Report, ReportedMeasures.Read),
            },
            Promise,
            cancellationToken);
    }

    internal string PathOf(TableFinding finding) => finding.File switch
    {
        TableFile.Original => Originals[finding.Index],
        TableFile.Hierarchies => Hierarchies!,
        TableFile.Regions => Regions!,
        TableFile.Report => Report!,
        _ => Data[finding.Index],
    };
}
