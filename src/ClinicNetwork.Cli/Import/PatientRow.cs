using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Import;

/// <summary>One good row.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal sealed record PatientRow(
    long Line, string Patient, string GivenName, string FamilyName, DateOnly BirthDate, Sex Sex, string RecordNumber, DateOnly EnrolledOn);

/// <summary>Why a row is refused: the line, the column, what to do. Never what it holds.</summary>
internal sealed record RowProblem(long Line, string Field, string Message)
{
    public override string ToString() => $"line {Line}, {Field}: {Message}";
}

/// <summary>A file that was read.</summary>
internal sealed record PatientFile(IReadOnlyList<PatientRow> Rows, IReadOnlyList<RowProblem> Problems)
{
    /// <summary>Good and bad ones.</summary>
    internal int RowCount => Rows.Count + Problems.Select(problem => problem.Line).Distinct().Count();
}
