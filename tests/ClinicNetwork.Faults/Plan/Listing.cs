namespace ClinicNetwork.Faults.Plan;

/// <summary>What <c>--list</c> shows.</summary>
internal static class Listing
{
    public static int Print()
    {
        Console.WriteLine("faults of a long run's round");
        foreach (var fault in FaultPlan.Round(1, 0, hasDisk: true).Select(f => f.Name).Distinct().Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"  {fault}");
        }

        Console.WriteLine("  F8 each request sent one to three times at once, through different gateways: always");
        Console.WriteLine("planted defects, and the verdicts that find them");
        foreach (var defect in Defects.All)
        {
            Console.WriteLine($"  {defect.Name,-26} {defect.What} ({string.Join(", ", defect.Verdicts)})");
        }

        return 0;
    }
}
