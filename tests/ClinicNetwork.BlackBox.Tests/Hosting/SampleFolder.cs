using ClinicNetwork.BlackBox.Tests.Identity;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>Copies of docs/samples of one language, and what they need.</summary>
internal static class SampleFolder
{
    /// <summary>Longest run of a sample.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(120);

    public static async Task<string> InstallAsync(TempFolder folder, string language)
    {
        var sample = Copy(language, folder.Sub(language));
        if (language == "node")
        {
            var (installed, _, told) = await Programs.RunAsync(sample, Usual, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            Assert.True(installed == 0, told);
        }

        return sample;
    }

    public static string Copy(string language, string sample)
    {
        Directory.CreateDirectory(sample);
        foreach (var file in Directory.GetFiles(Path.Combine(AccessMatrixTests.Root(), "docs", "samples", language)))
        {
            File.Copy(file, Path.Combine(sample, Path.GetFileName(file)));
        }

        return sample;
    }
}
