using System.Text;
using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class ManifestFormatTests
{
    private readonly TestRelease _release = TestRelease.Example();

    public static TheoryData<string> Fields => [.. TestManifest.Of(TestRelease.Example().Batches[0], 1, "").Select(entry => entry.Key)];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_manifest_without_a_field_is_refused(string field)
    {
        _release.Batches[1].Amend = json => json.Remove(field);
        var report = _release.Verify();
        Assert.Contains(report.Findings, finding => finding.Rule == Rules.Format && finding.Message.StartsWith(field));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_that_is_null_is_refused(string field)
    {
        _release.Batches[1].Amend = json => json[field] = null;
        var report = _release.Verify();
        Assert.Contains(report.Findings, finding => finding.Rule == Rules.Format && finding.Message.StartsWith(field));
    }

    public static TheoryData<string, string> WrongValues => new()
    {
        { "format", "\"clinicnetwork.release/2\"" },
        { "profile", "\"research\"" },
        { "profile_version", "2" },
        { "network", "\"\"" },
        { "network", "\"a\\tb\"" },
        { "published_on", "\"2025-02-30\"" },
        { "published_on", "\"1 October 2025\"" },
        { "batch", "0" },
        { "batch", "2.0" },
        { "batch", "\"2\"" },
        { "root", "\"\"" },
        { "root", "\"00\"" },
        { "previous_root", "\"not hex\"" },
        { "rows", "-1" },
        { "rows", "50000001" },
        { "k", "10" },
        { "distinct_l", "0" },
        { "distinct_l", "5" },
        { "margin", "-1" },
        { "columns", "[\"pseudonym\"]" },
        { "columns", "[1]" },
        { "quasi_identifiers", "[\"sex\",\"age\",\"treatment\"]" },
        { "hierarchies", "[]" },
        { "definitions", "[{\"id\":\"x\"}]" },
        { "definitions", "[1]" },
        { "cells", "[{\"cell\":\"c-1\",\"milestone\":\"WEEK_4\",\"members\":17}]" },
        { "cells", "[{\"cell\":\"c-0123456789abcdef\",\"milestone\":\"WEEK_5\",\"members\":17}]" },
        { "cells", "[{\"cell\":\"c-0123456789abcdef\",\"milestone\":\"WEEK_4\",\"members\":\"fewer than 11\"}]" },
        { "cells", "[{\"cell\":\"c-0123456789abcdef\",\"milestone\":\"WEEK_4\",\"members\":17,\"name\":\"x\"}]" },
        { "ncp", "1.5" },
        { "ncp", "1e999" },
        { "risk_max", "-0.1" },
        { "waiting", "10" },
        { "waiting", "\"10\"" },
        { "waiting", "\"fewer than 12\"" },
        { "waiting", "-34" },
        { "waiting", "[]" },
        { "missing", "{\"NOT_ATTENDED\":-1}" },
        { "missing", "{\"NOT_ATTENDED\":\"many\"}" },
        { "missing", "{\"WITHHELD\":21}" },
        { "withheld_cells", "\"fewer than 11\"" },
        { "red_team", "7" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_field_outside_its_domain_is_refused(string field, string value)
    {
        _release.Batches[1].Amend = json => json[field] = JsonNode.Parse(value);
        var report = _release.Verify();
        Assert.Contains(report.Findings, finding => finding.Rule == Rules.Format);
        Expect.ShowsNoContent(report, _release);
    }

    [Fact]
    public void A_field_the_format_does_not_define_is_refused()
    {
        _release.Batches[1].Amend = json => json["note"] = "for your eyes only";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void Text_that_is_no_valid_Unicode_is_refused()
    {
        _release.Batches[0].AmendBytes = bytes =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"net-1\"", "\"\\ud800\""));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
        _release.Batches[0].AmendBytes = bytes =>
            Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("\"net-1\"", "\"\u00ff\""));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void A_doubled_field_is_refused()
    {
        _release.Batches[0].AmendBytes = bytes => [.. "{\"k\":11,"u8, .. bytes[1..]];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    public static TheoryData<byte[]> WrongBytes => new()
    {
        Array.Empty<byte>(),
        new byte[1000],
        "{"u8.ToArray(),
        "[]"u8.ToArray(),
        "{}"u8.ToArray(),
        "null"u8.ToArray(),
        new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 },
        Encoding.UTF8.GetBytes(new string('[', 100_000)),
    };

    [Theory]
    [MemberData(nameof(WrongBytes))]
    public void A_signed_file_that_is_no_manifest_is_refused(byte[] bytes)
    {
        _release.Batches[1].AmendBytes = _ => bytes;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void A_byte_order_mark_is_refused()
    {
        _release.Batches[1].AmendBytes = bytes => [.. Encoding.UTF8.Preamble, .. bytes];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void A_manifest_of_more_than_16_MiB_is_refused()
    {
        _release.Batches[1].AmendBytes = bytes => [.. bytes, .. Encoding.UTF8.GetBytes(new string(' ', Limits.ManifestBytesMax))];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void A_missing_manifest_is_refused() => Expect.RefusedBy(
        _release.Verify(folder => File.Delete(Path.Combine(TestRelease.BatchFolder(folder, 2), "manifest.json"))), _release, Rules.Format);

    [Theory]
    [InlineData("34")]
    [InlineData("0")]
    [InlineData("\"34\"")]
    [InlineData("\"fewer than 11\"")]
    public void Waiting_may_be_a_number_its_digits_or_fewer_than_k(string waiting)
    {
        _release.Batches[1].Amend = json => json["waiting"] = JsonNode.Parse(waiting);
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal(waiting.Trim('"'), report.Figures.ManifestWaiting);
    }

    [Fact]
    public void Columns_may_come_in_another_order()
    {
        foreach (var row in _release.Batches[0].Rows) row.Values = [.. row.Values.Reverse()];
        var original = TestRelease.Example().Batches[0];
        _release.Batches[0].Amend = json =>
        {
            foreach (var (name, value) in TestManifest.Of(original, 1, "").ToList())
                if (name != "root") json[name] = value?.DeepClone();
            json["columns"] = new JsonArray([.. TestProfile.Columns.Reverse().Select(name => JsonValue.Create(name))]);
        };
        Expect.Accepted(_release.Verify());
    }
}
