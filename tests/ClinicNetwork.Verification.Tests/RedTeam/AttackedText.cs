using System.Text;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

/// <summary>Files as text, and the attacks on them.</summary>
internal static class AttackedText
{
    public static AttackedFile File(string text) => new("file", VerifiedTable.Read(Stream(text)));

    public static TableHierarchy Hierarchy(string name, params IEnumerable<string> rows) => TableHierarchy.Read(Stream(string.Join('\n', rows)), name);

    public static RedTeamReport Attack(
        IReadOnlyList<TableHierarchy> hierarchies, AttackSettings settings, IEnumerable<string> releases, IEnumerable<string> originals, string? control = null, string? regions = null) =>
        RedTeamRun.Attack(
            new([.. releases.Select(File)], [.. originals.Select(File)], hierarchies, control is null ? null : File(control), regions is null ? null : File(regions)), settings);

    public static AttackResult Of(this RedTeamReport report, string attack) => report.Results.Single(result => result.Attack == attack);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
