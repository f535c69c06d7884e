namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Inference (Giomi et al. 2023, section 4.3): of a person all quasi-identifiers are known; the attacker guesses the sensitive value that is most frequent in the nearest regions, one at
/// random of those equally frequent. What the control is guessed by too is knowledge of the population, not of the person.
/// </summary>
internal static class InferenceAttack
{
    public const string Name = "inference";

    public static AttackResult Run(AttackedTables tables, int attacks, Random random, CancellationToken cancellationToken)
    {
        if (tables.Original?.Sensitive is null || !tables.HasSensitive || tables.Control is { Sensitive: null })
        {
            return AttackResult.NotRun(Name, "needs --original and --sensitive, in the control too");
        }

        var nearest = new NearestRegions(tables);
        int[] all = [.. Enumerable.Range(0, tables.Attributes.Count)];
        return Targets.Judge(Name, tables, nearest.Count > 0, known => Targets.Attack(
            known, Targets.Count(attacks, nearest), random, row => Guess(nearest.Find(known, row, all), random) == known.Sensitive![row], cancellationToken));
    }

    private static int Guess(List<(AttackedRelease Release, int Region)> regions, Random random)
    {
        KeyValuePair<int, int>[] values = [.. regions.SelectMany(r => r.Release.Members[r.Region].Select(place => r.Release.Sensitive![place])).CountBy(value => value)];
        var most = values.Max(value => value.Value);
        int[] likeliest = [.. values.Where(value => value.Value == most).Select(value => value.Key).Order()];
        return likeliest[random.Next(likeliest.Length)];
    }
}
