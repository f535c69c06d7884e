using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal;

/// <summary>
/// Everything a step of a publication depends on, read in its transaction after the consent rows of all persons in it were locked: a withdrawal that has not committed
/// by then waits until the step has, and takes the person's prepared rows away.
/// </summary>
/// <param name="Published">Number of the last committed publication.</param>
/// <param name="Consent">What each permits at the time of the step.</param>
/// <param name="Settled">By cell and milestone: the status.</param>
/// <param name="Prepared">Persons and milestones that have a row of this publication already.</param>
/// <param name="Waiting">By person and milestone: the version of the values that wait.</param>
internal sealed record PreparationFacts(
    int Published,
    IReadOnlyDictionary<string, int> Consent,
    IReadOnlyDictionary<string, (int Recipients, bool Retired, int Publication)> Cells,
    IReadOnlyDictionary<string, (string Cell, int Lost)> Members,
    IReadOnlySet<string> Pool,
    IReadOnlyDictionary<(string Cell, string Milestone), string> Settled,
    IReadOnlySet<(string Person, string Milestone)> Prepared,
    IReadOnlyDictionary<(string Person, string Milestone), long> Waiting)
{
    public static List<string> PersonsOf(PreparedStep step) =>
        [.. step.Cells.SelectMany(cell => cell.Members).Concat(step.Rows.Select(row => row.Person)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static List<string> CellsOf(PreparedStep step) =>
    [
        .. step.Cells.Select(cell => cell.Cell)
            .Concat(step.Settled.Select(settled => settled.Cell))
            .Concat(step.Rows.Select(row => row.Cell))
            .Concat(step.Retired)
            .Concat(step.Dissolved)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>
    /// What no longer holds, null when all does. The step was made on what was true some moments ago; everything that could have changed since is judged again,
    /// consent before all and for everybody: a withdrawal must be named as such, whatever else does not fit.
    /// </summary>
    public string? Broken(PreparedStep step) =>
        BrokenConsent(step)
        ?? (step.Publication == Published + 1 ? null : "publication")
        ?? BrokenCells(step)
        ?? BrokenSettled(step)
        ?? BrokenRows(step);

    private string? BrokenConsent(PreparedStep step)
    {
        if (step.Cells.Any(cell => !ReleasePermission.PermitsSome(cell.Recipients) || cell.Members.Any(member => ConsentOf(member) != cell.Recipients)))
        {
            return "consent";
        }

        var formedNow = step.Cells.GroupBy(cell => cell.Cell, StringComparer.Ordinal).ToDictionary(cell => cell.Key, cell => cell.First().Recipients, StringComparer.Ordinal);
        return step.Rows.Any(row => !ReleasePermission.PermitsSome(PermittedBy(row.Person) & PermittedTo(row.Cell))) ? "consent" : null;

        int PermittedTo(string cell) => formedNow.TryGetValue(cell, out var recipients) ? recipients : Cells.GetValueOrDefault(cell).Recipients;
    }

    /// <summary>0 when there is no row: deny wins.</summary>
    private int ConsentOf(string person) => Consent.GetValueOrDefault(person);

    /// <summary>What the person permits now and has never withdrawn since joining a cell.</summary>
    private int PermittedBy(string person) => ConsentOf(person) & ~Members.GetValueOrDefault(person).Lost;

    private string? BrokenCells(PreparedStep step)
    {
        if (step.Dissolved.Any(cell => Cells.GetValueOrDefault(cell).Publication != step.Publication))
        {
            return "cell";
        }

        var made = new HashSet<string>(StringComparer.Ordinal);
        var joined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in step.Cells)
        {
            if (Cells.ContainsKey(cell.Cell) || !made.Add(cell.Cell))
            {
                return "cell";
            }

            if (cell.Members.Any(member => !Pool.Contains(member) || IsMember(step, member) || !joined.Add(member)))
            {
                return "cell_member";
            }
        }

        return null;
    }

    private bool IsMember(PreparedStep step, string person) => Members.TryGetValue(person, out var member) && !step.Dissolved.Contains(member.Cell);

    private string? BrokenSettled(PreparedStep step)
    {
        var made = step.Cells.Select(cell => cell.Cell).ToHashSet(StringComparer.Ordinal);
        var settled = new HashSet<(string, string)>();
        foreach (var one in step.Settled)
        {
            if (!made.Contains(one.Cell) && (!Cells.ContainsKey(one.Cell) || step.Dissolved.Contains(one.Cell)))
            {
                return "cell";
            }

            var isTakenBack = one.Status == "WITHHELD" && Settled.GetValueOrDefault((one.Cell, one.Milestone)) == "RELEASED";
            if ((Settled.ContainsKey((one.Cell, one.Milestone)) && !isTakenBack) || !settled.Add((one.Cell, one.Milestone)))
            {
                return "milestone";
            }
        }

        return null;
    }

    private string? BrokenRows(PreparedStep step)
    {
        var joined = step.Cells.SelectMany(cell => cell.Members.Select(member => (member, cell.Cell))).ToHashSet();
        var rows = new HashSet<(string, string)>();
        foreach (var row in step.Rows)
        {
            var isMember = joined.Contains((row.Person, row.Cell))
                || (IsMember(step, row.Person) && Members[row.Person].Cell == row.Cell && !Cells[row.Cell].Retired && !step.Retired.Contains(row.Cell));
            if (!isMember)
            {
                return "cell_member";
            }

            if (Prepared.Contains((row.Person, row.Milestone)) || !rows.Add((row.Person, row.Milestone)))
            {
                return "milestone";
            }

            if (row.Version is { } version && Waiting.GetValueOrDefault((row.Person, row.Milestone)) != version)
            {
                return "outcome";
            }
        }

        return null;
    }
}
