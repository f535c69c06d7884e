using System.Globalization;
using System.Security.Cryptography;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>A release in memory, written as a folder for one verification.</summary>
internal sealed class TestRelease
{
    public static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa OtherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public List<TestBatch> Batches { get; init; } = [];

    /// <summary>Lists of pseudonyms that replace others, each signed.</summary>
    public List<TestRekey> Rekeys { get; } = [];

    public IEnumerable<TestRow> Rows => Batches.SelectMany(batch => batch.Rows);

    /// <summary>Cells of 17, 14 and 14: two at the end of induction, then their week 4 with a third at its end of induction.</summary>
    public static TestRelease Example(int seed = 20251001)
    {
        var random = new Random(seed);
        var first = TestCell.New(random, 17, "female", "18–44", "esketamine \"nasal\"", "UPPER");
        var second = TestCell.New(random, 14, "male", "65+", "*", "MODERATE");
        var third = TestCell.New(random, 14, "*", "*", "ketamine", "*");
        return new TestRelease
        {
            Batches =
            [
                Batch(random, first.At("END_OF_INDUCTION", random), second.At("END_OF_INDUCTION", random)),
                Batch(random, first.At("WEEK_4", random), second.At("WEEK_4", random), third.At("END_OF_INDUCTION", random)),
            ],
        };
    }

    public static TestBatch Batch(Random random, params IEnumerable<IEnumerable<TestRow>> cells)
    {
        TestRow[] rows = [.. cells.SelectMany(rows => rows)];
        random.Shuffle(rows);
        return new TestBatch { Rows = [.. rows] };
    }

    public void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "batches"));
        File.WriteAllText(Path.Combine(folder, "network-key.pem"), Key.ExportSubjectPublicKeyInfoPem());
        var previousRoot = "";
        for (var number = 1; number <= Batches.Count; number++)
        {
            Batches[number - 1].Write(BatchFolder(folder, number), number, previousRoot, Key);
            previousRoot = Batches[number - 1].Root;
        }

        foreach (var (index, rekey) in Rekeys.Index()) rekey.Write(folder, index + 1, Key);
    }

    public static string BatchFolder(string folder, int number) =>
        Path.Combine(folder, "batches", number.ToString("D4", CultureInfo.InvariantCulture));

    public VerificationReport Verify(Action<string>? tamper = null, Expected? expected = null)
    {
        using var folder = new TestFolder();
        Write(folder.Path);
        tamper?.Invoke(folder.Path);
        return ReleaseVerifier.VerifyFolder(folder.Path, expected ?? new Expected());
    }
}
