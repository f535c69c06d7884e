using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

internal static class Layouts
{
    public static readonly IReadOnlyList<Layout> All = [Layout.CoHosted, Layout.Separate];

    /// <summary>As tables print it.</summary>
    public static string Name(Layout layout) => layout == Layout.CoHosted ? "co-hosted" : "separate gateway";
}
