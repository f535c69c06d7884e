using System.Text;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class RowFormatTests
{
    private readonly TestRelease _release = TestRelease.Example();

    public static TheoryData<string, string> Spellings => new()
    {
        { "{\"row\":", "{ \"row\":" },
        { "\"row\":2,", "\"row\":02," },
        { "\"row\":2,", "\"row\":+2," },
        { "\"row\":2,", "\"row\":2.0," },
        { "\"row\":2,", "\"row\":99999999999999999999," },
        { "\"row\":2,", "" },
        { "\"values\"", "\"Values\"" },
        { "]}", "]} " },
        { "]}", "]}\r" },
        { "]}", "],\"more\":1}" },
        { "]}", ",]}" },
        { "]}", "" },
        { "\",\"", "\", \"" },
        { "\"END", "\"\\u0045ND" },
        { "\"END", "\"E\\/ND" },
        { "\"END", "\"\tEND" },
        { "\"END", "\"\0END" },
        { "\"END", "\"\u007fEND" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_line_in_another_spelling_is_refused(string canonical, string other)
    {
        ChangeLine(2, line => line.Replace(canonical, other));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"row\":2,\"salt\":\"\",\"values\":[]}")]
    [InlineData("{\"row\":2,\"leaf\":\"00\"}")]
    [InlineData("{\"row\":2,\"salt\":\"00000000000000000000000000000000\",\"values\":[]}")]
    [InlineData("{\"row\":2,\"salt\":\"00000000000000000000000000000000\",\"values\":[\"\\")]
    public void A_line_that_is_no_row_is_refused(string text)
    {
        ChangeLine(2, _ => text);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void Upper_case_hex_is_refused()
    {
        ChangeLine(2, line => line[..16] + line[16..50].ToUpperInvariant() + line[50..]);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Another_number_of_values_is_refused(int change)
    {
        var row = _release.Batches[0].Rows[2];
        row.Values = change < 0 ? row.Values[..^1] : [.. row.Values, ""];
        var report = _release.Verify();
        Expect.RefusedBy(report, _release, Rules.Format);
        Assert.Contains("number of values", report.Findings[0].Message);
        Assert.Equal(3, report.Findings[0].Line);
    }

    [Theory]
    [InlineData("pseudonym", "0123456789abcdef0123456789abcdeg")]
    [InlineData("pseudonym", "0123456789abcdef")]
    [InlineData("cell", "c-0123456789ABCDEF")]
    [InlineData("cell", "0123456789abcdef")]
    [InlineData("milestone", "WEEK_5")]
    [InlineData("status", "measured")]
    [InlineData("missing_reason", "WITHHELD")]
    [InlineData("response", "maybe")]
    [InlineData("remission", "Yes")]
    [InlineData("worsening", "1")]
    [InlineData("severity", "NONE")]
    [InlineData("sessions", "")]
    [InlineData("sessions", "0")]
    [InlineData("side_effects", "")]
    public void A_signed_value_outside_its_domain_is_refused(string column, string value)
    {
        var cells = TestManifest.Of(_release.Batches[0], 1, "")["cells"]!;
        _release.Batches[0].Rows[2][column] = value;
        _release.Batches[0].Amend = json => json["cells"] = cells.DeepClone();
        var report = _release.Verify();
        Assert.Contains(report.Findings, finding => finding.Rule == Rules.Format && finding.Line == 3 && finding.Message.Contains(column));
        Expect.ShowsNoContent(report, _release);
    }

    [Fact]
    public void A_value_that_is_no_valid_text_is_refused() => Expect.RefusedBy(
        _release.Verify(ChangeBytes(bytes => [.. bytes[..70], 0xC0, 0xAF, .. bytes[70..]])), _release, Rules.Format, Rules.Root);

    [Fact]
    public void A_line_of_64_KiB_and_more_is_refused_and_the_next_ones_are_read()
    {
        ChangeLine(2, line => line + new string(' ', Limits.LineBytesMax));
        ChangeLine(2, line => line + new string(' ', 20 * Limits.LineBytesMax), batch: 1);
        var report = _release.Verify();
        Expect.RefusedBy(report, _release, Rules.Format);
        Assert.Equal([3L, 3L], report.Findings.Select(finding => finding.Line));
    }

    [Fact]
    public void A_last_line_without_a_line_end_is_refused() =>
        Expect.RefusedBy(_release.Verify(ChangeBytes(bytes => bytes[..^1])), _release, Rules.Format);

    [Fact]
    public void A_byte_order_mark_is_refused() =>
        Expect.RefusedBy(_release.Verify(ChangeBytes(bytes => [.. Encoding.UTF8.Preamble, .. bytes])), _release, Rules.Format);

    [Fact]
    public void A_file_of_zeros_is_refused() =>
        Expect.RefusedBy(_release.Verify(ChangeBytes(_ => new byte[1_000_000])), _release, Rules.Format);

    [Fact]
    public void An_empty_file_is_refused() => Expect.RefusedBy(
        _release.Verify(ChangeBytes(_ => [])), _release, Rules.Rows, Rules.Root, Rules.Membership, Rules.Measures);

    [Fact]
    public void A_missing_file_is_refused() => Expect.RefusedBy(
        _release.Verify(folder => File.Delete(RowsFile(folder))), _release, Rules.Format);

    [Fact]
    public void A_folder_in_place_of_the_file_is_refused() => Expect.RefusedBy(
        _release.Verify(folder =>
        {
            File.Delete(RowsFile(folder));
            Directory.CreateDirectory(RowsFile(folder));
        }),
        _release, Rules.Format);

    [Fact]
    public void A_flood_of_findings_is_cut_off_and_says_so()
    {
        _release.Batches[0].Tamper = lines => lines.Select(_ => "");
        var report = _release.Verify();
        Assert.Equal(Limits.FindingsPerRuleMax, report.Findings.Count);
        Assert.True(report.MoreFindings);
    }

    private void ChangeLine(int index, Func<string, string> change, int batch = 0)
    {
        var before = _release.Batches[batch].Tamper;
        _release.Batches[batch].Tamper = lines => (before?.Invoke(lines) ?? lines).Select((line, i) => i == index ? change(line) : line);
    }

    private static string RowsFile(string folder) => Path.Combine(TestRelease.BatchFolder(folder, 1), "rows.ndjson");

    private static Action<string> ChangeBytes(Func<byte[], byte[]> change) =>
        folder => File.WriteAllBytes(RowsFile(folder), change(File.ReadAllBytes(RowsFile(folder))));
}
