using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>Reads the manifest's <c>hierarchies</c>: one for each quasi-identifier of the profile and no other.</summary>
internal static class HierarchiesReader
{
    public static readonly string[] Names = [.. OutcomeProfile.QuasiIdentifiers.Select(column => OutcomeProfile.ColumnNames[(int)column])];

    /// <returns>In the order of <see cref="OutcomeProfile.QuasiIdentifiers"/>; a refused one is left out.</returns>
    public static Hierarchy[] Read(ManifestFields fields, LabelRegister[] labels, Action<string, string> refuseHierarchy)
    {
        var hierarchies = new List<Hierarchy>();
        foreach (var (index, name) in Names.Index())
        {
            if (ReadLeaves(fields, name) is not { } leaves) continue;
            if (Hierarchy.From(leaves, labels[index], out var fault) is { } hierarchy) hierarchies.Add(hierarchy);
            else refuseHierarchy(name, fault);
        }

        fields.RefuseOthers();
        return [.. hierarchies];
    }

    private static List<string[]>? ReadLeaves(ManifestFields fields, string name)
    {
        if (!fields.Has(name))
        {
            fields.Refuse(name, "is missing");
            return null;
        }

        var leaves = new List<string[]>();
        foreach (var leaf in fields.List(name, JsonValueKind.Array))
        {
            if (leaf.EnumerateArray().Any(label => label.ValueKind != JsonValueKind.String))
            {
                fields.Refuse(name, "must hold arrays of texts");
                return null;
            }

            string[] labels = [.. leaf.EnumerateArray().Select(label => label.GetString()!)];
            if (labels.Any(label => label.Any(char.IsControl)))
            {
                fields.Refuse(name, "holds a control character");
                return null;
            }

            leaves.Add(labels);
        }

        return leaves;
    }
}
