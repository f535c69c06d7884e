using System.Text;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.Tables;

/// <summary>A table of nine rows that holds k = 2 and l = 2, and what may be planted in it. Lines are as in a file, values by semicolon.</summary>
internal sealed class TableCase
{
    public const string Age = "20;2x;*\n21;2x;*\n30;3x;*\n31;3x;*";
    public const string Sex = "m;*\nf;*";

    public List<string> Original { get; } =
        ["who;age;sex;score", "a;20;m;1", "b;21;m;2", "c;21;m;1", "d;30;f;1", "e;30;f;3", "f;31;m;2", "g;30;m;3", "h;31;f;3", "i;20;f;2"];

    public List<string> Output { get; } =
        ["age;sex;score", "2x;m;1", "2x;m;2", "2x;m;1", "30;f;1", "30;f;3", "3x;*;2", "3x;*;3", "3x;*;3", "*;*;2"];

    /// <summary>Further files, which are batches.</summary>
    public List<(string[] Original, string[] Output)> More { get; } = [];

    public TablePromise Promise { get; set; } = new(2, 2);

    public string? Person { get; set; }

    public string? Sensitive { get; set; } = "score";

    public string[]? Regions { get; set; }

    public string? Report { get; set; }

    public bool WithOriginal { get; set; } = true;

    public bool WithHierarchies { get; set; } = true;

    public static VerifiedTable Table(IEnumerable<string> lines) => VerifiedTable.Read(Bytes(string.Join('\n', lines)));

    public static TableHierarchy Hierarchy(string name, string rows) => TableHierarchy.Read(Bytes(rows), name);

    public static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    public TableVerdict Verify() => TableVerifier.Verify(
        new([Table(Output), .. More.Select(file => Table(file.Output))], ["age", "sex"])
        {
            Originals = WithOriginal ? [Table(Original), .. More.Select(file => Table(file.Original))] : [],
            Hierarchies = WithHierarchies ? new Dictionary<string, TableHierarchy> { ["age"] = Hierarchy("age", Age), ["sex"] = Hierarchy("sex", Sex) } : [],
            Person = Person,
            Sensitive = Sensitive,
            Regions = Regions is null ? null : Table(Regions),
            Report = Report is null ? null : ReportedMeasures.Read(Bytes(Report)),
        },
        Promise);

    /// <summary>All that was found: rule, row, column.</summary>
    public string Found() => string.Join(", ", Verify().Findings.Select(finding => $"{finding.Rule} {finding.Row?.ToString() ?? "-"} {finding.Column ?? "-"}"));
}
