using System.Text.Json;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Verification.RedTeam;

namespace ClinicNetwork.Cli.Commands.Tables;

/// <summary>Results of attacks for people, for programs, and as an exit code.</summary>
internal static class AttackSheet
{
    internal static void Show(Terminal terminal, IReadOnlyList<AttackResult> results)
    {
        var table = new Sheet("attack", "verdict", "what was found");
        foreach (var result in results)
            table.Row(result.Attack, Word(result.Verdict), result.Found);
        table.WriteTo(terminal);
    }

    /// <summary>The member <c>attacks</c>.</summary>
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<AttackResult> results)
    {
        json.WriteStartArray("attacks");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("attack", result.Attack);
            json.WriteString("verdict", Word(result.Verdict));
            json.WriteString("found", result.Found);
            json.WriteStartObject("figures");
            foreach (var (name, value) in result.Figures)
                json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static int End(Terminal terminal, IReadOnlyList<AttackResult> results, string option, string advice)
    {
        string[] exceeded = [.. results.Where(result => result.Verdict == AttackVerdict.Exceeded).Select(result => result.Attack)];
        if (exceeded.Length == 0)
            return ExitCodes.Done;
        terminal.Error.WriteLine($"clinicnet: {option}: above the bound: {string.Join("; ", exceeded)}; {advice}");
        return ExitCodes.Refused;
    }

    private static string Word(AttackVerdict verdict) => verdict switch
    {
        AttackVerdict.Held => "held",
        AttackVerdict.Exceeded => "EXCEEDED",
        AttackVerdict.NotEstablished => "not established",
        AttackVerdict.NotRun => "not run",
        AttackVerdict.Reported => "reported",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
