namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>What each released class has to hold.</summary>
/// <param name="K">Persons, 2 or more.</param>
/// <param name="DistinctL">Distinct sensitive values, 1 or more; 1 asks nothing.</param>
/// <param name="T">Distance between the sensitive values of a class and of the released table, at most, 0 to 1; 1 asks nothing. See <see cref="SensitiveDistance"/>.</param>
/// <param name="SuppressionLimit">Share of the rows that may be suppressed, 0 to 1.</param>
/// <param name="Ordered">Sensitive values are ranks: the distance between neighbours counts less than that between ends.</param>
public sealed record PrivacyModel(int K, int DistinctL = 1, double T = 1, double SuppressionLimit = 0, bool Ordered = false)
{
    public bool AsksForSensitive => DistinctL > 1 || T < 1;
}
