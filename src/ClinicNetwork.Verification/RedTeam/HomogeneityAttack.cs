namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Homogeneity (Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302): the members of a class share the sensitive value, so whoever is known to be in it is known to have it.
/// Bound: no row. What is known with nine in ten is reported beside it.
/// </summary>
internal static class HomogeneityAttack
{
    public const string Name = "homogeneity";

    private const double Likely = 0.9;

    public static AttackResult Run(AttackedTables tables)
    {
        if (!tables.HasSensitive)
        {
            return AttackResult.NotRun(Name, "needs --sensitive");
        }

        var (classes, shared, rows, disclosed, likely) = (0, 0, 0, 0, 0);
        foreach (var release in tables.Releases)
        {
            foreach (var region in release.Classes(tables.Attributes))
            {
                var members = release.Members[region];
                var most = members.CountBy(place => release.Sensitive![place]).Max(value => value.Value);
                classes++;
                rows += members.Length;
                if (most == members.Length)
                {
                    shared++;
                    disclosed += members.Length;
                }

                likely += most >= Likely * members.Length ? members.Length : 0;
            }
        }

        var figures = new Dictionary<string, double>
        {
            ["classes"] = classes, ["homogeneous_classes"] = shared, ["rows"] = rows, ["disclosed_rows"] = disclosed, ["share_disclosed"] = rows == 0 ? 0 : (double)disclosed / rows,
            ["rows_known_by_nine_in_ten"] = likely, ["share_known_by_nine_in_ten"] = rows == 0 ? 0 : (double)likely / rows, ["bound"] = 0,
        };
        var found = $"{shared} of {classes} classes share one sensitive value: {disclosed} of {rows} rows disclosed; with posterior 0.9 or more {likely}";
        return new(Name, disclosed > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held, found, figures);
    }
}
