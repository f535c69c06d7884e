namespace ClinicNetwork.Repository.Tests;

/// <summary>Fails with every finding on a line of its own; xunit's own message stops after five.</summary>
internal static class Findings
{
    public static void None(IEnumerable<object> findings)
    {
        var lines = findings.Select(finding => "  " + finding).ToList();
        if (lines.Count > 0) Assert.Fail($"{lines.Count} found:\n{string.Join('\n', lines)}");
    }
}
