namespace ClinicNetwork.Simulation;

/// <summary>Why a cohort cannot be drawn: the field in lower_snake, and what it must be.</summary>
public sealed record SpecProblem(string Field, string Message)
{
    internal static IEnumerable<SpecProblem> OfShares(params (string Field, double Value)[] shares) =>
        from share in shares
        where !(share.Value is >= 0 and <= 1)
        select new SpecProblem(share.Field, "a share from 0 to 1");
}
